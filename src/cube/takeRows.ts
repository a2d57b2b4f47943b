import type { Column } from "../core/grown.js";

/**
 * The first rows of a column for keeps, and what to write the next rows to: the column itself and nothing where little of
 * it is left over, else a copy and the column.
 */
export function takeRows<T extends Column>(column: T, length: number): readonly [taken: T, rest: T] {
  if (4 * length < 3 * column.length) return [column.slice(0, length) as T, column];
  return [column.subarray(0, length) as T, column.slice(0, 0) as T];
}

/** A column with room for so many rows, the first `used` of which are those of `column`. */
export function roomFor<T extends Column>(column: T, used: number, length: number): T {
  if (length <= column.length) return column;
  const wide = new (column.constructor as new (length: number) => T)(used === 0 ? length : Math.max(length, 2 * used));
  wide.set(column.subarray(0, used));
  return wide;
}
