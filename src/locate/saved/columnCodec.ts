import type { Allocate, Column } from "../../core/grown.js";

/** How the values of a column are stored. */
export interface StoredColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** How many values. */
  readonly length: number;
  /** Whether differences to the value before are stored instead of values. */
  readonly delta: boolean;
  /** Parts of the values from the lowest bits up; those that are missing at the end are 0. */
  readonly parts: readonly StoredPart[];
}

/** Some bits of each value of a column, as arrays that lie in the file. */
export interface StoredPart {
  /** `dense`: one entry a value. `sparse`: positions and values of those that are not 0. `zero`: nothing at all. */
  readonly kind: "dense" | "sparse" | "zero";
  /** Bits of the value that lie below this part. */
  readonly shift: number;
  readonly arrays: readonly StoredArray[];
}

export interface StoredArray {
  readonly type: ColumnType;
  /** Where the array begins in the file's data, in bytes, and how many entries it has. */
  readonly offset: number;
  readonly length: number;
}

export type ColumnType = "u8" | "u16" | "u32" | "f32" | "f64";

const CONSTRUCTORS = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** Takes an array of the file and returns where it lies. */
export type PutArray = (array: Column) => StoredArray;

/** An array of the file as a view. Throws a plain Error where it leads out of the file. */
export type GetArray = (stored: StoredArray) => Column;

/** How a column is stored: in the fewest bytes, the same with differences instead of values, or as it is. */
export type Storing = "small" | "differences" | "plain";

/**
 * Stores a column in fewer bytes, so that it is restored by a view or by widening copies: integers in halves of 16 bits, a half in
 * 8 bits where that is enough or as its few entries that are not 0; doubles as floats where nothing is lost.
 */
export function encodeColumn(name: string, column: Column, put: PutArray, storing: Storing = "small"): StoredColumn {
  const type = columnType(column);
  const delta = storing === "differences";
  const common = { name, type, length: column.length, delta };
  if (storing === "plain") return { ...common, parts: [{ kind: "dense", shift: 0, arrays: [put(column)] }] };
  if (column instanceof Float64Array || column instanceof Float32Array) {
    return { ...common, parts: [{ kind: "dense", shift: 0, arrays: [put(narrowFloats(column))] }] };
  }
  const values = delta ? differences(column) : column;
  const low = new Uint16Array(values.length);
  const high = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    low[i] = values[i]! & 0xffff;
    high[i] = values[i]! >>> 16;
  }
  return { ...common, parts: [encodeHalf(low, 0, put), encodeHalf(high, 16, put)] };
}

/**
 * Restores a column, in steps: a view of the file where the values are stored as they are, else in memory that `allocate` gives.
 * Throws a plain Error where the stored form makes no sense.
 */
export function* decodeColumn(stored: StoredColumn, get: GetArray, allocate: Allocate): Generator<undefined, Column> {
  const Kind = viewOf(stored.type);
  if (Kind === undefined || !Array.isArray(stored.parts)) throw new Error(`column ${stored.name} is of no known type`);
  const [only, ...others] = stored.parts;
  const isPlain = only?.kind === "dense" && only.arrays[0]?.type === stored.type && !stored.delta;
  if (isPlain && others.every(({ kind }) => kind === "zero")) {
    const view = get(only.arrays[0]!);
    if (view.length !== stored.length) throw new Error(`column ${stored.name} is damaged`);
    return view;
  }
  const column = new Kind(allocate(stored.length * Kind.BYTES_PER_ELEMENT));
  for (const part of stored.parts) {
    decodePart(part, column, get);
    yield;
  }
  if (stored.delta) for (let from = 1; from < column.length; from += ADDED_AT_ONCE) addDifferences(column, from);
  return column;
}

export function columnType(column: Column): ColumnType {
  const found = Object.entries(CONSTRUCTORS).find(([, Kind]) => column instanceof Kind);
  return (found?.[0] ?? "u32") as ColumnType;
}

/** What makes columns of a type. */
export interface ColumnView {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset?: number, length?: number): Column;
}

/** The constructor of a type's columns; undefined for what is no type. */
export function viewOf(type: ColumnType): ColumnView | undefined {
  return CONSTRUCTORS[type] as ColumnView | undefined;
}

function narrowFloats(column: Float64Array | Float32Array): Column {
  return column.every((value) => Object.is(Math.fround(value), value)) ? Float32Array.from(column) : column;
}

function differences(column: Column): Uint32Array {
  const result = Uint32Array.from(column);
  for (let i = result.length - 1; i > 0; i--) result[i]! -= result[i - 1]!;
  return result;
}

function encodeHalf(half: Uint16Array, shift: number, put: PutArray): StoredPart {
  let set = 0;
  let most = 0;
  for (let i = 0; i < half.length; i++) {
    if (half[i] !== 0) set++;
    if (half[i]! > most) most = half[i]!;
  }
  if (set === 0) return { kind: "zero", shift, arrays: [] };
  const dense = half.length * (most < 256 ? 1 : 2);
  if (6 * set >= dense) {
    return { kind: "dense", shift, arrays: [put(most < 256 ? Uint8Array.from(half) : half)] };
  }
  const positions = new Uint32Array(set);
  const values = new Uint16Array(set);
  let at = 0;
  for (let i = 0; i < half.length; i++) {
    if (half[i] === 0) continue;
    positions[at] = i;
    values[at++] = half[i]!;
  }
  return { kind: "sparse", shift, arrays: [put(positions), put(values)] };
}

function decodePart({ kind, shift, arrays }: StoredPart, column: Column, get: GetArray): void {
  if (kind === "zero") return;
  const [first, second] = arrays.map(get);
  if (kind === "dense" && first?.length === column.length) {
    if (shift === 0) column.set(first);
    else for (let from = 0; from < first.length; from += ADDED_AT_ONCE) addPart(column, first, shift, from);
    return;
  }
  if (kind !== "sparse" || first === undefined || second?.length !== first.length)
    throw new Error("a column is damaged");
  for (let i = 0; i < first.length; i++) column[first[i]!]! |= second[i]! << shift;
}

/** Values for which one call adds a part: the engine compiles a function sooner that is called often. */
const ADDED_AT_ONCE = 8192;

function addPart(column: Column, part: Column, shift: number, from: number): void {
  const to = Math.min(from + ADDED_AT_ONCE, part.length);
  for (let i = from; i < to; i++) column[i]! |= part[i]! << shift;
}

function addDifferences(column: Column, from: number): void {
  const to = Math.min(from + ADDED_AT_ONCE, column.length);
  for (let i = from; i < to; i++) column[i]! += column[i - 1]!;
}
