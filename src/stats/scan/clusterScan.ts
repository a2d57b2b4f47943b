import { circularZones, type ZoneLimits } from "./circularZones.js";
import { connectedZones } from "./connectedZones.js";
import { spatialError } from "./errors.js";
import { neighbourOrder, type RegionPoints } from "./neighbourOrder.js";
import { binomialModel, poissonModel, type ScanModel } from "./scanModel.js";
import { type ScanCluster, type ScanOptions, scanZones } from "./scanZones.js";

/** Cases by region, and what they are held against. */
export type ScanData = PopulationData | ExpectedData;

export interface PopulationData {
  /** Whole numbers. */
  readonly cases: ArrayLike<number>;
  /** Whom the cases are among; for the binomial model whole numbers, cases and others together. */
  readonly population: ArrayLike<number>;
  /** `poisson`: few of many fall ill (default); `binomial`: each is a case or not. */
  readonly model?: "poisson" | "binomial";
}

export interface ExpectedData {
  readonly cases: ArrayLike<number>;
  /** Cases expected, taken as they are; Poisson. */
  readonly expected: ArrayLike<number>;
}

export interface CircularScanOptions extends ScanOptions {
  /** The largest share of the population that a cluster may hold. Default 0.5. */
  readonly maxShare?: number;
  /** The most regions that a cluster may have. Default all. */
  readonly maxRegions?: number;
}

export interface FlexibleScanOptions extends CircularScanOptions {
  /** Neighbours of each region, by number. */
  readonly adjacency: readonly (readonly number[])[];
}

/**
 * Kulldorff's circular spatial scan statistic: where are more cases than chance explains, if regions are round?
 *
 * Kulldorff, "A spatial scan statistic", 1997; the same clusters, likelihoods and p-values as SaTScan's.
 * Throws `lengths-differ`, `bad-value` and `bad-spatial-option`.
 */
export function circularScan(points: RegionPoints, data: ScanData, options: CircularScanOptions = {}): ScanCluster[] {
  const { cases, model, limits } = checked(points, data, options, Number.POSITIVE_INFINITY);
  return scanZones(circularZones(neighbourOrder(points), model.weight, limits), model, cases, options);
}

/**
 * The flexible spatial scan statistic of Tango and Takahashi (2005): clusters of any connected shape among each region's
 * `maxRegions` nearest (default 10; the work grows exponentially with it).
 *
 * Throws `lengths-differ`, `bad-value` and `bad-spatial-option`.
 */
export function flexibleScan(points: RegionPoints, data: ScanData, options: FlexibleScanOptions): ScanCluster[] {
  const { cases, model, limits } = checked(points, data, options, 10);
  if (options.adjacency.length !== cases.length)
    throw spatialError("lengths-differ", {
      column: "adjacency",
      expected: cases.length,
      actual: options.adjacency.length,
    });
  const tree = connectedZones(neighbourOrder(points), options.adjacency, model.weight, limits);
  return scanZones(tree, model, cases, options);
}

function checked(
  points: RegionPoints,
  data: ScanData,
  options: CircularScanOptions,
  defaultRegions: number,
): { cases: Int32Array; model: ScanModel; limits: ZoneLimits } {
  const { maxShare = 0.5, maxRegions = defaultRegions, replications = 999 } = options;
  const n = data.cases.length;
  const [a, b] = "x" in points ? [points.x, points.y] : [points.lat, points.lon];
  const binomial = "model" in data && data.model === "binomial";
  const population = "expected" in data ? data.expected : data.population;
  for (const [column, values] of Object.entries({ points: a, "points ": b, population }))
    if (values.length !== n)
      throw spatialError("lengths-differ", { column: column.trim(), expected: n, actual: values.length });
  check("maxShare", maxShare, maxShare > 0 && maxShare <= 1, "a share above 0, up to 1");
  check("maxRegions", maxRegions, maxRegions >= 1, "1 or more");
  check("replications", replications, Number.isInteger(replications) && replications >= 0, "a whole number");
  for (let r = 0; r < n; r++) {
    value("points", r, a[r]! + b[r]!, Number.isFinite(a[r]! + b[r]!), "finite coordinates");
    value("cases", r, data.cases[r]!, Number.isInteger(data.cases[r]!) && data.cases[r]! >= 0, "a whole number");
    const size = population[r]!;
    value("population", r, size, Number.isFinite(size) && size >= 0, "a number of 0 or more");
    if (binomial)
      value(
        "population",
        r,
        size,
        Number.isInteger(size) && size >= data.cases[r]!,
        "a whole number, no less than the cases",
      );
  }
  const cases = Int32Array.from(data.cases);
  const model = binomial ? binomialModel(cases, population) : poissonModel(cases, population, "expected" in data);
  return { cases, model, limits: { maxWeight: maxShare * model.totalWeight * (1 + 1e-12), maxRegions } };
}

function check(option: string, given: number, good: boolean, expected: string): void {
  if (!good) throw spatialError("bad-spatial-option", { option, value: String(given), expected });
}

function value(column: string, row: number, given: number, good: boolean, expected: string): void {
  if (!good) throw spatialError("bad-value", { column, row, value: given, expected });
}
