import type { Dictionary } from "../dictionary.js";
import type { Allocate, Column } from "../grown.js";
import { ColumnTable, type TableOptions, type TableParts } from "./columnTable.js";
import type { ColumnsOf, DictionariesOf, Fields } from "./field.js";
import { PackedDictionary, type PackedStrings } from "./packedDictionary.js";

/** A table with the columns and dictionaries of a schema as properties. */
export type Table<F extends Fields, D extends Dictionary> = (D extends PackedDictionary ? Packing<F> : unknown) &
  ColumnTable<D> &
  ColumnsOf<F> &
  DictionariesOf<F, D>;

/** {@link ColumnTable.pack} with the names of the schema. */
interface Packing<F extends Fields> {
  pack(allocate: Allocate): PackedOf<F>;
}

/** The columns of a schema with their dictionaries packed: what threads share and files hold. */
export type PackedOf<F extends Fields> = ColumnsOf<F> & DictionariesOf<F, PackedStrings>;

/**
 * The class of tables with these columns, to be extended:
 *
 * ```ts
 * class Places extends schema({ country: { ...u16, dictionary: "countries" }, lat: f64 }, packedStrings) {}
 * new Places().country[0]; // a Uint16Array
 * ```
 */
export function schema<F extends Fields, A extends readonly unknown[], D extends Dictionary>(
  fields: F,
  optionsOf: (...args: A) => TableOptions<D>,
): new (
  ...args: A
) => Table<F, D> {
  class SchemaTable extends ColumnTable<D> {
    constructor(...args: A) {
      super(fields, optionsOf(...args));
    }
  }
  return SchemaTable as unknown as new (
    ...args: A
  ) => Table<F, D>;
}

/** Options of a table that begins with what {@link ColumnTable.pack} gave, or with no row. */
export function fromPacked(packed: TableParts | undefined): TableOptions<PackedDictionary> {
  const makeDictionary = (name: string): PackedDictionary =>
    new PackedDictionary(packed?.[name] as PackedStrings | undefined);
  if (packed === undefined) return { makeDictionary };
  return { makeDictionary, columns: packed, length: (Object.values(packed)[0] as Column).length };
}
