import type { ColumnTable } from "./columns/columnTable.js";
import { fromPacked, type PackedOf, schema } from "./columns/schema.js";
import { PLACE_COLUMNS, type PlaceField } from "./placeColumns.js";

/** How closely a place is known. */
export type Precision = "none" | "country" | "region" | "city";

/** Precisions by their code in {@link PlaceTable.precision}, from the vaguest to the closest. */
export const PRECISIONS: readonly Precision[] = ["none", "country", "region", "city"];

/** Where an address is, as its database says. What is not known is the empty string. */
export interface Place {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  /** Name of the first-level subdivision (state, province, Land). */
  readonly region: string;
  /** ISO 3166-2 code of the subdivision with its country (`DE-HE`), where the database has it. */
  readonly regionCode: string;
  readonly city: string;
  /** Degrees; NaN where only the name of the place is known. */
  readonly lat: number;
  readonly lon: number;
  /** Radius around the coordinates within which the address probably is. */
  readonly accuracyKm: number;
  readonly precision: Precision;
  /** IANA time zone, where the database has it. */
  readonly timeZone: string;
}

/** A place, with the id under which columns hold it. */
export interface LocatedPlace extends Place {
  /** Row of the place table. */
  readonly id: number;
}

/** A {@link PlaceTable} as nothing but columns, row 0 among them: what threads share and files hold. */
export type PlaceColumns = PackedOf<typeof PLACE_COLUMNS>;

/**
 * Places as rows of columns. A row's number is the place id; ids never change, row 0 is "unlocated".
 *
 * The columns are longer than `length` while the table grows: read them through the table, each time anew.
 */
export class PlaceTable extends schema(PLACE_COLUMNS, (packed?: PlaceColumns) => fromPacked(packed)) {
  readonly #told = new Map<string, number>();

  /** @param packed - rows to begin with; used as they are, not copied */
  constructor(packed?: PlaceColumns) {
    super(packed);
    if (packed === undefined) this.addUnknown();
  }

  /** Adds a column beside those of every place, before any is counted: cubes of the events take it over, `pivot` groups by it where it says so. */
  override declare(name: string, field: PlaceField): void {
    super.declare(name, field);
  }

  /**
   * Appends a place, whether or not an equal one is there, and returns its id. Columns that were declared beside those of
   * every place take the properties of their names.
   */
  add(place: Place): number {
    const id = this.addUnknown();
    this.encode(place, this, id);
    return id;
  }

  /** The id of a place that was asked for here before; else adds it. For places that logs tell, not databases. */
  idOf(place: Place): number {
    const key = JSON.stringify(place);
    let id = this.#told.get(key);
    if (id === undefined) this.#told.set(key, (id = this.add(place)));
    return id;
  }

  /** Writes a place to a row of a table, with codes of this table's dictionaries. */
  encode(place: Place, rows: ColumnTable, row: number): void {
    for (const [name, { dictionary, unknown }] of this.fields) {
      const value = (place as unknown as Record<string, string | number | undefined>)[name];
      const isText = dictionary !== undefined && value !== undefined;
      if (rows.fields.has(name))
        rows.column(name)[row] = isText ? this.dictionaryOf(name).code(value as string) : Number(value ?? unknown);
    }
    (rows.column("precision") as Uint8Array)[row] = PRECISIONS.indexOf(place.precision);
  }

  /** The place of an id as an object, or null for id 0 and ids never given. */
  at(id: number): Place | null {
    if (id <= 0 || id >= this.length) return null;
    const { id: _, ...place } = this.located(id);
    return place;
  }

  /** The place of an id that was given, with the id. Written out, because loops over names take several times as long. */
  located(id: number): LocatedPlace {
    return {
      id,
      country: this.countries.value(this.country[id]!),
      region: this.regions.value(this.region[id]!),
      regionCode: this.regionCodes.value(this.regionCode[id]!),
      city: this.cities.value(this.city[id]!),
      lat: this.lat[id]!,
      lon: this.lon[id]!,
      accuracyKm: this.accuracyKm[id]!,
      precision: PRECISIONS[this.precision[id]!]!,
      timeZone: this.timeZones.value(this.timeZone[id]!),
    };
  }
}
