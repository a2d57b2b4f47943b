import type { Column } from "../../core/grown.js";
import type { Ranges4 } from "../ranges/ranges4.js";
import type { LayerIndexes } from "../sources/layer.js";
import { bandFactor, prefixBand, USUAL_ADDRESSES } from "./accuracy.js";
import { PlaceRows } from "./placeRows.js";

/** Places that are looked for at a time. */
const PLACES_AT_ONCE = 4_000;
/** Code of `city` in `PRECISIONS`: coarser places are not the larger for a large block. */
const CITY = 3;

/**
 * Gives the cities of large blocks, which databases divide least by place, the radius that is assumed of them, in steps.
 * Ranges are changed where they lie; all radii must be assumed ones.
 */
export function* widenLargeBlocks(ranges: Ranges4, indexes: LayerIndexes): Generator<undefined, void> {
  const { pairs, places } = indexes;
  const blocks = largeBlocks(ranges, indexes);
  yield;
  // Code of a block's place with its band, in the order in which they are met.
  const codes = new Map<number, number>();
  const blockCodes = new Uint32Array(blocks.length);
  for (const [b, at] of blocks.entries()) {
    const key = 4 * ranges.ids[at]! + prefixBand(sizeOf(ranges, at));
    const code = codes.get(key) ?? codes.size;
    if (code === codes.size) codes.set(key, code);
    blockCodes[b] = code;
  }
  yield;
  const keys = [...codes.keys()];
  const widened = new Uint32Array(keys.length);
  const rows = new PlaceRows(PLACES_AT_ONCE);
  const placeIds = new Uint32Array(PLACES_AT_ONCE);
  for (let from = 0; from < keys.length; from += PLACES_AT_ONCE) {
    const pairIds = keys.slice(from, from + PLACES_AT_ONCE).map((key) => Math.floor(key / 4));
    const sources = Uint32Array.from(pairIds, (pair) => pairs.placeOf(pair));
    for (const name of rows.fields.keys()) takeRows(places.places.column(name), sources, rows.column(name));
    for (let i = 0; i < sources.length; i++) rows.accuracyKm[i]! *= bandFactor(keys[from + i]! % 4);
    places.ids(rows, sources.length, placeIds);
    for (const [i, pair] of pairIds.entries()) widened[from + i] = pairs.id(placeIds[i]!, pairs.networkOf(pair));
    yield;
  }
  for (const [b, at] of blocks.entries()) ranges.ids[at] = widened[blockCodes[b]!]!;
}

/** The ranges that are large and of a city, of networks whose use is not known: where it is, it tells more. */
function largeBlocks(ranges: Ranges4, { pairs, places, networks }: LayerIndexes): number[] {
  const { starts, ids, length } = ranges;
  const { precision } = places.places;
  const { tagBits } = networks.networks;
  const found: number[] = [];
  for (let i = 0; i < length; i++) {
    // Written out for all but the last: nearly all ranges are small.
    if (i + 1 < length && starts[i + 1]! - starts[i]! <= USUAL_ADDRESSES) continue;
    if (prefixBand(sizeOf(ranges, i)) === 0 || precision[pairs.placeOf(ids[i]!)] !== CITY) continue;
    if (tagBits[pairs.networkOf(ids[i]!)] === 0) found.push(i);
  }
  return found;
}

function sizeOf({ starts, length }: Ranges4, at: number): number {
  return (at + 1 < length ? starts[at + 1]! : 2 ** 32) - starts[at]!;
}

function takeRows(from: Column, rows: Uint32Array, to: Column): void {
  for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
}
