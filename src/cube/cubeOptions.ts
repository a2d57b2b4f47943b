import { checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import { callback, choice, either, epochMs, having, list, number, seconds, text } from "../core/options/shapes.js";
import { SECOND_MS } from "../core/time.js";
import { cubeError } from "./errors.js";
import type { AnyMeasure } from "./measures/measure.js";
import { allMeasures, OPTIONAL_MEASURES } from "./measures/measures.js";

/** What is kept beside the counts of requests and errors. */
export type CubeMeasure = "bytes" | "latency" | "clients" | "users";

export interface CubeOptions {
  /** Length of a time bucket in seconds. Buckets count from 1970 UTC. Default 300. */
  readonly bucketSeconds?: number;
  /** H3 resolution of the cells, 0 to 15. Any coarser one can be had later. Default 4 (some 1,770 km² a cell). */
  readonly resolution?: number;
  /**
   * Names of the dimensions to keep apart: `service`, `method`, `version` or any other of the events' own, and these made
   * of the columns that every event has: `status`, `status_class` (`2xx`), `asn`, `organization`, `network`, `tag`.
   * Default none.
   */
  readonly dimensions?: readonly string[];
  /** Which statuses are errors: codes, or a rule. Default 500 to 599. */
  readonly errors?: readonly number[] | ((status: number) => boolean);
  /**
   * What to keep beside counts and errors: any of `bytes`, `latency`, `clients`, `users`, and measures of your own. Less makes
   * a smaller and a faster cube. Default those four.
   */
  readonly measures?: readonly (CubeMeasure | AnyMeasure)[];
  /** Only events in [fromMs, toMs), epoch milliseconds, are counted; the others are counted as `outside`. Default all. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** The most values of a dimension that are kept apart, in the order they are seen. Default 100,000. */
  readonly maxValues?: number;
  /** What becomes of the values beyond `maxValues`: they count as "(other)", or `too-many-values` is thrown. Default "other". */
  readonly overflow?: "other" | "error";
  /** The most memory that the cube may take, in bytes; beyond it `cube-too-large` is thrown. Default 4 GiB. */
  readonly maxBytes?: number;
}

/** What each option takes. */
export const CUBE_OPTIONS: Shapes<CubeOptions> = {
  bucketSeconds: seconds,
  resolution: number,
  dimensions: list(text, "names"),
  errors: either(list(number, "status codes"), callback),
  measures: list(either(text, having("a measure: sumMeasure(…)", "columns", "figures")), "measures"),
  fromMs: epochMs,
  toMs: epochMs,
  maxValues: number,
  overflow: choice("other", "error"),
  maxBytes: number,
};

/** Every measure, in the order in which a saved cube keeps them. */
export const CUBE_MEASURES = OPTIONAL_MEASURES.map(({ name }) => name) as readonly CubeMeasure[];

/** The options of a cube with their defaults filled in, checked. */
export interface CubeSettings {
  readonly bucketMs: number;
  readonly resolution: number;
  readonly dimensions: readonly string[];
  /** Status codes that count as errors, ascending. */
  readonly errorStatuses: readonly number[];
  /** Names of those that are kept beside counts and errors. */
  readonly measures: ReadonlySet<string>;
  /** Those of them that are the caller's own. */
  readonly own: readonly AnyMeasure[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxValues: number;
  readonly overflow: "other" | "error";
  readonly maxBytes: number;
}

/** Fills in defaults. Throws `bad-cube-option`, `unknown-option`, `wrong-option`. */
export function cubeSettings(options: CubeOptions): CubeSettings {
  checkOptions("Cube", options, CUBE_OPTIONS);
  const { bucketSeconds = 300, resolution = 4, dimensions = [], measures = CUBE_MEASURES } = options;
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = options;
  const { maxValues = 100_000, overflow = "other", maxBytes = 2 ** 32 } = options;
  check(bucketSeconds > 0 && bucketSeconds <= 366 * 86_400, "bucketSeconds", bucketSeconds, "seconds, up to a year");
  check(Number.isInteger(bucketSeconds * SECOND_MS), "bucketSeconds", bucketSeconds, "whole milliseconds");
  check(Number.isInteger(resolution) && resolution >= 0 && resolution <= 15, "resolution", resolution, "0 to 15");
  check(new Set(dimensions).size === dimensions.length, "dimensions", dimensions, "each name once");
  check(!dimensions.includes(""), "dimensions", dimensions, "no empty name");
  const own = measures.filter((measure) => typeof measure !== "string");
  const names = measures.map((measure) => (typeof measure === "string" ? measure : measure.name));
  checkMeasures(measures, own);
  check(fromMs < toMs, "fromMs", fromMs, "a time before toMs");
  check(Number.isInteger(maxValues) && maxValues > 0, "maxValues", maxValues, "a positive integer");
  check(overflow === "other" || overflow === "error", "overflow", overflow, '"other" or "error"');
  check(maxBytes > 0, "maxBytes", maxBytes, "a positive number");
  return {
    bucketMs: bucketSeconds * SECOND_MS,
    resolution,
    dimensions: [...dimensions],
    errorStatuses: errorStatuses(options.errors),
    measures: new Set(names),
    own,
    fromMs,
    toMs,
    maxValues,
    overflow,
    maxBytes,
  };
}

/** A caller's own measures must be told apart from all others, and so must their columns in a segment and their figures. */
function checkMeasures(measures: readonly (CubeMeasure | AnyMeasure)[], own: readonly AnyMeasure[]): void {
  for (const measure of measures)
    if (typeof measure === "string")
      check(CUBE_MEASURES.includes(measure), "measures", measure, CUBE_MEASURES.join(", "));
  const all = allMeasures({ own });
  const known = allMeasures({ own: [] });
  for (const measure of own) {
    check(all.filter(({ name }) => name === measure.name).length === 1, "measures", measure.name, "each name once");
    for (const property of propertiesOf(measure)) {
      const takers = all.filter((other) => propertiesOf(other).includes(property)).length;
      const isFree = takers === 1 && !RESERVED.includes(property);
      check(isFree, "measures", measure.name, `another name for the column ${property}, which there is`);
    }
    for (const figure of measure.figures) {
      const isNew = !known.some((other) => other.figure(figure) !== null);
      check(isNew, "measures", measure.name, `another name for the figure ${figure}, which there is`);
    }
  }
}

const RESERVED = ["schema", "length", "firstBucket", "bucket", "place", "codes", "squares"];

function propertiesOf({ columns, list }: AnyMeasure): string[] {
  return [...Object.keys(columns), ...(list ? [list.name] : [])];
}

function errorStatuses(rule: CubeOptions["errors"] = (status) => status >= 500 && status <= 599): readonly number[] {
  if (typeof rule === "function") return Array.from({ length: 1000 }, (_, status) => status).filter(rule);
  for (const status of rule)
    check(Number.isInteger(status) && status >= 0 && status < 1000, "errors", status, "status codes below 1000");
  return [...new Set(rule)].sort((a, b) => a - b);
}

function check(holds: boolean, option: string, value: unknown, expected: string): void {
  if (!holds) throw cubeError("bad-cube-option", { option, value: String(value), expected });
}
