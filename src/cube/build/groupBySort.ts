import type { EncodedEvents } from "../keys/encodedEvents.js";
import type { GroupKeys } from "../segments/segment.js";
import { sortGroupBy } from "../segments/sortGroupBy.js";
import type { ChunkRows } from "./chunkRows.js";
import type { EventChunk } from "./eventChunks.js";

/**
 * Gives rows the ordinal of their group as key, where other keys would be too many for a counter each: by sorting. Returns
 * what the groups are.
 */
export function groupBySort(events: EncodedEvents, { from, to }: EventChunk, chunk: ChunkRows): GroupKeys {
  const { rows, keys, length } = chunk;
  const { timeMs, place, rowOfPlace, codes, sizes, firstBucket, bucketMs } = events;
  const originMs = (firstBucket + from) * bucketMs;
  const bucket = new Uint32Array(length);
  const placeRow = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    bucket[i] = Math.floor((timeMs[rows[i]!]! - originMs) / bucketMs);
    placeRow[i] = rowOfPlace[place[rows[i]!]!]! - 1;
  }
  const values = codes.map((column) => Uint32Array.from(rows.subarray(0, length), (row) => column[row]!));
  const { order, starts, groups } = sortGroupBy([bucket, placeRow, ...values], [to - from, ...sizes.slice(1)], length);
  for (let g = 0; g < groups; g++) for (let k = starts[g]!; k < starts[g + 1]!; k++) keys[order[k]!] = g;
  const heads = starts.subarray(0, groups).map((start) => order[start]!);
  return {
    bucket: heads.map((i) => from + bucket[i]!),
    place: heads.map((i) => placeRow[i]!),
    codes: values.map((column) => heads.map((i) => column[i]!)),
  };
}
