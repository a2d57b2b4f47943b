import type { Shapes } from "../../core/options/shape.js";
import { callback, either, epochMs, list, recordOf, text } from "../../core/options/shapes.js";
import type { CubeParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import type { PlaceLevel } from "../keys/placeLevel.js";
import { aggregateGroups } from "../segments/aggregateGroups.js";
import { bucketSpan, type Segment } from "../segments/segment.js";
import { mergedOf } from "./mergedOf.js";
import { rollUpCube } from "./rollUpCube.js";

export interface CubeSlice {
  /** Buckets that start in [fromMs, toMs), epoch milliseconds. Default all. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** ISO 3166-1 alpha-2 codes; the empty string is where the country is unknown. Default all. */
  readonly countries?: readonly string[];
  /** Rows of the cube's places for which this is true. Default all. */
  readonly place?: (row: number) => boolean;
  /** The values of a dimension, by its name. Default all. */
  readonly values?: Readonly<Record<string, string | readonly string[]>>;
}

/** What each option takes. */
export const CUBE_SLICE: Shapes<CubeSlice> = {
  fromMs: epochMs,
  toMs: epochMs,
  countries: list(text, "country codes"),
  place: callback,
  values: recordOf(either(text, list(text, "values")), 'an object of values by dimension: { service: "api" }'),
};

/** The part of a cube that a slice names, as a cube of its own. Throws `no-such-dimension`. */
export function sliceCube(cube: CubeParts, slice: CubeSlice): CubeParts {
  const inside = membership(cube, slice);
  return keepGroups(cube, (group) => inside(group));
}

/** The cube without the buckets that start in [fromMs, toMs): a window that moves on drops its oldest part so. */
export function withoutWindow(cube: CubeParts, fromMs: number, toMs: number): CubeParts {
  const inside = membership(cube, { fromMs, toMs });
  return keepGroups(cube, (group) => !inside(group));
}

/**
 * What lies under a slice, at a closer level of place: the regions of a country, the cities of a region. The cube must
 * have been built at that level or a closer one, as every cube is that was not rolled up.
 */
export function drillDown(cube: CubeParts, slice: CubeSlice, level: PlaceLevel): CubeParts {
  return rollUpCube(sliceCube(cube, slice), { level });
}

/** A cube of the groups for which `keep` is true. */
export function keepGroups(parts: CubeParts, keep: (group: number) => boolean): CubeParts {
  const { segment } = parts;
  const rows = new Uint32Array(segment.length);
  let kept = 0;
  for (let group = 0; group < segment.length; group++) if (keep(group)) rows[kept++] = group;
  const slice = picked(segment, rows.subarray(0, kept));
  const sliced = aggregateGroups(segment, mergedOf(parts), {
    keys: slice,
    rows: rows.subarray(0, kept),
    sizes: [bucketSpan(slice), parts.places.length, ...parts.dimensions.map((d) => d.dictionary.size)],
    firstBucket: slice.firstBucket,
  });
  const { bucketMs } = parts.settings;
  const startMs = sliced.firstBucket * bucketMs;
  return {
    ...parts,
    segment: sliced,
    // Within the bucket it is not known which events stayed.
    firstTimeMs: kept > 0 ? Math.max(parts.firstTimeMs, startMs) : Number.POSITIVE_INFINITY,
    lastTimeMs:
      kept > 0 ? Math.min(parts.lastTimeMs, startMs + bucketSpan(sliced) * bucketMs - 1) : Number.NEGATIVE_INFINITY,
  };
}

/** Keys of the given groups, buckets counted from the first of them. */
function picked(segment: Segment, rows: Uint32Array): Pick<Segment, "bucket" | "place" | "codes" | "firstBucket"> {
  const lead = rows.length > 0 ? segment.bucket[rows[0]!]! : 0;
  return {
    firstBucket: segment.firstBucket + lead,
    bucket: rows.map((group) => segment.bucket[group]! - lead),
    place: rows.map((group) => segment.place[group]!),
    codes: segment.codes.map((column) => rows.map((group) => column[group]!)),
  };
}

function membership(cube: CubeParts, slice: CubeSlice): (group: number) => boolean {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY, countries, place, values = {} } = slice;
  const { places, segment } = cube;
  const { bucketMs } = cube.settings;
  const originMs = segment.firstBucket * bucketMs;
  const rows = Uint8Array.from({ length: places.length }, (_, row) => {
    const country = places.countries.value(places.country[row]!);
    return (!countries || countries.includes(country)) && (!place || place(row)) ? 1 : 0;
  });
  const allowed = Object.entries(values).map(([name, wanted]) => {
    const index = cube.dimensions.findIndex((dimension) => dimension.name === name);
    const known = cube.dimensions.map((dimension) => dimension.name);
    if (index < 0) throw cubeError("no-such-dimension", { dimension: name, known });
    const list = typeof wanted === "string" ? [wanted] : wanted;
    return {
      column: segment.codes[index]!,
      codes: new Set(list.map((v) => cube.dimensions[index]!.dictionary.find(v))),
    };
  });
  return (group) => {
    const startMs = originMs + segment.bucket[group]! * bucketMs;
    if (startMs < fromMs || startMs >= toMs || rows[segment.place[group]!] === 0) return false;
    return allowed.every(({ column, codes }) => codes.has(column[group]!));
  };
}
