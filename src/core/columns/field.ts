import type { Column } from "../grown.js";

/** The typed array of each type of column. */
export interface ColumnTypes {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

export type ColumnType = keyof ColumnTypes;

/** What a schema says of a column. A room may add facts of its own and loop over them. */
export interface Field {
  readonly type: ColumnType;
  /** What a row holds of which nothing is known, and every row of a file that lacks the column. */
  readonly unknown: number;
  /** Property of the table under which the dictionary is whose codes the column holds; absent for plain numbers. */
  readonly dictionary?: string;
  /** Whether the column holds a bit for each value of the dictionary but the empty string, not a code. */
  readonly isBits?: boolean;
  /** Whether older files lack the column, whose rows then hold {@link unknown}. */
  readonly isOptional?: boolean;
}

/** Columns by name, in the order in which files hold them. */
export type Fields = Readonly<Record<string, Field>>;

/** The columns of a schema as raw typed arrays. */
export type ColumnsOf<F extends Fields> = { readonly [K in keyof F]: ColumnTypes[F[K]["type"]] };

/** The same for each dictionary of a schema. */
export type DictionariesOf<F extends Fields, D> = {
  readonly [K in keyof F as F[K] extends { readonly dictionary: infer N extends string } ? N : never]: D;
};

export const u8 = { type: "u8", unknown: 0 } as const;
export const u16 = { type: "u16", unknown: 0 } as const;
export const u32 = { type: "u32", unknown: 0 } as const;
export const i32 = { type: "i32", unknown: 0 } as const;
export const f32 = { type: "f32", unknown: Number.NaN } as const;
export const f64 = { type: "f64", unknown: Number.NaN } as const;

/** What makes columns of a type. */
export interface ColumnKind {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset?: number, length?: number): Column;
}

/** The typed array of each type. */
export const COLUMN_KINDS: Readonly<Record<ColumnType, ColumnKind>> = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
};
