import { range } from "./range.js";

/** A counting table is not larger than a few times what is to be counted, nor than 256 MB. */
const MIN_DIGIT = 2 ** 12;
const MAX_DIGIT = 2 ** 26;

/** Rows brought together by key. */
export interface RowOrder {
  /** Row numbers, ascending by key and, where keys are equal, by row. */
  readonly order: Uint32Array;
  /** Group g holds order[starts[g], starts[g + 1]). */
  readonly starts: Uint32Array;
  readonly groups: number;
}

/**
 * Orders rows by several columns of small integers, the first column being the most significant: a stable counting sort
 * of as many columns at a time as fit one table.
 *
 * @param columns - each of length at least n
 * @param sizes - column c holds integers in [0, sizes[c])
 */
export function sortGroupBy(columns: readonly Uint32Array[], sizes: readonly number[], n: number): RowOrder {
  const found = digits(columns, sizes, n);
  if (found.length === 1) return orderOnce(found[0]!, n);
  let order = range(n);
  for (const digit of found.toReversed()) order = countingSort(digit.keys, digit.size, order);
  return { order, ...boundaries(columns, order) };
}

interface Digit {
  readonly keys: Uint32Array;
  readonly size: number;
}

/** Joins neighbouring columns while their values together fit one counting table, and halves a column that does not. */
function digits(columns: readonly Uint32Array[], sizes: readonly number[], n: number): Digit[] {
  const limit = Math.max(MIN_DIGIT, Math.min(2 * n, MAX_DIGIT));
  const found: Digit[] = [];
  for (let c = 0; c < columns.length; c++) {
    const size = Math.max(1, sizes[c]!);
    const last = found.at(-1);
    if (size === 1) continue;
    if (last && last.size * size <= limit) found[found.length - 1] = joined(last, columns[c]!, size, n);
    else if (size <= limit) found.push({ keys: columns[c]!, size });
    else {
      const low = new Uint32Array(n);
      const high = new Uint32Array(n);
      for (let i = 0; i < n; i++) {
        low[i] = columns[c]![i]! & 0xffff;
        high[i] = columns[c]![i]! >>> 16;
      }
      found.push({ keys: high, size: Math.floor((size - 1) / 65536) + 1 }, { keys: low, size: 65536 });
    }
  }
  return found;
}

function joined(left: Digit, right: Uint32Array, size: number, n: number): Digit {
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) keys[i] = left.keys[i]! * size + right[i]!;
  return { keys, size: left.size * size };
}

/** The order by one digit: what the counting table knows needs no second look at the keys. */
function orderOnce({ keys, size }: Digit, n: number): RowOrder {
  const next = new Uint32Array(size);
  for (let i = 0; i < n; i++) next[keys[i]!]!++;
  let groups = 0;
  for (let key = 0; key < size; key++) if (next[key] !== 0) groups++;
  const starts = new Uint32Array(groups + 1);
  let at = 0;
  for (let key = 0, g = 0; key < size; key++) {
    const count = next[key]!;
    next[key] = at;
    if (count === 0) continue;
    at += count;
    starts[++g] = at;
  }
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[next[keys[i]!]!++] = i;
  return { order, starts, groups };
}

function countingSort(keys: Uint32Array, size: number, order: Uint32Array): Uint32Array {
  const next = new Uint32Array(size + 1);
  for (let i = 0; i < order.length; i++) next[keys[order[i]!]! + 1]!++;
  for (let key = 0; key < size; key++) next[key + 1]! += next[key]!;
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    sorted[next[keys[row]!]!++] = row;
  }
  return sorted;
}

function boundaries(columns: readonly Uint32Array[], order: Uint32Array): { starts: Uint32Array; groups: number } {
  const starts = new Uint32Array(order.length + 1);
  let groups = 0;
  for (let i = 0; i < order.length; i++) {
    if (i === 0 || differ(columns, order[i - 1]!, order[i]!)) starts[groups++] = i;
  }
  starts[groups] = order.length;
  return { starts: starts.slice(0, groups + 1), groups };
}

function differ(columns: readonly Uint32Array[], a: number, b: number): boolean {
  for (const column of columns) if (column[a] !== column[b]) return true;
  return false;
}
