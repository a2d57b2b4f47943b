import { grown } from "../core/grown.js";

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
  const entries = Object.entries(places).map(([name, column]) => [name, grown(column, capacity)]);
  return Object.fromEntries(entries) as PlaceArrays;
}

export function placeAt(places: PlaceArrays, row: number): PlaceRow {
  return Object.fromEntries(COLUMNS.map((name) => [name, places[name][row]!])) as PlaceRow;
}

export function writePlace(places: PlaceArrays, row: number, place: PlaceRow): void {
  for (const name of COLUMNS) places[name][row] = place[name];
}

const COLUMNS = Object.keys(unknownPlaces(0)) as (keyof PlaceArrays)[];
