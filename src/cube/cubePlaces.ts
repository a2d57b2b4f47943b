import { Dictionary } from "../core/dictionary.js";
import { grown } from "../core/grown.js";
import type { PlaceTable } from "../core/places.js";
import { latLngsToCellHalves } from "../grid/latLngsToCells.js";

/** The row of events without a place. */
export const UNLOCATED = 0;

/**
 * The places of a cube: one row for each distinct (cell, country, region, city) that its events come from.
 *
 * Row 0 is "unlocated": empty names, cell 0. The columns are longer than `length` while the table grows: read them
 * through the getters, each time anew. Coordinates, accuracy, region code and time zone of a row are those of the
 * closest known of its database records: the one with the least accuracy radius, ties going to the south and the west.
 */
export class CubePlaces {
  readonly countries = new Dictionary();
  readonly regions = new Dictionary();
  readonly regionCodes = new Dictionary();
  readonly cities = new Dictionary();
  readonly timeZones = new Dictionary();
  readonly resolution: number;
  #length = 1;
  #country = new Uint32Array(64);
  #region = new Uint32Array(64);
  #regionCode = new Uint32Array(64);
  #city = new Uint32Array(64);
  #timeZone = new Uint32Array(64);
  #lat = new Float64Array(64).fill(Number.NaN, 0, 1);
  #lon = new Float64Array(64).fill(Number.NaN, 0, 1);
  #accuracyKm = new Float32Array(64).fill(Number.NaN, 0, 1);
  #cellLow = new Uint32Array(64);
  #cellHigh = new Uint32Array(64);
  readonly #rows = new Map<string, number>([["0,0,0,0,0", UNLOCATED]]);

  /** @param resolution - H3 resolution of the cells, 0 to 15 */
  constructor(resolution: number) {
    this.resolution = resolution;
  }

  /** How many rows there are, row 0 among them. */
  get length(): number {
    return this.#length;
  }
  /** Codes of `countries`. */
  get country(): Uint32Array {
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
  get timeZone(): Uint32Array {
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
  /** Halves of the H3 cell at `resolution`; both 0 where the coordinates are unknown. */
  get cellLow(): Uint32Array {
    return this.#cellLow;
  }
  get cellHigh(): Uint32Array {
    return this.#cellHigh;
  }

  get memoryBytes(): number {
    return 44 * this.#country.length + 150 * this.#length;
  }

  /** Finds or adds the rows of the given ids of a place table, and writes them to `rows`. */
  rowsOf(table: PlaceTable, ids: readonly number[], rows: Uint32Array): void {
    const low = new Uint32Array(ids.length);
    const high = new Uint32Array(ids.length);
    const lats = Float64Array.from(ids, (id) => table.lat[id]!);
    const lons = Float64Array.from(ids, (id) => table.lon[id]!);
    latLngsToCellHalves(lats, lons, this.resolution, low, high);
    ids.forEach((id, i) => {
      rows[i] = this.#row({
        country: this.countries.code(table.countries.value(table.country[id]!)),
        region: this.regions.code(table.regions.value(table.region[id]!)),
        regionCode: this.regionCodes.code(table.regionCodes.value(table.regionCode[id]!)),
        city: this.cities.code(table.cities.value(table.city[id]!)),
        timeZone: this.timeZones.code(table.timeZones.value(table.timeZone[id]!)),
        lat: lats[i]!,
        lon: lons[i]!,
        accuracyKm: table.accuracyKm[id]!,
        cellLow: low[i]!,
        cellHigh: high[i]!,
      });
    });
  }

  /** Finds or adds the row here of each row of another cube's places. */
  rowsFrom(other: CubePlaces): Uint32Array {
    return Uint32Array.from({ length: other.length }, (_, row) =>
      this.#row({
        country: this.countries.code(other.countries.value(other.country[row]!)),
        region: this.regions.code(other.regions.value(other.region[row]!)),
        regionCode: this.regionCodes.code(other.regionCodes.value(other.regionCode[row]!)),
        city: this.cities.code(other.cities.value(other.city[row]!)),
        timeZone: this.timeZones.code(other.timeZones.value(other.timeZone[row]!)),
        lat: other.lat[row]!,
        lon: other.lon[row]!,
        accuracyKm: other.accuracyKm[row]!,
        cellLow: other.cellLow[row]!,
        cellHigh: other.cellHigh[row]!,
      }),
    );
  }

  #row(place: CodedPlace): number {
    const key = `${place.cellLow},${place.cellHigh},${place.country},${place.region},${place.city}`;
    const known = this.#rows.get(key);
    if (known !== undefined) {
      if (known !== UNLOCATED && this.#closer(place, known)) this.#write(known, place);
      return known;
    }
    const row = this.#length++;
    if (row === this.#country.length) this.#grow(2 * row);
    this.#rows.set(key, row);
    this.#write(row, place);
    return row;
  }

  /** A total order, so that the row that stands for many records does not depend on which came first. */
  #closer(place: CodedPlace, row: number): boolean {
    const mine = [orInfinity(this.#accuracyKm[row]!), orInfinity(this.#lat[row]!), orInfinity(this.#lon[row]!)];
    const theirs = [orInfinity(place.accuracyKm), orInfinity(place.lat), orInfinity(place.lon)];
    for (let i = 0; i < 3; i++) if (theirs[i] !== mine[i]) return theirs[i]! < mine[i]!;
    const zone = this.timeZones.value(this.#timeZone[row]!);
    const otherZone = this.timeZones.value(place.timeZone);
    if (zone !== otherZone) return otherZone > zone;
    return this.regionCodes.value(place.regionCode) > this.regionCodes.value(this.#regionCode[row]!);
  }

  #write(row: number, place: CodedPlace): void {
    this.#country[row] = place.country;
    this.#region[row] = place.region;
    this.#regionCode[row] = place.regionCode;
    this.#city[row] = place.city;
    this.#timeZone[row] = place.timeZone;
    this.#lat[row] = place.lat;
    this.#lon[row] = place.lon;
    this.#accuracyKm[row] = place.accuracyKm;
    this.#cellLow[row] = place.cellLow;
    this.#cellHigh[row] = place.cellHigh;
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
    this.#cellLow = grown(this.#cellLow, capacity);
    this.#cellHigh = grown(this.#cellHigh, capacity);
  }
}

/** A place in the cube's own codes. */
interface CodedPlace {
  readonly country: number;
  readonly region: number;
  readonly regionCode: number;
  readonly city: number;
  readonly timeZone: number;
  readonly lat: number;
  readonly lon: number;
  readonly accuracyKm: number;
  readonly cellLow: number;
  readonly cellHigh: number;
}

const orInfinity = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
