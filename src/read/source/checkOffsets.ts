import type { Table } from "@uwdata/flechette";

interface Batch {
  readonly length: number;
  readonly offsets?: ArrayLike<number | bigint>;
  readonly values?: ArrayLike<unknown>;
  readonly children?: readonly Batch[];
}

/**
 * Checks that the lists and texts of an Arrow table's columns follow each other within what they are cut out of, before any
 * is taken out.
 *
 * Throws `RangeError`.
 */
export function checkOffsets(table: Table): void {
  for (const column of table.children) for (const batch of column.data) checkBatch(batch as unknown as Batch, 0);
}

function checkBatch({ length, offsets, values, children = [] }: Batch, depth: number): void {
  if (depth > 64) throw new RangeError("its columns are nested too deeply");
  for (const child of children) checkBatch(child, depth + 1);
  // Offsets of unions and run ends mean something else, and have no such number.
  if (offsets === undefined || offsets.length !== length + 1) return;
  const end = children[0]?.length ?? values?.length ?? 0;
  let last = 0;
  for (let i = 0; i <= length; i++) {
    const offset = Number(offsets[i]);
    if (!(offset >= last && offset <= end)) throw new RangeError("a list lies outside of its column");
    last = offset;
  }
}
