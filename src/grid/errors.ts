import { errorKind } from "../core/errors.js";

/** Everything that grid/ throws on purpose. */
export const gridError = errorKind<{
  "bad-resolution": { resolution: number };
  "bad-coordinates": { row: number; lat: number; lon: number };
  "bad-cell": { value: string };
  "length-mismatch": { column: string; expected: number; actual: number };
  "short-column": { column: string; needed: number; actual: number };
  "too-many-cells": { cells: number; limit: number };
  "bad-min-count": { minCount: number };
  "bad-geojson": { name: string; reason: string };
  "self-crossing": { name: string; lon: number; lat: number };
  "no-outline": { region: string; reason: string };
  "bad-group": { group: string; member: string; reason: string };
  "bad-catalogue": { reason: string };
  "no-atlas": Record<never, never>;
}>({
  "bad-resolution": (d) => `resolution ${d.resolution} is not an integer from 0 to 15`,
  "bad-coordinates": (d) => `row ${d.row}: latitude ${d.lat}, longitude ${d.lon} is not a point on Earth`,
  "bad-cell": (d) => `${JSON.stringify(d.value)} is not an H3 cell`,
  "length-mismatch": (d) => `"${d.column}" has ${d.actual} rows, expected ${d.expected}`,
  "short-column": (d) => `"${d.column}" has room for ${d.actual} rows, needs ${d.needed}`,
  "too-many-cells": (d) => `that would be ${d.cells} cells, more than the ${d.limit} allowed`,
  "bad-min-count": (d) => `minCount ${d.minCount} is not a number of 0 or more`,
  "bad-geojson": (d) => `the GeoJSON of "${d.name}" cannot be read: ${d.reason}`,
  "self-crossing": (d) =>
    `a ring of the polygon of "${d.name}" crosses itself near longitude ${d.lon}, latitude ${d.lat}`,
  "no-outline": (d) => `${d.region} has no outline to draw: ${d.reason}`,
  "bad-group": (d) => `group "${d.group}" cannot hold ${d.member}: ${d.reason}`,
  "no-atlas": () => "no map of countries is here: pass world-atlas's countries-50m.json to CountryIndex",
  "bad-catalogue": (d) => `the catalogue cannot be read: ${d.reason}`,
});

/** Throws `bad-resolution` unless the value is one of H3's sixteen resolutions. */
export function checkResolution(resolution: number): void {
  if (!Number.isInteger(resolution) || resolution < 0 || resolution > 15)
    throw gridError("bad-resolution", { resolution });
}

/** Throws `length-mismatch` unless a column has the length expected of it. */
export function checkLength(column: string, actual: number, expected: number): void {
  if (actual !== expected) throw gridError("length-mismatch", { column, expected, actual });
}

/** Throws `short-column` unless a column that is written to has room for every row. */
export function checkRoom(column: string, actual: number, needed: number): void {
  if (actual < needed) throw gridError("short-column", { column, needed, actual });
}
