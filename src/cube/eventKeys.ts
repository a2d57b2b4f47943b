import type { CodedEvents } from "./codedEvents.js";
import { BLOCK_ROWS } from "./timeBlocks.js";

/** The values of all dimensions of a batch as one number. */
export interface JoinedValues {
  /** Null if there are no dimensions. */
  readonly column: Uint32Array | null;
  readonly size: number;
}

/** Joins the dimensions' codes. */
export function joinedValues({ codes, sizes, length }: CodedEvents): JoinedValues {
  if (codes.length === 0) return { column: null, size: 1 };
  let [column] = codes as readonly [Uint32Array];
  let size = Math.max(1, sizes[2]!);
  for (let d = 1; d < codes.length; d++) {
    const own = Math.max(1, sizes[2 + d]!);
    const both = new Uint32Array(length);
    for (let i = 0; i < length; i++) both[i] = column[i]! * own + codes[d]![i]!;
    column = both;
    size *= own;
  }
  return { column, size };
}

/**
 * Writes the keys of a block of events, ascending by bucket, place and values, to keys[at], keys[at + 1] and so on.
 *
 * Every number is below 2^31 and said to be (`| 0`): loads from unsigned columns would make the engine reckon in floating
 * point otherwise, at twice the time.
 */
export function blockKeysInto(
  events: CodedEvents,
  values: JoinedValues,
  block: number,
  keys: Int32Array,
  at: number,
): void {
  const { blocks, place, rowOfPlace, firstBucket, bucketMs } = events;
  const places = events.sizes[1]!;
  const from = block * BLOCK_ROWS;
  const rows = Math.min(events.length - from, BLOCK_ROWS);
  const bucket = Math.floor(blocks.low[block]! / bucketMs);
  if (bucket === Math.floor(blocks.high[block]! / bucketMs)) {
    placesInto(place, rowOfPlace, from, rows, ((bucket - firstBucket) * places - 1) | 0, keys, at);
  } else {
    placesInto(place, rowOfPlace, from, rows, -1, keys, at);
    addBuckets(events.timeMs, firstBucket * bucketMs, bucketMs, places, from, rows, keys, at);
  }
  if (values.column !== null) addValues(values.column, values.size, from, rows, keys, at);
}

function placesInto(
  place: Uint32Array,
  rowOfPlace: Uint32Array,
  from: number,
  rows: number,
  base: number,
  keys: Int32Array,
  at: number,
): void {
  for (let i = 0; i < rows; i++) keys[at + i] = ((rowOfPlace[place[from + i]! | 0]! | 0) + base) | 0;
}

function addBuckets(
  timeMs: Float64Array,
  originMs: number,
  bucketMs: number,
  places: number,
  from: number,
  rows: number,
  keys: Int32Array,
  at: number,
): void {
  for (let i = 0; i < rows; i++) {
    const bucket = ((timeMs[from + i]! - originMs) / bucketMs) | 0;
    keys[at + i] = (keys[at + i]! + Math.imul(bucket, places)) | 0;
  }
}

function addValues(column: Uint32Array, size: number, from: number, rows: number, keys: Int32Array, at: number): void {
  for (let i = 0; i < rows; i++) keys[at + i] = (Math.imul(keys[at + i]!, size) + (column[from + i]! | 0)) | 0;
}
