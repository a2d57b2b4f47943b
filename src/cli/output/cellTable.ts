import type { FeatureCollection, MultiPolygon } from "geojson";
import { cellsCentroid } from "../../grid/cellsArea.js";
import { cellsToGeoJson } from "../../grid/outlines/cellsToGeoJson.js";
import { answerTable } from "../../pivot/answerTable.js";
import type { PivotTable } from "../../pivot/pivotTable.js";
import { cliError } from "../errors.js";

/** Some 150 m, finer than what a city database knows. */
const GEOHASH_LENGTH = 7;
const BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz";

/** The name among `--by` that says cells; throws `bad-option` where there is none. */
export function cellColumn(option: string, by: readonly string[]): string {
  const name = by.find((one) => one === "cell" || one.startsWith("cell:"));
  if (name === undefined) throw cliError("bad-option", { option, value: by.join(","), expected: "a cell among --by" });
  return name;
}

/** A table with the middles of its cells, as maps take them that know no H3: `latitude`, `longitude` and `geohash`. */
export function withCoordinates(table: PivotTable, column: string): PivotTable {
  const rows = Array.from({ length: table.numRows() }, (_, row) => row);
  const points = rows.map((row) => centre(table.get(column, row)));
  return answerTable([
    ...table.columnNames().map((name) => [name, rows.map((row) => table.get(name, row) as string)] as const),
    ["latitude", points.map((point) => point && rounded(point.lat)) as number[]],
    ["longitude", points.map((point) => point && rounded(point.lon)) as number[]],
    ["geohash", points.map((point) => point && geohash(point.lat, point.lon)) as string[]],
  ]) as PivotTable;
}

/** A table as areas: each row is its cell's outline with all else as properties. Rows without a place are left out. */
export function cellFeatures(table: PivotTable, column: string): FeatureCollection<MultiPolygon> {
  const names = table.columnNames();
  return {
    type: "FeatureCollection",
    features: Array.from({ length: table.numRows() }, (_, row) => ({
      type: "Feature" as const,
      geometry: cellsToGeoJson([String(table.get(column, row) ?? "")].filter((cell) => cell !== "")),
      properties: Object.fromEntries(names.map((name) => [name, table.get(name, row) ?? null])),
    })).filter(({ geometry }) => geometry.coordinates.length > 0),
  };
}

function centre(cell: unknown): { readonly lat: number; readonly lon: number } | null {
  return typeof cell === "string" && cell !== "" ? cellsCentroid([cell]) : null;
}

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

/** Niemeyer's geohash: bits of longitude and latitude in turn, five a letter. */
function geohash(lat: number, lon: number): string {
  const range = { lon: [-180, 180], lat: [-90, 90] };
  let [text, bits, isLon] = ["", 0, true];
  for (let at = 1; at <= 5 * GEOHASH_LENGTH; at++) {
    const [side, value] = isLon ? [range.lon, lon] : [range.lat, lat];
    const middle = (side[0]! + side[1]!) / 2;
    const isUpper = value >= middle;
    side[isUpper ? 0 : 1] = middle;
    bits = 2 * bits + (isUpper ? 1 : 0);
    isLon = !isLon;
    if (at % 5 === 0) [text, bits] = [text + BASE32[bits]!, 0];
  }
  return text;
}
