import type { Column } from "../../../core/grown.js";

/** What a column holds: `count` is a whole number, and a fraction only in segments of weighted events. */
export type ColumnType = "count" | "u16" | "u32" | "f64";

/** A column of type `count`: a `Uint32Array`, and a `Float64Array` where events are weighted. */
export interface Counts extends ArrayLike<number>, Iterable<number> {
  reduce(add: (total: number, count: number, row: number) => number, initial?: number): number;
  map(of: (count: number, row: number) => number): Counts;
  slice(from?: number, to?: number): Counts;
  subarray(from?: number, to?: number): Counts;
}

export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** Lists, one a group: where each begins is in the column `start`, of one row more than there are groups. */
export interface ListSchema {
  /** The segment's property that holds the columns. */
  readonly name: string;
  /** Columns with a row a group. */
  readonly rows: ColumnTypes;
  /** Columns with a row an item. */
  readonly items: ColumnTypes;
  /** Bytes of what may stand for a group's list, in the map `sketches` of the lists; 0 if nothing does. */
  readonly sketchBytes: number;
}

/** The columns of a segment beside its keys. It is plain data: it goes where the segment goes, to other threads, too. */
export interface StateSchema {
  readonly columns: ColumnTypes;
  readonly lists: readonly ListSchema[];
  /** Whether counts may be fractions. */
  readonly isWeighted: boolean;
}

/** Columns by name. */
export type Columns = Record<string, Column>;

/** A list's columns, looked at as what all lists have in common. */
export interface ListColumns {
  readonly start: Uint32Array;
  readonly sketches?: ReadonlyMap<number, unknown>;
}

/** How a type of column is held. */
export function arrayOf(type: ColumnType, isWeighted: boolean) {
  if (type === "u16") return Uint16Array;
  return type === "f64" || (type === "count" && isWeighted) ? Float64Array : Uint32Array;
}

/** Columns of 0 with so many rows. */
export function zeroColumns(types: ColumnTypes, rows: number, isWeighted: boolean): Columns {
  const columns: Columns = {};
  for (const [name, type] of Object.entries(types)) columns[name] = new (arrayOf(type, isWeighted))(rows);
  return columns;
}

/** The lists of so many groups, all empty. */
export function emptyLists({ rows, items, sketchBytes }: ListSchema, groups: number): ListColumns {
  return {
    start: new Uint32Array(groups + 1),
    ...zeroColumns(rows, groups, false),
    ...zeroColumns(items, 0, false),
    ...(sketchBytes > 0 && { sketches: new Map() }),
  };
}

/**
 * The states of so many groups, as far as they are known, and empty columns for all else.
 *
 * @param known - columns and lists by name
 */
export function completeState<S>({ columns, lists, isWeighted }: StateSchema, groups: number, known: object = {}): S {
  const state: Record<string, unknown> = { ...known };
  for (const [name, type] of Object.entries(columns)) state[name] ??= new (arrayOf(type, isWeighted))(groups);
  for (const list of lists) state[list.name] ??= emptyLists(list, groups);
  return state as S;
}

/** The columns of a list in a segment. */
export function listOf(state: object, { name }: ListSchema): ListColumns {
  return (state as Record<string, ListColumns>)[name]!;
}

/** The column of a name with a row a group. */
export function columnOf<T extends Column = Column>(state: object, name: string): T {
  return (state as Record<string, T>)[name]!;
}

/** How many items the lists of a segment, or of a slice of one, have together. */
export function itemCount(list: ListColumns): number {
  return list.start.at(-1)! - list.start[0]!;
}
