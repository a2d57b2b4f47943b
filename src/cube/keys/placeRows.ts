import { grown } from "../../core/grown.js";

/** Places as columns, a row each. */
export interface PlaceArrays {
  /** Codes of dictionaries, each of its own. */
  readonly country: Uint32Array;
  readonly region: Uint32Array;
  readonly regionCode: Uint32Array;
  readonly city: Uint32Array;
  readonly timeZone: Uint32Array;
  /** Degrees; NaN where unknown. */
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly accuracyKm: Float32Array;
  /** Halves of the H3 cell; both 0 where the coordinates are unknown. */
  readonly cellLow: Uint32Array;
  readonly cellHigh: Uint32Array;
}

/** One row of them. */
export type PlaceRow = { readonly [C in keyof PlaceArrays]: number };

type PlaceName = "country" | "region" | "regionCode" | "city" | "timeZone";

/** A place by its names. */
export type NamedPlace = Omit<PlaceRow, PlaceName> & { readonly [N in PlaceName]: string };

/** Columns in which nothing is known of any place. */
export function unknownPlaces(capacity: number): PlaceArrays {
  const integers = (): Uint32Array => new Uint32Array(capacity);
  return {
    ...{ country: integers(), region: integers(), regionCode: integers(), city: integers(), timeZone: integers() },
    lat: new Float64Array(capacity).fill(Number.NaN),
    lon: new Float64Array(capacity).fill(Number.NaN),
    accuracyKm: new Float32Array(capacity).fill(Number.NaN),
    ...{ cellLow: integers(), cellHigh: integers() },
  };
}

/** Copies of the columns with room for more rows. */
export function grownPlaces(places: PlaceArrays, capacity: number): PlaceArrays {
  return {
    country: grown(places.country, capacity),
    region: grown(places.region, capacity),
    regionCode: grown(places.regionCode, capacity),
    city: grown(places.city, capacity),
    timeZone: grown(places.timeZone, capacity),
    lat: grown(places.lat, capacity),
    lon: grown(places.lon, capacity),
    accuracyKm: grown(places.accuracyKm, capacity),
    cellLow: grown(places.cellLow, capacity),
    cellHigh: grown(places.cellHigh, capacity),
  };
}

export function placeAt(places: PlaceArrays, row: number): PlaceRow {
  return {
    country: places.country[row]!,
    region: places.region[row]!,
    regionCode: places.regionCode[row]!,
    city: places.city[row]!,
    timeZone: places.timeZone[row]!,
    lat: places.lat[row]!,
    lon: places.lon[row]!,
    accuracyKm: places.accuracyKm[row]!,
    cellLow: places.cellLow[row]!,
    cellHigh: places.cellHigh[row]!,
  };
}

export function writePlace(places: PlaceArrays, row: number, place: PlaceRow): void {
  places.country[row] = place.country;
  places.region[row] = place.region;
  places.regionCode[row] = place.regionCode;
  places.city[row] = place.city;
  places.timeZone[row] = place.timeZone;
  places.lat[row] = place.lat;
  places.lon[row] = place.lon;
  places.accuracyKm[row] = place.accuracyKm;
  places.cellLow[row] = place.cellLow;
  places.cellHigh[row] = place.cellHigh;
}
