import { Random } from "../../core/random.js";
import { circularZones } from "./circularZones.js";
import { spatialError } from "./errors.js";
import { neighbourOrder, type RegionPoints } from "./neighbourOrder.js";
import { checkLength, checkOption, checkValue } from "./scanInput.js";
import { monteCarloP, type ScanOptions } from "./scanZones.js";
import { expectationModel, permutationModel, type SpaceTimeModel } from "./spaceTimeModel.js";
import { type ZoneTree, zoneCentres, zoneRegions } from "./zoneTree.js";

/** Cases by region and time: a row of one length for each region, whole numbers. */
export interface SpaceTimeData {
  readonly cases: readonly ArrayLike<number>[];
  /**
   * Cases expected, likewise: the expectation-based Poisson scan (Neill 2005). Left out, what is expected follows from the
   * totals of regions and times: the space–time permutation scan (Kulldorff and others 2005).
   */
  readonly expected?: readonly ArrayLike<number>[];
}

export interface SpaceTimeScanOptions extends ScanOptions {
  /** Windows that end with the last time (default: what is going on now), or any. */
  readonly windows?: "ending-now" | "any";
  /** The longest window, in times. Default half of all. */
  readonly maxDuration?: number;
  /** The largest share of all that is expected (of all cases, in the permutation scan) that a zone's regions may hold. Default 0.5. */
  readonly maxShare?: number;
  /** The most regions that a cluster may have. Default all. */
  readonly maxRegions?: number;
}

/** A circle of regions and a stretch of time with more cases than expected. */
export interface SpaceTimeCluster {
  /** Numbers of its regions, the centre first. */
  readonly regions: readonly number[];
  /** First and last time. */
  readonly from: number;
  readonly to: number;
  readonly cases: number;
  readonly expected: number;
  readonly llr: number;
  /** Share of the simulated histories with a cluster at least as likely. */
  readonly pValue: number;
}

/**
 * A space–time scan over cylinders: circles of regions, and windows of time.
 *
 * The most likely cluster, then of each centre the best that shares no region with a likelier one.
 * Throws `lengths-differ`, `bad-value` and `bad-spatial-option`.
 */
export function spaceTimeScan(
  points: RegionPoints,
  data: SpaceTimeData,
  options: SpaceTimeScanOptions = {},
): SpaceTimeCluster[] {
  const { replications = 999, seed = 1, maxPValue = 1, maxShare = 0.5 } = options;
  const { cases, times, windows } = checkedData(points, data, options);
  const model = data.expected === undefined ? permutationModel(cases, times) : expectationModel(data.expected, times);
  const all = model.regionWeight.reduce((a, b) => a + b, 0);
  const limits = {
    maxWeight: maxShare * all * (1 + 1e-12),
    maxRegions: options.maxRegions ?? Number.POSITIVE_INFINITY,
  };
  const tree = circularZones(neighbourOrder(points), model.regionWeight, limits);
  const best = bestOfCentres(tree, model, cases, windows);
  const simulated = new Float64Array(replications);
  const random = new Random(seed);
  const map = cases.map((row) => row.slice());
  for (let k = 0; k < replications; k++) {
    model.simulate(random, map);
    simulated[k] = Math.max(0, ...bestOfCentres(tree, model, map, windows).map((found) => found.llr));
  }
  return clustersOf(tree, best, model, cases, simulated.sort(), maxPValue);
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** A zone in a window of time. */
interface Cylinder extends Window {
  readonly zone: number;
  readonly llr: number;
}

/** The most likely cylinder of each centre. */
function bestOfCentres(
  { parent, region, judged, regions }: ZoneTree,
  model: SpaceTimeModel,
  cases: readonly Int32Array[],
  windows: readonly Window[],
): Cylinder[] {
  const centre = zoneCentres({ parent, region, judged, regions });
  const best: (Cylinder | undefined)[] = new Array(regions);
  const [sum, expected] = [new Float64Array(parent.length), new Float64Array(parent.length)];
  const [c, e] = [cumulated(cases), cumulated(model.expected)];
  for (const window of windows) {
    for (let z = 0; z < parent.length; z++) {
      const p = parent[z]!;
      const r = region[z]!;
      sum[z] = within(c[r]!, window) + (p < 0 ? 0 : sum[p]!);
      expected[z] = within(e[r]!, window) + (p < 0 ? 0 : expected[p]!);
      if (judged[z] === 0 || sum[z]! <= expected[z]!) continue;
      const llr = model.ratio(sum[z]!, expected[z]!);
      if (llr > (best[centre[z]!]?.llr ?? 0)) best[centre[z]!] = { ...window, zone: z, llr };
    }
  }
  return best.filter((found) => found !== undefined);
}

/** Sums up to and without each time. */
const cumulated = (rows: readonly ArrayLike<number>[]): Float64Array[] =>
  rows.map((row) => {
    const sums = new Float64Array(row.length + 1);
    for (let t = 0; t < row.length; t++) sums[t + 1] = sums[t]! + row[t]!;
    return sums;
  });

const within = (sums: Float64Array, { from, to }: Window): number => sums[to + 1]! - sums[from]!;

function clustersOf(
  tree: ZoneTree,
  best: readonly Cylinder[],
  model: SpaceTimeModel,
  cases: readonly Int32Array[],
  simulated: Float64Array,
  maxPValue: number,
): SpaceTimeCluster[] {
  const clusters: SpaceTimeCluster[] = [];
  const taken = new Set<number>();
  for (const { zone, from, to, llr } of [...best].sort((a, b) => b.llr - a.llr || a.zone - b.zone)) {
    const regions = zoneRegions(tree, zone);
    if (regions.some((r) => taken.has(r))) continue;
    const pValue = monteCarloP(simulated, llr);
    if (clusters.length > 0 && pValue > maxPValue) break;
    for (const r of regions) taken.add(r);
    const sum = (rows: readonly ArrayLike<number>[]): number =>
      regions.reduce((total, r) => {
        for (let t = from; t <= to; t++) total += rows[r]![t]!;
        return total;
      }, 0);
    clusters.push({ regions, from, to, cases: sum(cases), expected: sum(model.expected), llr, pValue });
  }
  return clusters;
}

function checkedData(
  points: RegionPoints,
  { cases, expected }: SpaceTimeData,
  { windows = "ending-now", maxDuration, maxShare = 0.5, maxRegions = 1, replications = 0 }: SpaceTimeScanOptions,
): { cases: Int32Array[]; times: number; windows: Window[] } {
  const [a, b] = "x" in points ? [points.x, points.y] : [points.lat, points.lon];
  checkLength("points", a, cases.length);
  checkLength("points", b, cases.length);
  const times = cases[0]?.length ?? 0;
  if (expected !== undefined) checkLength("expected", expected, cases.length);
  cases.forEach((row, r) => {
    checkValue("points", r, a[r]! + b[r]!, Number.isFinite(a[r]! + b[r]!), "finite coordinates");
    for (const [column, values] of [["cases", row] as const, ["expected", expected?.[r] ?? row] as const]) {
      if (values.length !== times)
        throw spatialError("lengths-differ", {
          column: `${column}, row ${r},`,
          expected: times,
          actual: values.length,
        });
      for (let t = 0; t < times; t++)
        checkValue(column, r, values[t]!, Number.isFinite(values[t]!) && values[t]! >= 0, "a number of 0 or more");
    }
    for (let t = 0; t < times; t++) checkValue("cases", r, row[t]!, Number.isInteger(row[t]!), "a whole number");
  });
  const longest = maxDuration ?? Math.max(1, Math.floor(times / 2));
  checkOption("maxDuration", longest, Number.isInteger(longest) && longest >= 1, "a whole number of times from 1 on");
  checkOption("maxShare", maxShare, maxShare > 0 && maxShare <= 1, "a share above 0, up to 1");
  checkOption("maxRegions", maxRegions, maxRegions >= 1, "1 or more");
  checkOption("replications", replications, Number.isInteger(replications) && replications >= 0, "a whole number");
  const all: Window[] = [];
  for (let to = windows === "any" ? 0 : times - 1; to < times; to++)
    for (let from = Math.max(0, to - longest + 1); from <= to; from++) all.push({ from, to });
  return { cases: cases.map((row) => Int32Array.from(row)), times, windows: all };
}
