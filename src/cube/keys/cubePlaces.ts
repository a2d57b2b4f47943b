import { type AnyColumns, makeColumns, takeInto } from "../../core/columns/columns.js";
import { HashIndex, hashColumns } from "../../core/columns/hashIndex.js";
import { schema } from "../../core/columns/schema.js";
import { copyRow, typedColumns } from "../../core/columns/typedColumns.js";
import { Dictionary } from "../../core/dictionary.js";
import type { Column } from "../../core/grown.js";
import type { PlaceField } from "../../core/placeColumns.js";
import type { PlaceTable } from "../../core/places.js";
import { parentHigh, parentLow } from "../../grid/cellParent.js";
import { latLngsToCellHalves } from "../../grid/latLngsToCells.js";
import { cubeError } from "../errors.js";
import { CodeMap } from "./codeMap.js";
import { CUBE_PLACE_COLUMNS, cubeField } from "./cubePlaceColumns.js";
import { type Coarsening, PLACE_LEVELS } from "./placeLevel.js";

/** The row of events without a place. */
export const UNLOCATED = 0;

/**
 * The places of a cube: one row for each distinct (cell, country, region, city) that its events come from, and for each
 * value of columns of one's own that are keys.
 *
 * Row 0 is "unlocated": empty names, cell 0. The columns are longer than `length` while the table grows: read them
 * through the table, each time anew. Coordinates, accuracy, region code and time zone of a row are those of the
 * closest known of its database records: the one with the least accuracy radius, ties going to the south and the west.
 */
export class CubePlaces extends schema(CUBE_PLACE_COLUMNS, (_resolution: number, names: PlaceNames = {}) => ({
  makeDictionary: (name: string) => names[name] ?? new Dictionary(),
})) {
  readonly resolution: number;
  #index = new HashIndex();
  /** What the codes of another table's names are here, by its dictionaries. */
  readonly #codeMaps = new WeakMap<Dictionary, CodeMap>();

  /**
   * @param resolution - H3 resolution of the cells, 0 to 15
   * @param names - dictionaries to begin with, by their property
   */
  constructor(resolution: number, names?: PlaceNames) {
    super(resolution, names);
    this.resolution = resolution;
    this.addUnknown();
    this.#reindex();
  }

  /** Puts places from whole columns of codes here, row 0 of which must be "unlocated". Throws `bad-cube-file` if they are not places. */
  static fromColumns(resolution: number, source: PlaceSource): CubePlaces {
    const { length, names, columns, fields = {} } = source;
    const places = new CubePlaces(resolution, names);
    for (const [name, field] of Object.entries(fields)) places.declare(name, field);
    for (const [name, { dictionary }] of places.fields)
      if (dictionary !== undefined && !areBelow(columns[name]!, places.dictionaryOf(name).size))
        throw cubeError("bad-cube-file", { reason: "a place has an unknown name" });
    const rows = places.#rowsOfColumns(columns, length);
    if (rows.some((found, row) => found !== row)) throw cubeError("bad-cube-file", { reason: "a place occurs twice" });
    return places;
  }

  get memoryBytes(): number {
    return this.columnBytes + 150 * this.length;
  }

  /** Finds or adds the rows of the given ids of a place table, and writes them to `rows`. */
  rowsOf(table: PlaceTable, ids: ArrayLike<number>, rows: Uint32Array): void {
    this.#declareAll(table.fields);
    // Column by column: rows lie all over a large table, and the processor then fetches many at once.
    const columns = this.#newColumns(ids.length);
    for (const [name, { dictionary }] of this.fields) {
      if (!table.fields.has(name)) continue;
      const values = takeInto(table.column(name), ids, columns[name]!);
      if (dictionary !== undefined)
        this.#codeMap(table.dictionaryOf(name), this.dictionaryOf(name)).map(values as Uint32Array);
    }
    const { lat, lon, cellLow, cellHigh } = columns as unknown as CubePlaces;
    latLngsToCellHalves(lat, lon, this.resolution, cellLow, cellHigh);
    rows.set(this.#rowsOfColumns(columns, ids.length));
  }

  /** Finds or adds the row here of each row of another cube's places, made coarser on the way if asked to. */
  rowsFrom(other: CubePlaces, coarsen: Coarsening = {}): Uint32Array {
    const { level = "cell", resolution = other.resolution } = coarsen;
    if (level === "world") return new Uint32Array(other.length).fill(UNLOCATED);
    this.#declareAll(other.fields);
    const columns = this.#newColumns(other.length);
    for (const [name, { level: from = "country", dictionary }] of this.fields as PlaceFields) {
      if (!other.fields.has(name) || PLACE_LEVELS.indexOf(level) < PLACE_LEVELS.indexOf(from)) continue;
      columns[name]!.set(other.column(name).subarray(0, other.length));
      if (dictionary !== undefined)
        this.#codeMap(other.dictionaryOf(name), this.dictionaryOf(name)).map(columns[name] as Uint32Array);
    }
    const { cellLow, cellHigh } = columns as unknown as CubePlaces;
    for (let row = 0; row < other.length; row++) {
      const high = level === "cell" ? cellHigh[row]! : 0;
      cellLow[row] = high === 0 ? 0 : parentLow(cellLow[row]!, resolution);
      cellHigh[row] = high === 0 ? 0 : parentHigh(high, resolution);
    }
    return this.#rowsOfColumns(columns, other.length);
  }

  /** Finds or adds the rows of places given by columns of numbers and of names, each of as many rows as there are cells. */
  rowsOfNames(names: Readonly<Record<string, readonly string[]>>, numbers: AnyColumns): Uint32Array {
    const length = numbers.cellLow!.length;
    const columns = this.#newColumns(length);
    for (const [name, values] of Object.entries(names)) {
      const dictionary = this.dictionaryOf(name);
      const codes = columns[name]!;
      for (let row = 0; row < length; row++) codes[row] = dictionary.code(values[row]!);
    }
    for (const [name, values] of Object.entries(numbers)) columns[name]!.set(values);
    return this.#rowsOfColumns(columns, length);
  }

  override declare(name: string, field: PlaceField): void {
    super.declare(name, cubeField(field));
    this.#reindex();
  }

  #declareAll(fields: PlaceFields): void {
    for (const [name, field] of fields)
      if (field.isTableOnly !== true && !this.fields.has(name)) this.declare(name, field);
  }

  #newColumns(length: number): Record<string, Column> {
    const columns: Record<string, Column> = makeColumns(Object.fromEntries(this.fields), length);
    for (const [name, { unknown }] of this.fields) if (unknown !== 0) columns[name]!.fill(unknown);
    return columns;
  }

  #codeMap(from: Dictionary, to: Dictionary): CodeMap {
    const known = this.#codeMaps.get(from) ?? new CodeMap(from, to);
    this.#codeMaps.set(from, known);
    return known;
  }

  /** Finds or adds the row of each row of the columns, whose codes are of the dictionaries here. */
  #rowsOfColumns(columns: AnyColumns, length: number): Uint32Array {
    const keyNames = this.#keyNames();
    const keyColumns = keyNames.map((name) => columns[name]!);
    const hashes = hashColumns(keyColumns, length);
    const keys = typedColumns(keyColumns);
    const all = typedColumns([...this.fields.keys()].map((name) => columns[name]!));
    const isCloser = this.#closeness(columns);
    const rows = new Uint32Array(length);
    let mine = this.typed;
    let myKeys = typedColumns(keyNames.map((name) => this.column(name)));
    for (let i = 0; i < length; i++) {
      const known = this.#index.find(hashes[i]!, myKeys, keys, i);
      if (known === UNLOCATED) continue;
      const row = known > 0 ? known : this.addRow();
      if (mine !== this.typed) {
        mine = this.typed;
        myKeys = typedColumns(keyNames.map((name) => this.column(name)));
      }
      rows[i] = row;
      if (known < 0) this.#index.add(hashes[i]!, row);
      if (known < 0 || isCloser(i, row)) copyRow(all, i, mine, row);
    }
    return rows;
  }

  #keyNames(): string[] {
    return [...(this.fields as PlaceFields)].filter(([, { isKey }]) => isKey === true).map(([name]) => name);
  }

  #reindex(): void {
    const keys = this.#keyNames().map((name) => this.column(name));
    const hashes = hashColumns(keys, this.length);
    this.#index = new HashIndex();
    for (let row = 0; row < this.length; row++) this.#index.add(hashes[row]!, row);
  }

  /** A total order, so that the row that stands for many records does not depend on which came first. */
  #closeness(columns: AnyColumns): (i: number, row: number) => boolean {
    const ranked = [...(this.fields as PlaceFields)]
      .filter(([, { isKey }]) => isKey !== true)
      .sort(([a, one], [b, two]) => (one.rank ?? LAST) - (two.rank ?? LAST) || (a < b ? -1 : 1));
    return (i, row) => {
      for (const [name, { dictionary }] of ranked) {
        const [mine, other] = [this.column(name)[row]!, columns[name]![i]!];
        const order = dictionary === undefined ? compared(other, mine) : this.#comparedNames(name, mine, other);
        if (order !== 0) return order < 0;
      }
      return false;
    };
  }

  /** Negative if the second name comes first: the later in the alphabet does, so that "unknown" comes last. */
  #comparedNames(name: string, code: number, other: number): number {
    if (code === other) return 0;
    const dictionary = this.dictionaryOf(name);
    return dictionary.value(other) > dictionary.value(code) ? -1 : 1;
  }
}

/** Dictionaries of names of places, by their property. */
export type PlaceNames = Readonly<Record<string, Dictionary>>;

/** Places out of a file: columns of `length` rows. */
export interface PlaceSource {
  readonly length: number;
  readonly names: PlaceNames;
  readonly columns: AnyColumns;
  /** Columns beside those of every cube. */
  readonly fields?: Readonly<Record<string, PlaceField>>;
}

type PlaceFields = ReadonlyMap<string, PlaceField>;

/** The rank of what has none. */
const LAST = 1_000;

function areBelow(codes: Column, size: number): boolean {
  return codes.every((code: number) => code < size);
}

/** Negative if `a` comes first, positive if `b` does, 0 if they are equal; what is unknown comes last. */
function compared(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}
