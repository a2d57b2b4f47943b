import { circularZones } from "./circularZones.js";
import { connectedZones } from "./connectedZones.js";
import { neighbourOrder, type RegionPoints } from "./neighbourOrder.js";
import { checkAdjacency, checkLength, checkValue, type ScanData, type ScanInput, scanInput } from "./scanInput.js";
import { type ScanCluster, type ScanOptions, scanZones } from "./scanZones.js";
import { symmetricAdjacency } from "./symmetricAdjacency.js";

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
  const { cases, model, limits } = checkedScan(points, data, options, Number.POSITIVE_INFINITY);
  return scanZones(circularZones(neighbourOrder(points), model.weight, limits), model, cases, options);
}

/**
 * The flexible spatial scan statistic of Tango and Takahashi (2005): clusters of any connected shape among each region's
 * `maxRegions` nearest (default 10; the work grows exponentially with it). For longer ones see `connectedScan`.
 *
 * Throws `lengths-differ`, `bad-value` and `bad-spatial-option`.
 */
export function flexibleScan(points: RegionPoints, data: ScanData, options: FlexibleScanOptions): ScanCluster[] {
  const { cases, model, limits } = checkedScan(points, data, options, 10);
  checkAdjacency(options.adjacency, cases.length);
  const tree = connectedZones(neighbourOrder(points), symmetricAdjacency(options.adjacency), model.weight, limits);
  return scanZones(tree, model, cases, options);
}

/** Checks points, cases and options. Throws `lengths-differ`, `bad-value` and `bad-spatial-option`. */
export function checkedScan(
  points: RegionPoints,
  data: ScanData,
  { maxShare = 0.5, maxRegions, replications = 999 }: CircularScanOptions,
  defaultRegions: number,
): ScanInput {
  const n = data.cases.length;
  const [a, b] = "x" in points ? [points.x, points.y] : [points.lat, points.lon];
  checkLength("points", a, n);
  checkLength("points", b, n);
  for (let r = 0; r < n; r++)
    checkValue("points", r, a[r]! + b[r]!, Number.isFinite(a[r]! + b[r]!), "finite coordinates");
  return scanInput(data, { maxShare, maxRegions: maxRegions ?? defaultRegions, replications });
}
