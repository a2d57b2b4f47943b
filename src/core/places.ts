import { type Allocate, copied, grown } from "./grown.js";
import { PackedDictionary, type PackedStrings } from "./packedDictionary.js";

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

/** A {@link PlaceTable} as nothing but columns, row 0 among them: what threads share and files hold. */
export interface PlaceColumns {
  readonly country: Uint16Array;
  readonly region: Uint32Array;
  readonly regionCode: Uint32Array;
  readonly city: Uint32Array;
  readonly timeZone: Uint16Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly accuracyKm: Float32Array;
  readonly precision: Uint8Array;
  readonly countries: PackedStrings;
  readonly regions: PackedStrings;
  readonly regionCodes: PackedStrings;
  readonly cities: PackedStrings;
  readonly timeZones: PackedStrings;
}

/**
 * Places as rows of columns. A row's number is the place id; ids never change, row 0 is "unlocated".
 *
 * The columns are longer than `length` while the table grows: read them through the getters, each time anew.
 */
export class PlaceTable {
  readonly countries: PackedDictionary;
  readonly regions: PackedDictionary;
  readonly regionCodes: PackedDictionary;
  readonly cities: PackedDictionary;
  readonly timeZones: PackedDictionary;
  #length = 1;
  #country: Uint16Array = new Uint16Array(64);
  #region: Uint32Array = new Uint32Array(64);
  #regionCode: Uint32Array = new Uint32Array(64);
  #city: Uint32Array = new Uint32Array(64);
  #timeZone: Uint16Array = new Uint16Array(64);
  #lat: Float64Array = new Float64Array(64).fill(Number.NaN, 0, 1);
  #lon: Float64Array = new Float64Array(64).fill(Number.NaN, 0, 1);
  #accuracyKm: Float32Array = new Float32Array(64).fill(Number.NaN, 0, 1);
  #precision: Uint8Array = new Uint8Array(64);

  /** @param columns - rows to begin with; used as they are, not copied */
  constructor(columns?: PlaceColumns) {
    this.countries = new PackedDictionary(columns?.countries);
    this.regions = new PackedDictionary(columns?.regions);
    this.regionCodes = new PackedDictionary(columns?.regionCodes);
    this.cities = new PackedDictionary(columns?.cities);
    this.timeZones = new PackedDictionary(columns?.timeZones);
    if (columns === undefined) return;
    this.#length = columns.country.length;
    this.#country = columns.country;
    this.#region = columns.region;
    this.#regionCode = columns.regionCode;
    this.#city = columns.city;
    this.#timeZone = columns.timeZone;
    this.#lat = columns.lat;
    this.#lon = columns.lon;
    this.#accuracyKm = columns.accuracyKm;
    this.#precision = columns.precision;
  }

  /** How many rows there are, row 0 among them. */
  get length(): number {
    return this.#length;
  }
  /** Codes of `countries`. */
  get country(): Uint16Array {
    return this.#country;
  }
  /** Codes of `regions`. */
  get region(): Uint32Array {
    return this.#region;
  }
  /** Codes of `regionCodes`. */
  get regionCode(): Uint32Array {
    return this.#regionCode;
  }
  /** Codes of `cities`. */
  get city(): Uint32Array {
    return this.#city;
  }
  /** Codes of `timeZones`. */
  get timeZone(): Uint16Array {
    return this.#timeZone;
  }
  /** Degrees; NaN where unknown. */
  get lat(): Float64Array {
    return this.#lat;
  }
  get lon(): Float64Array {
    return this.#lon;
  }
  get accuracyKm(): Float32Array {
    return this.#accuracyKm;
  }
  /** Codes of {@link PRECISIONS}. */
  get precision(): Uint8Array {
    return this.#precision;
  }

  /** Appends a place, whether or not an equal one is there, and returns its id. */
  add(place: Place): number {
    return this.addCodes(
      this.countries.code(place.country),
      this.regions.code(place.region),
      this.regionCodes.code(place.regionCode),
      this.cities.code(place.city),
      this.timeZones.code(place.timeZone),
      place.lat,
      place.lon,
      place.accuracyKm,
      PRECISIONS.indexOf(place.precision),
    );
  }

  /** {@link add} for what compiles whole databases: the codes are of this table's dictionaries, `precision` of {@link PRECISIONS}. */
  addCodes(
    country: number,
    region: number,
    regionCode: number,
    city: number,
    timeZone: number,
    lat: number,
    lon: number,
    accuracyKm: number,
    precision: number,
  ): number {
    const id = this.#length++;
    if (id === this.#country.length) this.#grow(2 * id);
    this.#country[id] = country;
    this.#region[id] = region;
    this.#regionCode[id] = regionCode;
    this.#city[id] = city;
    this.#timeZone[id] = timeZone;
    this.#lat[id] = lat;
    this.#lon[id] = lon;
    this.#accuracyKm[id] = accuracyKm;
    this.#precision[id] = precision;
    return id;
  }

  /** Makes room for so many rows, which spares copying them again and again while the table grows. */
  reserve(rows: number): void {
    if (rows > this.#country.length) this.#grow(rows);
  }

  /** The place of an id as an object, or null for id 0 and ids never given. */
  at(id: number): Place | null {
    if (id <= 0 || id >= this.#length) return null;
    return {
      country: this.countries.value(this.#country[id]!),
      region: this.regions.value(this.#region[id]!),
      regionCode: this.regionCodes.value(this.#regionCode[id]!),
      city: this.cities.value(this.#city[id]!),
      lat: this.#lat[id]!,
      lon: this.#lon[id]!,
      accuracyKm: this.#accuracyKm[id]!,
      precision: PRECISIONS[this.#precision[id]!]!,
      timeZone: this.timeZones.value(this.#timeZone[id]!),
    };
  }

  /** Copies of all columns in memory that `allocate` gives. */
  columns(allocate: Allocate): PlaceColumns {
    const length = this.#length;
    return {
      country: copied(this.#country, length, allocate),
      region: copied(this.#region, length, allocate),
      regionCode: copied(this.#regionCode, length, allocate),
      city: copied(this.#city, length, allocate),
      timeZone: copied(this.#timeZone, length, allocate),
      lat: copied(this.#lat, length, allocate),
      lon: copied(this.#lon, length, allocate),
      accuracyKm: copied(this.#accuracyKm, length, allocate),
      precision: copied(this.#precision, length, allocate),
      countries: this.countries.pack(allocate),
      regions: this.regions.pack(allocate),
      regionCodes: this.regionCodes.pack(allocate),
      cities: this.cities.pack(allocate),
      timeZones: this.timeZones.pack(allocate),
    };
  }

  #grow(capacity: number): void {
    this.#country = grown(this.#country, capacity);
    this.#region = grown(this.#region, capacity);
    this.#regionCode = grown(this.#regionCode, capacity);
    this.#city = grown(this.#city, capacity);
    this.#timeZone = grown(this.#timeZone, capacity);
    this.#lat = grown(this.#lat, capacity);
    this.#lon = grown(this.#lon, capacity);
    this.#accuracyKm = grown(this.#accuracyKm, capacity);
    this.#precision = grown(this.#precision, capacity);
  }
}
