import type { CodeColumn, Events } from "../../core/events.js";
import type { ColumnLocator, EventColumns } from "../columns/eventColumns.js";
import type { PartResult } from "./partTask.js";

/**
 * Makes events of parts, whose codes are those of the reader: the same as if this thread had read the parts itself.
 *
 * Parts must be adopted in their order, for codes are given in the order in which values are first seen.
 */
export class PartAdopter {
  readonly #columns: EventColumns;
  readonly #locator: ColumnLocator;
  readonly #isLocated: boolean;
  /** For each thread, the reader's codes by the thread's own, of each dimension. */
  readonly #codes: Map<string, number[]>[] = [];

  /**
   * @param columns - of the reader; only its dimensions are used
   * @param isLocated - whether the threads have looked up the addresses
   */
  constructor(columns: EventColumns, locator: ColumnLocator, isLocated: boolean) {
    this.#columns = columns;
    this.#locator = locator;
    this.#isLocated = isLocated;
  }

  /** The events of a part that the given thread has read. */
  adopt(part: PartResult, thread: number): Events {
    const locator = this.#locator;
    const dimensions = this.#dimensions(part, thread);
    const { length } = part;
    const client = { length, family: part.family, value: part.address, words: part.words };
    if (!this.#isLocated) locator.locateColumn(client, part.place, part.network);
    return {
      length,
      timeMs: part.timeMs,
      client,
      place: part.place,
      network: part.network,
      status: part.status,
      latencyMs: part.latencyMs,
      bytes: part.bytes,
      user: {
        length,
        low: part.userLow,
        high: part.userHigh,
        bytes: part.names,
        starts: part.userStart,
        ends: part.userEnd,
      },
      dimensions,
      places: locator.places,
      networks: locator.networks,
    };
  }

  #dimensions(part: PartResult, thread: number): Map<string, CodeColumn> {
    if (part.isFresh) this.#codes[thread] = new Map();
    const known = this.#codes[thread]!;
    for (const { name } of part.dimensions) this.#columns.dimension(name);
    const dimensions = new Map<string, CodeColumn>();
    for (const { name, values } of this.#columns.dimensions) {
      const own = part.dimensions.find((dimension) => dimension.name === name);
      const codes = own?.codes ?? new Uint32Array(part.length);
      if (own !== undefined) {
        const codeOf = known.get(name) ?? [];
        known.set(name, codeOf);
        for (const value of own.values) codeOf.push(value === "" ? 0 : values.codeOfText(value));
        for (let row = 0; row < codes.length; row++) codes[row] = codeOf[codes[row]!]!;
      }
      dimensions.set(name, { codes, dictionary: values.dictionary });
    }
    return dimensions;
  }
}
