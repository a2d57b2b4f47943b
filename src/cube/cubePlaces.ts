import { Dictionary } from "../core/dictionary.js";
import { grown } from "../core/grown.js";
import type { PlaceTable } from "../core/places.js";
import { parentHigh, parentLow } from "../grid/cellParent.js";
import { latLngsToCellHalves } from "../grid/latLngsToCells.js";
import { cubeError } from "./errors.js";

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
  readonly countries: Dictionary;
  readonly regions: Dictionary;
  readonly regionCodes: Dictionary;
  readonly cities: Dictionary;
  readonly timeZones: Dictionary;
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
  constructor(resolution: number, names: Partial<PlaceDictionaries> = {}) {
    this.resolution = resolution;
    this.countries = names.countries ?? new Dictionary();
    this.regions = names.regions ?? new Dictionary();
    this.regionCodes = names.regionCodes ?? new Dictionary();
    this.cities = names.cities ?? new Dictionary();
    this.timeZones = names.timeZones ?? new Dictionary();
  }

  /** Places out of whole columns, row 0 of which must be "unlocated". Throws `bad-cube-file` if they are not places. */
  static fromColumns(resolution: number, columns: PlaceColumns): CubePlaces {
    const places = new CubePlaces(resolution, columns);
    for (let row = 0; row < columns.length; row++) {
      const place: CodedPlace = {
        country: columns.country[row]!,
        region: columns.region[row]!,
        regionCode: columns.regionCode[row]!,
        city: columns.city[row]!,
        timeZone: columns.timeZone[row]!,
        lat: columns.lat[row]!,
        lon: columns.lon[row]!,
        accuracyKm: columns.accuracyKm[row]!,
        cellLow: columns.cellLow[row]!,
        cellHigh: columns.cellHigh[row]!,
      };
      if (!places.#knows(place)) throw cubeError("bad-cube-file", { reason: "a place has an unknown name" });
      if (places.#row(place) !== row) throw cubeError("bad-cube-file", { reason: "a place occurs twice" });
    }
    return places;
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

  /** Finds or adds the row here of each row of another cube's places, made coarser on the way if asked to. */
  rowsFrom(other: CubePlaces, coarsen: Coarsening = {}): Uint32Array {
    const { level = "cell", resolution = other.resolution } = coarsen;
    const depth = PLACE_LEVELS.indexOf(level);
    return Uint32Array.from({ length: other.length }, (_, row) => {
      if (depth === 0) return UNLOCATED;
      const named = (code: number, names: Dictionary, mine: Dictionary, from: number): number =>
        depth >= from ? mine.code(names.value(code)) : 0;
      const high = depth >= CELL_DEPTH ? other.cellHigh[row]! : 0;
      return this.#row({
        country: named(other.country[row]!, other.countries, this.countries, 1),
        region: named(other.region[row]!, other.regions, this.regions, 2),
        regionCode: named(other.regionCode[row]!, other.regionCodes, this.regionCodes, 2),
        city: named(other.city[row]!, other.cities, this.cities, 3),
        timeZone: this.timeZones.code(other.timeZones.value(other.timeZone[row]!)),
        lat: other.lat[row]!,
        lon: other.lon[row]!,
        accuracyKm: other.accuracyKm[row]!,
        cellLow: high === 0 ? 0 : parentLow(other.cellLow[row]!, resolution),
        cellHigh: high === 0 ? 0 : parentHigh(high, resolution),
      });
    });
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

  /** Finds or adds the row of a place given by its names. */
  rowOf(place: NamedPlace): number {
    return this.#row({
      ...place,
      country: this.countries.code(place.country),
      region: this.regions.code(place.region),
      regionCode: this.regionCodes.code(place.regionCode),
      city: this.cities.code(place.city),
      timeZone: this.timeZones.code(place.timeZone),
    });
  }

  #knows(place: CodedPlace): boolean {
    return (
      place.country < this.countries.size &&
      place.region < this.regions.size &&
      place.regionCode < this.regionCodes.size &&
      place.city < this.cities.size &&
      place.timeZone < this.timeZones.size
    );
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

/** Dictionaries of names of places. */
export interface PlaceDictionaries {
  readonly countries: Dictionary;
  readonly regions: Dictionary;
  readonly regionCodes: Dictionary;
  readonly cities: Dictionary;
  readonly timeZones: Dictionary;
}

/** Places as columns of `length` rows. */
export interface PlaceColumns extends PlaceDictionaries {
  readonly length: number;
  readonly country: Uint32Array;
  readonly region: Uint32Array;
  readonly regionCode: Uint32Array;
  readonly city: Uint32Array;
  readonly timeZone: Uint32Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly accuracyKm: Float32Array;
  readonly cellLow: Uint32Array;
  readonly cellHigh: Uint32Array;
}

/** How closely places are told apart, from not at all to the cell: each level knows what those before it know. */
export type PlaceLevel = "world" | "country" | "region" | "city" | "cell";

/** Levels from the coarsest. */
export const PLACE_LEVELS: readonly PlaceLevel[] = ["world", "country", "region", "city", "cell"];
const CELL_DEPTH = PLACE_LEVELS.indexOf("cell");

/** How much coarser places are to become. */
export interface Coarsening {
  /** Default "cell": as they are. */
  readonly level?: PlaceLevel;
  /** Resolution of the cells, no finer than now. */
  readonly resolution?: number;
}

/** A place of a cube by its names. */
export interface NamedPlace {
  readonly country: string;
  readonly region: string;
  readonly regionCode: string;
  readonly city: string;
  readonly timeZone: string;
  readonly lat: number;
  readonly lon: number;
  readonly accuracyKm: number;
  readonly cellLow: number;
  readonly cellHigh: number;
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
