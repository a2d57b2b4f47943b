import { checkLength } from "./errors.js";

/** The distinct cells of a column, and each row's place among them. */
export interface DenseCells {
  /** Halves of the distinct cells, ascending by index; the null cell, where it occurs, is first. */
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** Row of `low` and `high`, for each row of the column given. */
  readonly ids: Uint32Array;
}

/**
 * Numbers the distinct cells of a column from 0 in the order of their indexes, so that ids are the same whatever the order
 * of the rows.
 */
export function denseCells(low: Uint32Array, high: Uint32Array): DenseCells {
  checkLength("high", high.length, low.length);
  const n = low.length;
  const order = Uint32Array.from(low, (_, row) => row).sort((a, b) => high[a]! - high[b]! || low[a]! - low[b]!);
  const ids = new Uint32Array(n);
  const firsts = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const row = order[i]!;
    const before = order[i - 1];
    if (before === undefined || low[before] !== low[row] || high[before] !== high[row]) firsts[count++] = row;
    ids[row] = count - 1;
  }
  const distinct = firsts.subarray(0, count);
  return {
    low: Uint32Array.from(distinct, (row) => low[row]!),
    high: Uint32Array.from(distinct, (row) => high[row]!),
    ids,
  };
}
