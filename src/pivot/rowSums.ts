import { type RowOrder, sortGroupBy } from "../cube/segments/sortGroupBy.js";

/** A table of all possible keys is not larger than this, nor than a few times the groups. */
const MAX_TABLE = 2 ** 20;
const MIN_TABLE = 2 ** 12;

/** Groups brought together by key: one row a key that occurs, ascending. */
export interface RowSums {
  readonly length: number;
  /** Position of one of the groups of each row. */
  readonly heads: Uint32Array;
  /** Sums of a column of the cube's groups. */
  readonly sum: (column: ArrayLike<number>) => Float64Array;
  /** The groups of each row, if they are known one by one: lists (latencies, clients, users) cannot be summed else. */
  readonly members: RowOrder | null;
}

/**
 * The rows of some groups, through a table with a cell for every possible key; null if there are too many of those.
 *
 * @param groups - groups of the cube, ascending
 * @param keys - columns by position in `groups`; column k holds integers below sizes[k]
 */
export function tableRows(groups: Uint32Array, keys: readonly Uint32Array[], sizes: readonly number[]): RowSums | null {
  const size = sizes.reduce((product, own) => product * Math.max(1, own), 1);
  if (size > Math.min(MAX_TABLE, Math.max(MIN_TABLE, 4 * groups.length))) return null;
  const cells = joinedKeys(keys, sizes, groups.length);
  // Position + 1 of the last group of each cell.
  const last = new Uint32Array(size);
  for (let k = 0; k < cells.length; k++) last[cells[k]!] = k + 1;
  const found = last.filter((position) => position > 0);
  return {
    members: null,
    length: found.length,
    heads: found.map((position) => position - 1),
    sum: (column) => {
      const sums = sumByCell(column, groups, cells, size);
      return Float64Array.from(found, (position) => sums[cells[position - 1]!]!);
    },
  };
}

/** The rows of some groups, in order; see {@link tableRows}. */
export function memberRows(groups: Uint32Array, keys: readonly Uint32Array[], sizes: readonly number[]): RowSums {
  const { order: positions, starts, groups: length } = sortGroupBy(keys, sizes, groups.length);
  // Groups are ascending: if the last one is where it would be without gaps, so are all.
  const all = groups.at(-1) === groups.length - 1;
  const members = { order: all ? positions : positions.map((position) => groups[position]!), starts, groups: length };
  return {
    length,
    heads: starts.subarray(0, length).map((start) => positions[start]!),
    sum: (column) => sumByRow(column, members),
    members,
  };
}

function joinedKeys(keys: readonly Uint32Array[], sizes: readonly number[], n: number): Int32Array {
  const joined = new Int32Array(n);
  keys.forEach((column, c) => {
    const size = sizes[c]!;
    for (let k = 0; k < n; k++) joined[k] = (Math.imul(joined[k]!, size) + (column[k]! | 0)) | 0;
  });
  return joined;
}

function sumByCell(column: ArrayLike<number>, groups: Uint32Array, cells: Int32Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  for (let k = 0; k < cells.length; k++) sums[cells[k]!]! += column[groups[k]!]!;
  return sums;
}

function sumByRow(column: ArrayLike<number>, { order, starts, groups }: RowOrder): Float64Array {
  const totals = new Float64Array(groups);
  for (let row = 0; row < groups; row++) {
    let total = 0;
    for (let k = starts[row]!; k < starts[row + 1]!; k++) total += column[order[k]!]!;
    totals[row] = total;
  }
  return totals;
}
