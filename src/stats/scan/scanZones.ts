import { Random } from "../../core/random.js";
import type { ScanModel } from "./scanModel.js";
import { type ZoneTree, zoneCentres, zoneRegions } from "./zoneTree.js";

/** A zone with more cases than elsewhere. */
export interface ScanCluster {
  /** Numbers of its regions, in the order in which the zone takes them in. */
  readonly regions: readonly number[];
  readonly cases: number;
  /** Cases if the risk were the same everywhere. */
  readonly expected: number;
  /** Log likelihood ratio. */
  readonly llr: number;
  /** What clusters are ranked by: the ratio, less what an elongated or a large shape costs. */
  readonly statistic: number;
  /** Share of the simulated maps whose most likely cluster is at least as likely; 1 / (replications + 1) at the least. */
  readonly pValue: number;
}

/** How significance is told. */
export interface ScanOptions {
  /** Simulated maps. Default 999. */
  readonly replications?: number;
  /** Seed of the simulation. Default 1. */
  readonly seed?: number;
  /** Clusters beyond the most likely are reported up to this p-value. Default 1. */
  readonly maxPValue?: number;
}

/**
 * The most likely cluster and the secondary ones, in order of their likelihood, as SaTScan chooses them: the best zone of
 * each centre, without those that overlap a likelier one.
 */
export function scanZones(tree: ZoneTree, model: ScanModel, cases: Int32Array, options: ScanOptions): ScanCluster[] {
  const { replications = 999, seed = 1, maxPValue = 1 } = options;
  return clustersOf(tree, model, cases, simulatedMaxima(tree, model, replications, seed), maxPValue);
}

/**
 * The clusters of a tree's zones, likeliest first.
 *
 * @param simulated - the largest statistic of each simulated map, ascending
 */
export function clustersOf(
  tree: ZoneTree,
  model: ScanModel,
  cases: Int32Array,
  simulated: Float64Array,
  maxPValue: number,
): ScanCluster[] {
  const total = cases.reduce((a, b) => a + b, 0);
  const clusters: ScanCluster[] = [];
  const taken = new Uint8Array(tree.regions);
  const ratios = model.ratios(tree, cases);
  const order = bestOfCentres(tree, ratios).sort((a, b) => ratios[b]! - ratios[a]! || a - b);
  for (const zone of order) {
    const regions = zoneRegions(tree, zone);
    if (regions.some((r) => taken[r] === 1)) continue;
    const statistic = ratios[zone]!;
    const pValue = monteCarloP(simulated, statistic);
    if (clusters.length > 0 && pValue > maxPValue) break;
    for (const r of regions) taken[r] = 1;
    const sum = (values: ArrayLike<number>): number => regions.reduce((s, r) => s + values[r]!, 0);
    clusters.push({
      regions,
      cases: sum(cases),
      expected: (sum(model.weight) / model.totalWeight) * total,
      llr: statistic / (tree.factor?.[zone] ?? 1),
      statistic,
      pValue,
    });
  }
  return clusters;
}

/** The most likely zone of each centre, where one is above chance. */
function bestOfCentres(tree: ZoneTree, ratios: Float64Array): number[] {
  const best = new Map<number, number>();
  zoneCentres(tree).forEach((centre, zone) => {
    if (ratios[zone]! > (ratios[best.get(centre) ?? -1] ?? 0)) best.set(centre, zone);
  });
  return [...best.values()];
}

/** The largest ratio of each simulated map, ascending. */
function simulatedMaxima(tree: ZoneTree, model: ScanModel, replications: number, seed: number): Float64Array {
  const random = new Random(seed);
  const largest = model.prepare(tree);
  const map = new Int32Array(tree.regions);
  const counts = new Int32Array(tree.parent.length);
  const maxima = new Float64Array(replications);
  for (let k = 0; k < replications; k++) {
    model.simulate(random, map);
    maxima[k] = largest(map, counts).llr;
  }
  return maxima.sort();
}

/** Share of the simulated maps (ascending) that reach a value, the map itself counted among them. */
export function monteCarloP(simulated: Float64Array, value: number): number {
  const reached = simulated.length - lowerBound(simulated, value - 1e-12);
  return (1 + reached) / (simulated.length + 1);
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
