import { Dictionary } from "../../core/dictionary.js";
import type { Column } from "../../core/grown.js";
import type { PlaceTable } from "../../core/places.js";
import { parentHigh, parentLow } from "../../grid/cellParent.js";
import { latLngsToCellHalves } from "../../grid/latLngsToCells.js";
import { cubeError } from "../errors.js";
import { CodeMap } from "./codeMap.js";
import { type Coarsening, PLACE_LEVELS } from "./placeLevel.js";
import { PlaceRowIndex } from "./placeRowIndex.js";
import {
  grownPlaces,
  type NamedPlace,
  type PlaceArrays,
  type PlaceRow,
  placeAt,
  unknownPlaces,
  writePlace,
} from "./placeRows.js";

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
  #columns = unknownPlaces(64);
  readonly #index = new PlaceRowIndex();
  /** What the codes of a place table's names are here, for each table met. */
  readonly #codesOf = new WeakMap<PlaceTable, PlaceCodes>();

  /** @param resolution - H3 resolution of the cells, 0 to 15 */
  constructor(resolution: number, names: Partial<PlaceDictionaries> = {}) {
    this.resolution = resolution;
    this.countries = names.countries ?? new Dictionary();
    this.regions = names.regions ?? new Dictionary();
    this.regionCodes = names.regionCodes ?? new Dictionary();
    this.cities = names.cities ?? new Dictionary();
    this.timeZones = names.timeZones ?? new Dictionary();
    this.#index.add(this.#columns, UNLOCATED, placeAt(this.#columns, UNLOCATED));
  }

  /** Places out of whole columns, row 0 of which must be "unlocated". Throws `bad-cube-file` if they are not places. */
  static fromColumns(resolution: number, columns: PlaceColumns): CubePlaces {
    const places = new CubePlaces(resolution, columns);
    for (let row = 0; row < columns.length; row++) {
      const place = placeAt(columns, row);
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
    return this.#columns.country;
  }
  /** Codes of `regions`. */
  get region(): Uint32Array {
    return this.#columns.region;
  }
  /** Codes of `regionCodes`. */
  get regionCode(): Uint32Array {
    return this.#columns.regionCode;
  }
  /** Codes of `cities`. */
  get city(): Uint32Array {
    return this.#columns.city;
  }
  /** Codes of `timeZones`. */
  get timeZone(): Uint32Array {
    return this.#columns.timeZone;
  }
  /** Degrees; NaN where unknown. */
  get lat(): Float64Array {
    return this.#columns.lat;
  }
  get lon(): Float64Array {
    return this.#columns.lon;
  }
  get accuracyKm(): Float32Array {
    return this.#columns.accuracyKm;
  }
  /** Halves of the H3 cell at `resolution`; both 0 where the coordinates are unknown. */
  get cellLow(): Uint32Array {
    return this.#columns.cellLow;
  }
  get cellHigh(): Uint32Array {
    return this.#columns.cellHigh;
  }

  get memoryBytes(): number {
    return 48 * this.#columns.country.length + 150 * this.#length;
  }

  /** Finds or adds the rows of the given ids of a place table, and writes them to `rows`. */
  rowsOf(table: PlaceTable, ids: ArrayLike<number>, rows: Uint32Array): void {
    const low = new Uint32Array(ids.length);
    const high = new Uint32Array(ids.length);
    // Column by column: rows lie all over a large table, and the processor then fetches many at once.
    const lat = takeColumn(table.lat, ids, new Float64Array(ids.length));
    const lon = takeColumn(table.lon, ids, new Float64Array(ids.length));
    const accuracyKm = takeColumn(table.accuracyKm, ids, new Float32Array(ids.length));
    const codes = this.#codes(table);
    const country = codes.country.map(takeColumn(table.country, ids, new Uint32Array(ids.length)));
    const region = codes.region.map(takeColumn(table.region, ids, new Uint32Array(ids.length)));
    const regionCode = codes.regionCode.map(takeColumn(table.regionCode, ids, new Uint32Array(ids.length)));
    const city = codes.city.map(takeColumn(table.city, ids, new Uint32Array(ids.length)));
    const timeZone = codes.timeZone.map(takeColumn(table.timeZone, ids, new Uint32Array(ids.length)));
    latLngsToCellHalves(lat, lon, this.resolution, low, high);
    for (let i = 0; i < ids.length; i++) {
      rows[i] = this.#row({
        country: country[i]!,
        region: region[i]!,
        regionCode: regionCode[i]!,
        city: city[i]!,
        timeZone: timeZone[i]!,
        lat: lat[i]!,
        lon: lon[i]!,
        accuracyKm: accuracyKm[i]!,
        cellLow: low[i]!,
        cellHigh: high[i]!,
      });
    }
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

  #codes(table: PlaceTable): PlaceCodes {
    const known = this.#codesOf.get(table);
    if (known) return known;
    const codes = {
      country: new CodeMap(table.countries, this.countries),
      region: new CodeMap(table.regions, this.regions),
      regionCode: new CodeMap(table.regionCodes, this.regionCodes),
      city: new CodeMap(table.cities, this.cities),
      timeZone: new CodeMap(table.timeZones, this.timeZones),
    };
    this.#codesOf.set(table, codes);
    return codes;
  }

  #row(place: PlaceRow): number {
    const known = this.#index.find(this.#columns, place);
    if (known >= 0) {
      if (known !== UNLOCATED && this.#closer(place, known)) writePlace(this.#columns, known, place);
      return known;
    }
    const row = this.#length++;
    if (row === this.#columns.country.length) this.#columns = grownPlaces(this.#columns, 2 * row);
    writePlace(this.#columns, row, place);
    this.#index.add(this.#columns, row, place);
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

  #knows(place: PlaceRow): boolean {
    return (
      place.country < this.countries.size &&
      place.region < this.regions.size &&
      place.regionCode < this.regionCodes.size &&
      place.city < this.cities.size &&
      place.timeZone < this.timeZones.size
    );
  }

  /** A total order, so that the row that stands for many records does not depend on which came first. */
  #closer(place: PlaceRow, row: number): boolean {
    const { accuracyKm, lat, lon } = this.#columns;
    const nearer =
      compared(place.accuracyKm, accuracyKm[row]!) || compared(place.lat, lat[row]!) || compared(place.lon, lon[row]!);
    if (nearer !== 0) return nearer < 0;
    const zone = this.timeZones.value(this.#columns.timeZone[row]!);
    const otherZone = this.timeZones.value(place.timeZone);
    if (zone !== otherZone) return otherZone > zone;
    return this.regionCodes.value(place.regionCode) > this.regionCodes.value(this.#columns.regionCode[row]!);
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

/** Codes of a place table as codes of a cube's places. */
interface PlaceCodes {
  readonly country: CodeMap;
  readonly region: CodeMap;
  readonly regionCode: CodeMap;
  readonly city: CodeMap;
  readonly timeZone: CodeMap;
}

/** Places out of a file: columns of `length` rows. */
export interface PlaceColumns extends PlaceDictionaries, PlaceArrays {
  readonly length: number;
}

const CELL_DEPTH = PLACE_LEVELS.indexOf("cell");

function takeColumn<T extends Column>(column: Column, ids: ArrayLike<number>, out: T): T {
  for (let i = 0; i < out.length; i++) out[i] = column[ids[i]!]!;
  return out;
}

/** Negative if `a` comes first, positive if `b` does, 0 if they are equal; what is unknown comes last. */
function compared(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}
