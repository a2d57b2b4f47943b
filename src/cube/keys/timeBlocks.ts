/** How many rows a block has: few enough that a block rarely lies in two buckets, many enough that its bounds cost nothing. */
export const BLOCK_ROWS = 512;

/** The times of a batch, block by block: logs are nearly in order, so the rows of most blocks share a bucket. */
export interface TimeBlocks {
  /** Least and greatest known time of each block of {@link BLOCK_ROWS} rows. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Of all rows; meaningless if some time is not known. */
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  /** Whether every row has a time, and a finite one. */
  readonly allKnown: boolean;
}

/** Looks through the times of a batch once. */
export function timeBlocks(timeMs: Float64Array, length: number): TimeBlocks {
  const count = Math.ceil(length / BLOCK_ROWS);
  const low = new Float64Array(count);
  const high = new Float64Array(count);
  let [firstTimeMs, lastTimeMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let block = 0; block < count; block++) {
    const from = block * BLOCK_ROWS;
    boundsInto(timeMs, from, Math.min(length, from + BLOCK_ROWS), block, low, high);
    firstTimeMs = Math.min(firstTimeMs, low[block]!);
    lastTimeMs = Math.max(lastTimeMs, high[block]!);
  }
  // NaN and infinities come through every comparison to here.
  return { low, high, firstTimeMs, lastTimeMs, allKnown: Number.isFinite(lastTimeMs - firstTimeMs) };
}

/**
 * Writes the bounds of one block. Without branches, since where many rows share a millisecond those would be guessed wrong
 * half the time; two rows at a time, since one chain of comparisons waits for itself.
 */
function boundsInto(
  timeMs: Float64Array,
  from: number,
  to: number,
  block: number,
  low: Float64Array,
  high: Float64Array,
): void {
  let first = timeMs[from]!;
  let last = first;
  let first2 = first;
  let last2 = first;
  // An odd first row has been looked at.
  for (let i = (from + to) & 1 ? from + 1 : from; i < to; i += 2) {
    const time = timeMs[i]!;
    const time2 = timeMs[i + 1]!;
    first = Math.min(first, time);
    last = Math.max(last, time);
    first2 = Math.min(first2, time2);
    last2 = Math.max(last2, time2);
  }
  low[block] = Math.min(first, first2);
  high[block] = Math.max(last, last2);
}
