import type { Cube } from "../../cube/cube.js";
import type { CubePlaces } from "../../cube/keys/cubePlaces.js";
import { parentHigh, parentLow } from "../../grid/cellParent.js";
import { cellText } from "../../grid/cellText.js";
import { continentOf } from "../../grid/countries.js";
import { pivotError } from "../errors.js";
import type { Attribute, PlaceDimension } from "./attribute.js";

/** A place of a cube as an object. What is not known is the empty string, or NaN. */
export interface PlaceInfo {
  readonly country: string;
  readonly region: string;
  readonly regionCode: string;
  readonly city: string;
  /** H3 index at the cube's resolution. */
  readonly cell: string;
  readonly lat: number;
  readonly lon: number;
  readonly accuracyKm: number;
  readonly timeZone: string;
}

/** `cell:3` is the cell at resolution 3. */
export const PLACE_ATTRIBUTES: readonly string[] = [
  "continent",
  "country",
  "region",
  "city",
  "cell",
  "cell:RESOLUTION",
];

/** Whether a name is that of an attribute of places. */
export function isPlaceAttribute(name: string): boolean {
  return PLACE_ATTRIBUTES.includes(name) || /^cell:\d+$/.test(name);
}

/** An attribute of places. Throws `bad-pivot-option` for a cell finer than the cube's. */
export function placeAttribute(cube: Cube, wanted: string | PlaceDimension): Attribute {
  const { places } = cube;
  const naming = typeof wanted === "string" ? namingOf(cube, wanted) : byFunction(places, wanted);
  const byKey = new Map<string, number>();
  const short: string[] = [];
  const long: string[] = [];
  const codes = new Uint32Array(places.length);
  for (let row = 0; row < places.length; row++) {
    const parts = naming(row);
    const key = parts.join("\n");
    let code = byKey.get(key);
    if (code === undefined) {
      code = byKey.size;
      byKey.set(key, code);
      short.push(parts[0]!);
      long.push(parts.filter((part) => part !== "").join(", "));
    }
    codes[row] = code;
  }
  const name = typeof wanted === "string" ? wanted : wanted.name;
  return { name, labels: unambiguous(short, long), shortLabels: short, of: "place", codes, sorted: "value" };
}

/** The place of a row. */
export function placeInfo(places: CubePlaces, row: number): PlaceInfo {
  return {
    country: places.countries.value(places.country[row]!),
    region: places.regions.value(places.region[row]!),
    regionCode: places.regionCodes.value(places.regionCode[row]!),
    city: places.cities.value(places.city[row]!),
    cell: cellName(places.cellLow[row]!, places.cellHigh[row]!),
    lat: places.lat[row]!,
    lon: places.lon[row]!,
    accuracyKm: places.accuracyKm[row]!,
    timeZone: places.timeZones.value(places.timeZone[row]!),
  };
}

/** The name of a row's value, followed by what tells it from others of the same name. */
type Naming = (row: number) => readonly string[];

function namingOf(cube: Cube, name: string): Naming {
  const { places } = cube;
  const country = (row: number): string => places.countries.value(places.country[row]!);
  const region = (row: number): string => places.regions.value(places.region[row]!);
  const city = (row: number): string => places.cities.value(places.city[row]!);
  if (name === "country") return (row) => [country(row)];
  if (name === "continent") return (row) => [continentOf(country(row)) ?? ""];
  if (name === "region") return (row) => (region(row) === "" ? [""] : [region(row), country(row)]);
  if (name === "city") return (row) => (city(row) === "" ? [""] : [city(row), region(row), country(row)]);
  const resolution = name === "cell" ? cube.resolution : Number(name.slice(5));
  if (resolution > cube.resolution)
    throw pivotError("bad-pivot-option", { option: "by", value: name, expected: `cell:0 to cell:${cube.resolution}` });
  return (row) => {
    const high = places.cellHigh[row]!;
    return [high === 0 ? "" : cellName(parentLow(places.cellLow[row]!, resolution), parentHigh(high, resolution))];
  };
}

function byFunction(places: CubePlaces, dimension: PlaceDimension): Naming {
  return (row) => [String(dimension.of(placeInfo(places, row)))];
}

const cellName = (low: number, high: number): string => (high === 0 ? "" : cellText(low, high));

/** Short names, but long ones where a short name stands for several. */
function unambiguous(short: readonly string[], long: readonly string[]): string[] {
  const uses = new Map<string, number>();
  for (const name of short) uses.set(name, (uses.get(name) ?? 0) + 1);
  return short.map((name, code) => (uses.get(name)! > 1 ? long[code]! : name));
}
