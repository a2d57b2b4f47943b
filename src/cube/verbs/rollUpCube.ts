import type { Shapes } from "../../core/options/shape.js";
import { list, number, seconds, text } from "../../core/options/shapes.js";
import { SECOND_MS } from "../../core/time.js";
import type { CubeParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import { CubePlaces } from "../keys/cubePlaces.js";
import { PLACE_LEVELS, type PlaceLevel } from "../keys/placeLevel.js";
import { aggregateGroups } from "../segments/aggregateGroups.js";
import { range } from "../segments/range.js";
import { bucketSpan } from "../segments/segment.js";
import { mergedOf } from "./mergedOf.js";

export interface RollUpOptions {
  /** How closely places are still told apart: `world`, `country`, `region`, `city`, `cell`. Default `cell`. */
  readonly level?: PlaceLevel;
  /** A coarser H3 resolution of the cells. Default the cube's. */
  readonly resolution?: number;
  /** The dimensions to keep, in their new order. Default all. */
  readonly dimensions?: readonly string[];
  /** A longer bucket, a multiple of the cube's. Default the cube's. */
  readonly bucketSeconds?: number;
}

/** What each option takes. */
export const ROLL_UP_OPTIONS: Shapes<RollUpOptions> = {
  level: text,
  resolution: number,
  dimensions: list(text, "names"),
  bucketSeconds: seconds,
};

/**
 * A coarser cube of the same events: places joined, dimensions dropped, buckets lengthened. It equals the cube built so
 * from the events, distinct clients and users included.
 *
 * A place of the level `city` or coarser has no cell; its coordinates are those of the closest known place in it.
 *
 * Throws `bad-cube-option` and `no-such-dimension`.
 */
export function rollUpCube(parts: CubeParts, options: RollUpOptions): CubeParts {
  const { settings, segment } = parts;
  const { level = "cell", resolution = settings.resolution, dimensions = settings.dimensions } = options;
  const bucketMs = (options.bucketSeconds ?? settings.bucketMs / SECOND_MS) * SECOND_MS;
  check(PLACE_LEVELS.includes(level), "level", level, PLACE_LEVELS.join(", "));
  const coarser = Number.isInteger(resolution) && resolution >= 0 && resolution <= settings.resolution;
  check(coarser, "resolution", resolution, `0 to ${settings.resolution}`);
  const longer = bucketMs > 0 && Number.isInteger(bucketMs / settings.bucketMs);
  check(longer, "bucketSeconds", bucketMs / SECOND_MS, `a multiple of ${settings.bucketMs / SECOND_MS}`);
  const kept = dimensions.map((name) => {
    const index = settings.dimensions.indexOf(name);
    if (index < 0) throw cubeError("no-such-dimension", { dimension: name, known: settings.dimensions });
    return index;
  });
  const places = new CubePlaces(resolution);
  const rows = places.rowsFrom(parts.places, { level, resolution });
  const factor = bucketMs / settings.bucketMs;
  const firstBucket = Math.floor(segment.firstBucket / factor);
  const lead = segment.firstBucket - firstBucket * factor;
  const bucket = segment.bucket.map((b) => (b + lead) / factor);
  const coarse = aggregateGroups(segment, mergedOf(parts), {
    keys: { bucket, place: segment.place.map((row) => rows[row]!), codes: kept.map((d) => segment.codes[d]!) },
    rows: range(segment.length),
    sizes: [
      Math.floor((bucketSpan(segment) + lead) / factor) + 1,
      places.length,
      ...kept.map((d) => parts.dimensions[d]!.dictionary.size),
    ],
    firstBucket,
  });
  return {
    ...parts,
    settings: { ...settings, resolution, bucketMs, dimensions },
    places,
    dimensions: kept.map((d) => parts.dimensions[d]!),
    segment: coarse,
  };
}

function check(holds: boolean, option: string, value: unknown, expected: string): void {
  if (!holds) throw cubeError("bad-cube-option", { option, value: String(value), expected });
}
