import { type Allocate, type Column, copied } from "../grown.js";
import { COLUMN_KINDS, type ColumnsOf, type Fields } from "./field.js";

/** Columns of any schema. */
export type AnyColumns = Readonly<Record<string, Column>>;

/** Memory of this thread. */
export const ownMemory: Allocate = (bytes) => new ArrayBuffer(bytes);

/** Columns of so many rows of zeros, in memory that `allocate` gives. */
export function makeColumns<F extends Fields>(fields: F, length: number, allocate: Allocate = ownMemory): ColumnsOf<F> {
  const columns: Record<string, Column> = {};
  for (const [name, { type }] of Object.entries(fields)) {
    const Kind = COLUMN_KINDS[type];
    columns[name] = new Kind(allocate(length * Kind.BYTES_PER_ELEMENT));
  }
  return columns as ColumnsOf<F>;
}

/** Copies of rows [from, to) of each column. */
export function sliceColumns<C extends AnyColumns>(columns: C, from: number, to: number, allocate?: Allocate): C {
  return mapColumns(columns, (column) => {
    const rows = column.subarray(from, to);
    return copied(rows, rows.length, allocate ?? ownMemory);
  });
}

/** The rows of the columns in another order, or some of them (Arrow's `take`). */
export function takeColumns<C extends AnyColumns>(columns: C, rows: Uint32Array, allocate?: Allocate): C {
  return mapColumns(columns, (column) => {
    const Kind = column.constructor as (typeof COLUMN_KINDS)["u8"];
    return takeInto(column, rows, new Kind((allocate ?? ownMemory)(rows.length * column.BYTES_PER_ELEMENT)));
  });
}

/** Writes the values of some rows of a column; rows that lie side by side at once. */
export function takeInto<T extends Column>(column: Column, rows: ArrayLike<number>, out: T): T {
  const first = rows[0] ?? 0;
  if (isRange(rows)) out.set(column.subarray(first, first + rows.length));
  else for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!;
  return out;
}

function isRange(rows: ArrayLike<number>): boolean {
  let i = 1;
  while (i < rows.length && rows[i] === rows[0]! + i) i++;
  return i >= rows.length;
}

/** The rows of several tables, one table behind the other. All have the columns of the first. */
export function concatColumns<C extends AnyColumns>(parts: readonly C[], allocate: Allocate = ownMemory): C {
  return mapColumns(parts[0]!, (first, name) => {
    const Kind = first.constructor as (typeof COLUMN_KINDS)["u8"];
    const length = parts.reduce((sum, part) => sum + part[name]!.length, 0);
    const whole = new Kind(allocate(length * first.BYTES_PER_ELEMENT));
    let at = 0;
    for (const part of parts) {
      whole.set(part[name]!, at);
      at += part[name]!.length;
    }
    return whole;
  });
}

/** Replaces codes by others, as when a dictionary is merged into another. */
export function remapCodes<T extends Column>(codes: T, to: ArrayLike<number>): T {
  for (let i = 0; i < codes.length; i++) codes[i] = to[codes[i]!]!;
  return codes;
}

/**
 * Says what is wrong with columns that came out of a file or another thread, or nothing: all there, of their types and of
 * one length, and codes that their dictionaries have.
 */
export function checkColumns(
  fields: Fields,
  columns: Readonly<Record<string, unknown>>,
  length: number,
  sizeOf: (dictionary: string) => number = () => Number.POSITIVE_INFINITY,
): string | undefined {
  for (const [name, { type, dictionary, isBits }] of Object.entries(fields)) {
    const column = columns[name];
    if (!(column instanceof COLUMN_KINDS[type])) return `it has no column ${name}`;
    if (column.length !== length) return `column ${name} has ${column.length} rows, not ${length}`;
    if (dictionary !== undefined && isBits !== true && !areBelow(column, sizeOf(dictionary)))
      return `column ${name} has codes of no value`;
  }
  return undefined;
}

function areBelow(codes: Column, size: number): boolean {
  let most = -1;
  for (let i = 0; i < codes.length; i++) most = Math.max(most, codes[i]!);
  return most < size;
}

function mapColumns<C extends AnyColumns>(columns: C, of: (column: Column, name: string) => Column): C {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, of(column, name)])) as C;
}
