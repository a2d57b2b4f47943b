import type { CodeColumn, Events } from "../../core/events.js";
import type { ColumnLocator, EventColumns } from "../columns/eventColumns.js";
import type { PartResult } from "./partTask.js";

/**
 * A part as events whose codes are those of the reader: the same as if this thread had read the part itself.
 *
 * Parts must be adopted in their order, for codes are given in the order in which values are first seen.
 *
 * @param columns - of the reader; only its dimensions are used
 * @param isLocated - whether the part's thread has looked up the addresses
 */
export function adoptPart(part: PartResult, columns: EventColumns, locator: ColumnLocator, isLocated: boolean): Events {
  for (const { name } of part.dimensions) columns.dimension(name);
  const dimensions = new Map<string, CodeColumn>();
  for (const { name, values } of columns.dimensions) {
    const own = part.dimensions.find((dimension) => dimension.name === name);
    const codes = own?.codes ?? new Uint32Array(part.length);
    if (own !== undefined) {
      const codeOf = Uint32Array.from(own.values, (value, code) => (code === 0 ? 0 : values.codeOfText(value)));
      for (let row = 0; row < codes.length; row++) codes[row] = codeOf[codes[row]!]!;
    }
    dimensions.set(name, { codes, dictionary: values.dictionary });
  }
  const { length } = part;
  const client = { length, family: part.family, value: part.address, words: part.words };
  if (!isLocated) locator.locateColumn(client, part.place, part.network);
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
