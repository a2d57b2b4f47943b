import type { Dictionary } from "../dictionary.js";
import { type Allocate, type Column, copied } from "../grown.js";
import { ownMemory, takeInto } from "./columns.js";
import { COLUMN_KINDS, type Field, type Fields } from "./field.js";
import type { PackedDictionary, PackedStrings } from "./packedDictionary.js";
import { type TypedColumns, typedColumns } from "./typedColumns.js";

/** What a table's columns and dictionaries are, by name. */
export type TableParts = Readonly<Record<string, Column | PackedStrings>>;

export interface TableOptions<D extends Dictionary = Dictionary> {
  /** Makes the dictionary of a text column. */
  readonly makeDictionary: (name: string) => D;
  /** Where columns get their memory. Default: this thread's own. */
  readonly allocate?: Allocate;
  /** Rows to begin with, of so many; used as they are, not copied. Default: none. */
  readonly length?: number;
  readonly columns?: Readonly<Record<string, unknown>>;
}

/**
 * Rows of columns that a schema declares: each column a typed array, and each dictionary, under its name on the table.
 *
 * The columns are longer than `length` while the table grows: read them anew each time that rows may have been added.
 * What is done to all columns is done to one after the other. Subclasses are made by `schema`.
 */
export class ColumnTable<D extends Dictionary = Dictionary> {
  readonly #fields = new Map<string, Field>();
  readonly #makeDictionary: (name: string) => D;
  readonly #allocate: Allocate;
  #length: number;
  #capacity: number;
  #typed: TypedColumns | undefined;

  constructor(fields: Fields, { makeDictionary, allocate = ownMemory, length = 0, columns = {} }: TableOptions<D>) {
    this.#makeDictionary = makeDictionary;
    this.#allocate = allocate;
    this.#length = length;
    this.#capacity = columns[Object.keys(fields)[0]!] === undefined ? FIRST_CAPACITY : length;
    for (const [name, field] of Object.entries(fields)) {
      this.#fields.set(name, field);
      this.#setColumn(name, (columns[name] as Column | undefined) ?? this.#newColumn(field));
    }
    // Dictionaries come behind the columns, as in files.
    for (const { dictionary } of Object.values(fields)) if (dictionary !== undefined) this.#setDictionary(dictionary);
  }

  /** How many rows there are. */
  get length(): number {
    return this.#length;
  }

  /** What each column is, in the order of the schema; columns that were {@link declare}d come last. */
  get fields(): ReadonlyMap<string, Field> {
    return this.#fields;
  }

  /** Bytes of all columns, with the rows for which there is room. */
  get columnBytes(): number {
    let bytes = 0;
    for (const name of this.#fields.keys()) bytes += this.column(name).byteLength;
    return bytes;
  }

  /** A column by its name. */
  column(name: string): Column {
    return (this as unknown as Record<string, Column>)[name]!;
  }

  /** The dictionary of a text column. */
  dictionaryOf(name: string): D {
    return (this as unknown as Record<string, D>)[this.#fields.get(name)!.dictionary!]!;
  }

  /** The columns by type, for the hot loops of `typedColumns`; a new object whenever the table has grown. */
  get typed(): TypedColumns {
    this.#typed ??= typedColumns([...this.#fields.keys()].map((name) => this.column(name)));
    return this.#typed;
  }

  /** Adds a column, of whose values nothing is known in the rows so far, and its dictionary. A column that is there stays. */
  declare(name: string, field: Field): void {
    const known = this.#fields.get(name);
    if (known !== undefined && known.dictionary === field.dictionary) return;
    if (name in this || (field.dictionary !== undefined && field.dictionary in this))
      throw new RangeError(`a table cannot have a column ${name}`);
    this.#fields.set(name, field);
    this.#setColumn(name, this.#newColumn(field));
    if (field.dictionary !== undefined) this.#setDictionary(field.dictionary);
  }

  /** Makes room for so many rows, which spares copying them again and again while the table grows. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = rows;
    for (const [name, field] of this.#fields) {
      const column = this.column(name);
      const wider = this.#newColumn(field);
      wider.set(column);
      this.#setColumn(name, wider);
    }
  }

  /** Appends a row of zeros and returns its number. */
  addRow(): number {
    const row = this.#length;
    if (row >= this.#capacity) this.reserve(Math.max(2 * row, FIRST_CAPACITY));
    this.#length++;
    return row;
  }

  /** Appends some rows of another table with columns of this one, whose codes are of the dictionaries here. */
  append(from: ColumnTable, rows: Uint32Array): void {
    const at = this.#length;
    const end = at + rows.length;
    if (end > this.#capacity) this.reserve(Math.max(2 * this.#capacity, end));
    this.#length = end;
    for (const name of from.#fields.keys()) takeInto(from.column(name), rows, this.column(name).subarray(at, end));
  }

  /** Appends a row of which nothing is known and returns its number. */
  addUnknown(): number {
    const row = this.addRow();
    this.setUnknown(row);
    return row;
  }

  /** Makes a row one of which nothing is known. */
  setUnknown(row: number): void {
    for (const [name, { unknown }] of this.#fields) this.column(name)[row] = unknown;
  }

  /** Copies of all columns and dictionaries in memory that `allocate` gives: what threads share and files hold. */
  pack(this: ColumnTable<PackedDictionary>, allocate: Allocate): TableParts {
    const parts: Record<string, Column | PackedStrings> = {};
    for (const name of this.#fields.keys()) parts[name] = copied(this.column(name), this.#length, allocate);
    for (const [name, { dictionary }] of this.#fields)
      if (dictionary !== undefined) parts[dictionary] = this.dictionaryOf(name).pack(allocate);
    return parts;
  }

  #newColumn({ type, unknown }: Field): Column {
    const Kind = COLUMN_KINDS[type];
    const column = new Kind(this.#allocate(this.#capacity * Kind.BYTES_PER_ELEMENT));
    return unknown === 0 ? column : column.fill(unknown, 0, this.#length);
  }

  #setColumn(name: string, column: Column): void {
    (this as unknown as Record<string, Column>)[name] = column;
    this.#typed = undefined;
  }

  #setDictionary(name: string): void {
    (this as unknown as Record<string, D>)[name] ??= this.#makeDictionary(name);
  }
}

/** Rows for which a new table has room. */
const FIRST_CAPACITY = 64;
