import { HOUR_MS } from "../../../core/time.js";
import type { Cube } from "../../../cube/cube.js";

/** Places are heard of within windows of this length, or are not. */
const WINDOW_MS = HOUR_MS;
/** A log covers a time while places of this share of the usual weight are heard of in it. */
const HEARD = 0.4;
/** A bucket with less than this share of what came an hour before is none of those that are covered. */
const TRICKLE = 0.1;
/** So few lines are stray ones. */
const STRAY = 2;
/** The end is looked for within this share of the log. */
const EDGE = 0.25;

/**
 * Finds where a log really ends, as a number of buckets: a late line, a country whose clock is hours ahead, a file that was
 * copied later than the others make it seem longer than it is, and everything else seem down.
 *
 * The places heard of within an hour are weighed by their traffic. A last stretch of hours in which places of nearly all the
 * usual weight are silent is not covered, nor is one of a stray line or two; a trickle that comes from everywhere is.
 */
export function coveredBuckets(cube: Cube): number {
  const { bucketCount, bucketMs, groups } = cube;
  const size = Math.max(1, Math.round(WINDOW_MS / bucketMs));
  if (bucketCount < 8 * size) return bucketCount;
  const weight = new Float64Array(cube.places.length);
  const requests = new Float64Array(bucketCount);
  for (let g = 0; g < groups.length; g++) {
    weight[groups.place[g]!]! += groups.count[g]!;
    requests[groups.bucket[g]!]! += groups.count[g]!;
  }
  const heard = heardOf(cube, weight, size);
  const least = HEARD * median(heard);
  let window = heard.length - 1;
  while (window > 0 && heard[window]! < least) window--;
  let end = window + size;
  if (window < heard.length - 1) end = trimmed(heardOf(cube, weight, 1), end, size, HEARD, Number.POSITIVE_INFINITY);
  end = trimmed(requests, end, size, TRICKLE, STRAY);
  // Where the rest breaks off within a bucket, that one is open.
  if (end < bucketCount) end--;
  return end >= (1 - EDGE) * bucketCount ? end : bucketCount;
}

/**
 * The first bucket that most of a log's places cover, by the same rule: a file that begins earlier than the others makes a
 * log seem to have begun with next to nothing.
 */
export function firstCovered(cube: Cube): number {
  const { bucketCount, bucketMs, groups } = cube;
  const size = Math.max(1, Math.round(WINDOW_MS / bucketMs));
  if (bucketCount < 8 * size) return 0;
  const weight = new Float64Array(cube.places.length);
  for (let g = 0; g < groups.length; g++) weight[groups.place[g]!]! += groups.count[g]!;
  const heard = heardOf(cube, weight, size);
  const least = HEARD * median(heard);
  let window = 0;
  while (window < heard.length && heard[window]! < least) window++;
  if (window === 0) return 0;
  // The first window that is covered may be so by its last buckets alone.
  const first = Math.min(heard.length - 1, window + size - 1);
  return first <= EDGE * bucketCount ? first : 0;
}

/**
 * An end without the buckets before it that hold less than a share of what those of the hour before do, as long as they hold
 * no more than `most` together.
 */
function trimmed(amounts: Float64Array, end: number, size: number, share: number, most: number): number {
  let before = 0;
  for (let k = 1; k <= size; k++) before += (amounts[end - size - k] ?? 0) / size;
  let left = 0;
  let at = end;
  let found = end;
  while (at > end - size && at > 0 && amounts[at - 1]! < share * before) {
    left += amounts[--at]!;
    if (left > most) break;
    if (amounts[at]! > 0 || most === Number.POSITIVE_INFINITY) found = at;
  }
  // Empty buckets alone may be an outage; behind them must lie a stray line.
  return found < end ? emptyBefore(amounts, found) : end;
}

function emptyBefore(requests: Float64Array, end: number): number {
  let at = end;
  while (at > 0 && requests[at - 1] === 0) at--;
  return at;
}

/** Weight of the places heard of in each window that begins at a bucket. */
function heardOf(cube: Cube, weight: Float64Array, size: number): Float64Array {
  const { bucketCount, groups } = cube;
  const heard = new Float64Array(Math.max(1, bucketCount - size + 1));
  const times = new Uint32Array(cube.places.length);
  let total = 0;
  let [first, last] = [0, 0];
  for (let t = 0; t < heard.length; t++) {
    for (; last < groups.length && groups.bucket[last]! < t + size; last++) {
      const p = groups.place[last]!;
      if (times[p]!++ === 0) total += weight[p]!;
    }
    for (; first < groups.length && groups.bucket[first]! < t; first++) {
      const p = groups.place[first]!;
      if (--times[p]! === 0) total -= weight[p]!;
    }
    heard[t] = total;
  }
  return heard;
}

function median(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1] ?? 0;
}
