import { checkLength } from "./errors.js";
import { LOW_WORD } from "./wordOrder.js";

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
  const sorted = sortedDistinct(low, high);
  return { ...sorted, ids: Uint32Array.from(low, (l, row) => rowOf(l, high[row]!, sorted.low, sorted.high)) };
}

/** Sorts as 64-bit integers, which the machine does without a comparator, and reads the halves back: no BigInt is made. */
function sortedDistinct(low: Uint32Array, high: Uint32Array): { low: Uint32Array; high: Uint32Array } {
  const cells = new BigUint64Array(low.length);
  const words = new Uint32Array(cells.buffer);
  for (let i = 0; i < low.length; i++) {
    words[2 * i + LOW_WORD] = low[i]!;
    words[2 * i + 1 - LOW_WORD] = high[i]!;
  }
  cells.sort();
  let count = 0;
  for (let i = 0; i < words.length; i += 2) {
    const last = 2 * count - 2;
    if (count > 0 && words[i] === words[last] && words[i + 1] === words[last + 1]) continue;
    words[2 * count] = words[i]!;
    words[2 * count + 1] = words[i + 1]!;
    count++;
  }
  return {
    low: Uint32Array.from({ length: count }, (_, i) => words[2 * i + LOW_WORD]!),
    high: Uint32Array.from({ length: count }, (_, i) => words[2 * i + 1 - LOW_WORD]!),
  };
}

/** The row of a cell that is there, by bisection. */
function rowOf(low: number, high: number, lows: Uint32Array, highs: Uint32Array): number {
  let from = 0;
  for (let to = lows.length - 1; from < to; ) {
    const middle = (from + to) >>> 1;
    if (highs[middle]! < high || (highs[middle]! === high && lows[middle]! < low)) from = middle + 1;
    else to = middle;
  }
  return from;
}
