import type { Column } from "../../../core/grown.js";

/** The first rows of a column, as a view. */
export function firstRows<T extends Column>(column: T, length: number): T {
  return column.subarray(0, length) as T;
}

/** A view for keeps: itself, or a copy where it is but a small part of the memory that it would hold on to. */
export function shrinkToFit<T extends Column>(view: T): T {
  return 4 * view.byteLength < 3 * view.buffer.byteLength ? (view.slice() as T) : view;
}

/** A column with room for so many rows, the first `used` of which are those of `column`. */
export function ensureCapacity<T extends Column>(column: T, used: number, length: number): T {
  if (length <= column.length) return column;
  const wide = new (column.constructor as new (length: number) => T)(used === 0 ? length : Math.max(length, 2 * used));
  wide.set(column.subarray(0, used));
  return wide;
}
