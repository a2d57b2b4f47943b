import type { CodeColumn, Events } from "../../core/events.js";
import type { ColumnLocator, EventColumns } from "../columns/eventColumns.js";
import type { PartColumns, PartResult } from "./chunkTask.js";

/**
 * Makes events of parts, whose codes are those of the reader: the same as if this thread had read the parts itself.
 *
 * Parts must be adopted in their order, for codes are given in the order in which values are first seen.
 */
export class ChunkReducer {
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

  /** Learns the values that a thread has met in a part; to be called for each part, before what else is done with it. */
  adoptValues(part: PartResult, thread: number): void {
    if (part.isFresh) this.#codes[thread] = new Map();
    const known = this.#codes[thread]!;
    for (const { name, values } of part.dimensions) {
      this.#columns.dimension(name);
      const codeOf = known.get(name) ?? [];
      known.set(name, codeOf);
      const mine = this.#columns.dimensions.find((dimension) => dimension.name === name);
      for (const value of values) codeOf.push(value === "" ? 0 : (mine?.values.codeOfText(value) ?? 0));
    }
  }

  /** The value of a thread's code of a dimension, as the reader has it. */
  textOf(thread: number, dimension: string, code: number): string {
    const mine = this.#columns.dimensions.find(({ name }) => name === dimension);
    return mine?.values.dictionary.value(this.#codes[thread]?.get(dimension)?.[code] ?? 0) ?? "";
  }

  /** The events of a part that the given thread has read. */
  adopt(part: PartResult, columns: PartColumns, thread: number): Events {
    const locator = this.#locator;
    const { length } = columns;
    const client = { length, family: columns.family, value: columns.address, words: columns.words };
    if (!this.#isLocated) locator.locateColumn(client, columns.place, columns.network);
    return {
      length,
      timeMs: columns.timeMs,
      client,
      place: columns.place,
      network: columns.network,
      status: columns.status,
      latencyMs: columns.latencyMs,
      bytes: columns.bytes,
      ...(columns.weight && { weight: columns.weight }),
      user: {
        length,
        low: columns.userLow,
        high: columns.userHigh,
        bytes: columns.names,
        starts: columns.userStart,
        ends: columns.userEnd,
      },
      dimensions: this.#dimensions(part, columns, thread),
      places: locator.places,
      networks: locator.networks,
    };
  }

  #dimensions(part: PartResult, { codes: columns, length }: PartColumns, thread: number): Map<string, CodeColumn> {
    const known = this.#codes[thread]!;
    const dimensions = new Map<string, CodeColumn>();
    for (const { name, values } of this.#columns.dimensions) {
      const own = part.dimensions.findIndex((dimension) => dimension.name === name);
      const codes = columns[own] ?? new Uint32Array(length);
      const codeOf = Uint32Array.from(known.get(name) ?? []);
      if (own >= 0 && codeOf.some((code, i) => code !== i))
        for (let row = 0; row < length; row++) codes[row] = codeOf[codes[row]!]!;
      dimensions.set(name, { codes, dictionary: values.dictionary });
    }
    return dimensions;
  }
}
