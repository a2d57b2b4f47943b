import type { Column } from "../grown.js";
import type { ColumnTypes } from "./field.js";

/**
 * Columns sorted by their type, so that each loop over columns reads arrays of one type: the engine compiles it to a plain
 * load, as if the columns were written out.
 */
export type TypedColumns = { readonly [T in keyof ColumnTypes]: readonly ColumnTypes[T][] };

/** Sorts columns by type; those of two tables fit together if their fields do. */
export function typedColumns(columns: readonly Column[]): TypedColumns {
  return {
    u8: columns.filter((column) => column instanceof Uint8Array),
    u16: columns.filter((column) => column instanceof Uint16Array),
    u32: columns.filter((column) => column instanceof Uint32Array),
    i32: columns.filter((column) => column instanceof Int32Array),
    f32: columns.filter((column) => column instanceof Float32Array),
    f64: columns.filter((column) => column instanceof Float64Array),
  };
}

/**
 * Whether row i of some columns and row j of others hold the same; NaN is NaN, and 0 is not -0. Columns that were declared
 * later and that `b` lacks do not count.
 */
export function areEqualRows(a: TypedColumns, i: number, b: TypedColumns, j: number): boolean {
  for (let c = 0; c < b.u32.length; c++) if (a.u32[c]![i] !== b.u32[c]![j]) return false;
  for (let c = 0; c < b.u16.length; c++) if (a.u16[c]![i] !== b.u16[c]![j]) return false;
  for (let c = 0; c < b.f64.length; c++) if (!Object.is(a.f64[c]![i], b.f64[c]![j])) return false;
  for (let c = 0; c < b.f32.length; c++) if (!Object.is(a.f32[c]![i], b.f32[c]![j])) return false;
  for (let c = 0; c < b.u8.length; c++) if (a.u8[c]![i] !== b.u8[c]![j]) return false;
  for (let c = 0; c < b.i32.length; c++) if (a.i32[c]![i] !== b.i32[c]![j]) return false;
  return true;
}

/** Copies row i of some columns to row j of others, which may have more of them. */
export function copyRow(from: TypedColumns, i: number, to: TypedColumns, j: number): void {
  for (let c = 0; c < from.u32.length; c++) to.u32[c]![j] = from.u32[c]![i]!;
  for (let c = 0; c < from.u16.length; c++) to.u16[c]![j] = from.u16[c]![i]!;
  for (let c = 0; c < from.f64.length; c++) to.f64[c]![j] = from.f64[c]![i]!;
  for (let c = 0; c < from.f32.length; c++) to.f32[c]![j] = from.f32[c]![i]!;
  for (let c = 0; c < from.u8.length; c++) to.u8[c]![j] = from.u8[c]![i]!;
  for (let c = 0; c < from.i32.length; c++) to.i32[c]![j] = from.i32[c]![i]!;
}
