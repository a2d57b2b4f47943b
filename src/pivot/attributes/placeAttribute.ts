import { having } from "../../core/options/shapes.js";
import { PLACE_COLUMNS, type PlaceField } from "../../core/placeColumns.js";
import type { Place } from "../../core/places.js";
import type { Cube } from "../../cube/cube.js";
import type { CubePlaces } from "../../cube/keys/cubePlaces.js";
import { parentHigh, parentLow } from "../../grid/cellParent.js";
import { cellText } from "../../grid/cellText.js";
import { continentOf } from "../../grid/countries.js";
import { pivotError } from "../errors.js";
import type { Attribute } from "./attribute.js";

/**
 * A place of a cube as an object. What is not known is the empty string, or NaN. Columns that the cube's places have beside
 * those of every place are properties, too.
 */
export interface PlaceInfo extends Omit<Place, "precision"> {
  /** H3 index at the cube's resolution. */
  readonly cell: string;
}

/** A dimension of the user's own making: a region is whatever this says of a place. */
export interface PlaceDimension {
  readonly name: string;
  readonly of: (place: PlaceInfo) => string;
}

/** What a dimension of one's own is. */
export const PLACE_DIMENSION = having("a dimension of your own: { name, of: (place) => … }", "name", "of");

/** `cell:3` is the cell at resolution 3. */
export const PLACE_ATTRIBUTES: readonly string[] = placeAttributes(Object.entries<PlaceField>(PLACE_COLUMNS));

/** The attributes of places with these columns. */
export function placeAttributes(fields: Iterable<readonly [string, PlaceField]>): string[] {
  const named = [...fields].filter(([, { isAttribute }]) => isAttribute === true).map(([name]) => name);
  return ["continent", ...named, "cell", "cell:RESOLUTION"];
}

/**
 * Whether a name is that of an attribute of places.
 *
 * @param fields - of the cube's places, where these may have columns of their own
 */
export function isPlaceAttribute(name: string, fields?: ReadonlyMap<string, PlaceField>): boolean {
  return PLACE_ATTRIBUTES.includes(name) || /^cell:\d+$/.test(name) || fields?.get(name)?.isAttribute === true;
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
  const info: Record<string, string | number> = { cell: cellName(places.cellLow[row]!, places.cellHigh[row]!) };
  for (const [name, { dictionary }] of places.fields) {
    if (name === "cellLow" || name === "cellHigh") continue;
    const value = places.column(name)[row]!;
    info[name] = dictionary === undefined ? value : places.dictionaryOf(name).value(value);
  }
  return info as unknown as PlaceInfo;
}

/** The name of a row's value, followed by what tells it from others of the same name. */
type Naming = (row: number) => readonly string[];

function namingOf(cube: Cube, name: string): Naming {
  const { places } = cube;
  if (name === "continent") return (row) => [continentOf(places.countries.value(places.country[row]!)) ?? ""];
  const field = (places.fields as ReadonlyMap<string, PlaceField>).get(name);
  if (field?.isAttribute === true) return byColumns(places, [name, ...(field.within ?? [])]);
  const resolution = name === "cell" ? cube.resolution : Number(name.slice(5));
  if (resolution > cube.resolution)
    throw pivotError("bad-pivot-option", { option: "by", value: name, expected: `cell:0 to cell:${cube.resolution}` });
  return (row) => {
    const high = places.cellHigh[row]!;
    return [high === 0 ? "" : cellName(parentLow(places.cellLow[row]!, resolution), parentHigh(high, resolution))];
  };
}

/** The value of the first column, if it has one, and those of the others. */
function byColumns(places: CubePlaces, names: readonly string[]): Naming {
  const readers = names.map((name) => {
    const isText = places.fields.get(name)!.dictionary !== undefined;
    const values = isText ? places.dictionaryOf(name) : { value: String };
    return (row: number): string => values.value(places.column(name)[row]!);
  });
  return (row) => {
    const first = readers[0]!(row);
    return first === "" ? [""] : readers.map((read) => read(row));
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
