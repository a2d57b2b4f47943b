import { cellText } from "../cellText.js";
import { continentName, continentOf, country, countryName } from "../countries.js";
import { latLngsToCellHalves } from "../latLngsToCells.js";

/** A table of places: the columns that `PlaceTable` and a cube's places share. */
export interface RegionPlaces {
  readonly length: number;
  readonly countries: { value(code: number): string };
  readonly regions: { value(code: number): string };
  readonly regionCodes: { value(code: number): string };
  readonly cities: { value(code: number): string };
  readonly country: ArrayLike<number>;
  readonly region: ArrayLike<number>;
  readonly regionCode: ArrayLike<number>;
  readonly city: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  readonly lon: ArrayLike<number>;
}

/** A level of one's own: what each place's key is on it. The empty string stands for "none". */
export interface OwnLevel {
  readonly name: string;
  readonly keyOf: (row: number) => string;
}

export type RegionLevel =
  | "continent"
  | "unRegion"
  | "unSubregion"
  | "country"
  | "subdivision"
  | "city"
  | "cell"
  | OwnLevel;

export interface RegionTreeOptions {
  /** From the widest to the narrowest, below the world. Default: continent, country, subdivision, city. */
  readonly levels?: readonly RegionLevel[];
  /** H3 resolution of the level `cell`. Default 4. */
  readonly resolution?: number;
}

/** A region and where it stands in its tree. */
export interface RegionNode {
  /** The keys from the continent down, joined by "/": `EU/DE/DE-HE/Frankfurt`. The same in every run; `world` for the root. */
  readonly id: string;
  /** What people call it: "Germany" for DE. Empty for what is not known. */
  readonly name: string;
  /** 0 is the world, 1 the first of the levels. */
  readonly level: number;
  /** Row of the region around it; -1 for the world. */
  readonly parent: number;
}

/**
 * Places in nested regions, from the world down: every place is in exactly one region of each level, and that lies
 * in exactly one of the level above. What a place does not tell is a region of its own, with the key "?".
 */
export interface RegionTree {
  /** Names of the levels; "world" first. */
  readonly levels: readonly string[];
  /** Sorted by id, so that rows are the same whatever the order of the places. Parents come before their children. */
  readonly nodes: readonly RegionNode[];
  /** For each level, the row in `nodes` of each place. */
  readonly nodeOf: readonly Uint32Array[];
}

const WORLD = "world";
const UNKNOWN_KEY = "?";

/** Arranges places in nested regions. Throws `bad-resolution`. */
export function regionTree(places: RegionPlaces, options: RegionTreeOptions = {}): RegionTree {
  const { levels = ["continent", "country", "subdivision", "city"], resolution = 4 } = options;
  const readers = levels.map((level) => levelReader(level, places, resolution));
  const world: Growing = { id: WORLD, name: "World", level: 0, parent: null, children: new Map() };
  const found = [world];
  const nodesOf = [world, ...readers].map((): Growing[] => new Array(places.length));
  for (let row = 0; row < places.length; row++) {
    let node = world;
    nodesOf[0]![row] = node;
    for (let at = 0; at < readers.length; at++) {
      const { keyOf, nameOf } = readers[at]!;
      const key = keyOf(row);
      let child = node.children.get(key);
      if (child === undefined) found.push((child = addChild(node, key)));
      if (key !== "") {
        // Of several names for one key the first in the alphabet, so that the order of the rows does not matter.
        const name = nameOf(row, key);
        if (child.name === "" || name < child.name) child.name = name;
      }
      node = child;
      nodesOf[at + 1]![row] = node;
    }
  }
  return sortedTree(levels, found, nodesOf);
}

/** A region while its places are gathered. */
interface Growing {
  readonly id: string;
  name: string;
  readonly level: number;
  readonly parent: Growing | null;
  readonly children: Map<string, Growing>;
}

function addChild(parent: Growing, key: string): Growing {
  const part = key === "" ? UNKNOWN_KEY : key.replace(/[%/?]/g, encodeURIComponent);
  const id = parent.parent === null ? part : `${parent.id}/${part}`;
  const child: Growing = { id, name: "", level: parent.level + 1, parent, children: new Map() };
  parent.children.set(key, child);
  return child;
}

function sortedTree(
  levels: readonly RegionLevel[],
  found: readonly Growing[],
  nodesOf: readonly (readonly Growing[])[],
): RegionTree {
  // The world first, then by code unit: an id comes after every id that it continues.
  const order = (a: Growing, b: Growing): number => (a.level === 0 ? -1 : b.level === 0 ? 1 : a.id < b.id ? -1 : 1);
  const sorted = found.toSorted(order);
  const rowOf = new Map(sorted.map((node, row) => [node, row]));
  return {
    levels: [WORLD, ...levels.map((level) => (typeof level === "string" ? level : level.name))],
    nodes: sorted.map(({ id, name, level, parent }) => ({ id, name, level, parent: parent ? rowOf.get(parent)! : -1 })),
    nodeOf: nodesOf.map((nodes) => Uint32Array.from(nodes, (node) => rowOf.get(node)!)),
  };
}

interface LevelReader {
  readonly keyOf: (row: number) => string;
  readonly nameOf: (row: number, key: string) => string;
}

function levelReader(level: RegionLevel, places: RegionPlaces, resolution: number): LevelReader {
  const itself = (_: number, key: string): string => key;
  if (typeof level !== "string") return { keyOf: level.keyOf, nameOf: itself };
  const countryOf = (row: number): string => places.countries.value(places.country[row]!);
  const regionOf = (row: number): string => places.regions.value(places.region[row]!);
  const regionCodeOf = (row: number): string => places.regionCodes.value(places.regionCode[row]!);
  switch (level) {
    case "continent":
      return { keyOf: (row) => continentOf(countryOf(row)) ?? "", nameOf: (_, key) => continentName(key) };
    case "unRegion":
      return { keyOf: (row) => country(countryOf(row))?.unRegion ?? "", nameOf: itself };
    case "unSubregion":
      return { keyOf: (row) => country(countryOf(row))?.unSubregion ?? "", nameOf: itself };
    case "country":
      return { keyOf: countryOf, nameOf: (_, key) => countryName(key) };
    case "subdivision":
      return { keyOf: (row) => regionCodeOf(row) || regionOf(row), nameOf: (row, key) => regionOf(row) || key };
    case "city":
      return { keyOf: (row) => places.cities.value(places.city[row]!), nameOf: itself };
    case "cell":
      return { keyOf: cellReader(places, resolution), nameOf: itself };
  }
}

function cellReader(places: RegionPlaces, resolution: number): (row: number) => string {
  const low = new Uint32Array(places.length);
  const high = new Uint32Array(places.length);
  const lats = Float64Array.from({ length: places.length }, (_, row) => places.lat[row]!);
  const lons = Float64Array.from({ length: places.length }, (_, row) => places.lon[row]!);
  latLngsToCellHalves(lats, lons, resolution, low, high);
  return (row) => cellText(low[row]!, high[row]!);
}
