import type { Column } from "../../core/grown.js";

/** Moves the rows of a column together over those that are taken out; the last ones are left as they were. */
export function withoutRows(column: Column, length: number, removed: readonly number[]): void {
  let to = removed[0] ?? length;
  removed.forEach((row, i) => {
    const end = removed[i + 1] ?? length;
    column.copyWithin(to, row + 1, end);
    to += end - row - 1;
  });
}
