import { makeColumns } from "../../core/columns/columns.js";
import { PackedDictionary } from "../../core/columns/packedDictionary.js";
import { schema } from "../../core/columns/schema.js";
import { PLACE_COLUMNS } from "../../core/placeColumns.js";

/** Places that are to be found or added: the columns of a `PlaceTable`, with codes of its dictionaries. */
export class PlaceRows extends schema(PLACE_COLUMNS, (length: number) => ({
  makeDictionary: () => new PackedDictionary(),
  columns: makeColumns(PLACE_COLUMNS, length),
  length,
})) {
  /** For `PlaceIndex`: the slot in which each place is looked for first. */
  readonly homes: Uint32Array;
  /** For `PlaceIndex`: the rows that no place is equal to. */
  readonly added: Uint32Array;

  constructor(length: number) {
    super(length);
    this.homes = new Uint32Array(length);
    this.added = new Uint32Array(length);
  }

  /** Whether a row says nothing: it is no place. */
  isEmpty(row: number): boolean {
    return this.country[row] === 0 && this.region[row] === 0 && this.city[row] === 0 && Number.isNaN(this.lat[row]!);
  }
}
