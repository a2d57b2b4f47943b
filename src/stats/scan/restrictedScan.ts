import { Random } from "../../core/random.js";
import { logPoissonUpperTail } from "../countTails.js";
import { logIncompleteBeta } from "../incompleteBeta.js";
import { checkedScan, type FlexibleScanOptions } from "./clusterScan.js";
import { connectedZones } from "./connectedZones.js";
import { neighbourOrder, type RegionPoints } from "./neighbourOrder.js";
import { checkAdjacency, checkOption, type ScanData } from "./scanInput.js";
import { clustersOf, type ScanCluster } from "./scanZones.js";
import { symmetricAdjacency } from "./symmetricAdjacency.js";
import type { ZoneTree } from "./zoneTree.js";

export interface RestrictedScanOptions extends FlexibleScanOptions {
  /** Only regions with a mid-p-value below this may be in a cluster. Default 0.2. */
  readonly hotBelow?: number;
}

/**
 * The restricted flexible scan statistic of Tango and Takahashi (2012): connected clusters of regions each of which is
 * itself above chance, so that far more neighbours can be looked at than by `flexibleScan` (`maxRegions` nearest, default
 * 20) and no cold region is taken in to join two hot ones.
 *
 * A region's mid-p-value is P(N > n) + P(N = n) / 2 under its own expectation. Simulated maps are restricted in the same way.
 * Throws `lengths-differ`, `bad-value` and `bad-spatial-option`.
 */
export function restrictedScan(points: RegionPoints, data: ScanData, options: RestrictedScanOptions): ScanCluster[] {
  const { hotBelow = 0.2, replications = 999, seed = 1, maxPValue = 1 } = options;
  checkOption("hotBelow", hotBelow, hotBelow > 0 && hotBelow <= 1, "a probability above 0, up to 1");
  const { cases, model, limits } = checkedScan(points, data, options, 20);
  checkAdjacency(options.adjacency, cases.length);
  const orders = neighbourOrder(points);
  const adjacency = symmetricAdjacency(options.adjacency);
  const binomial = "model" in data && data.model === "binomial";
  const total = cases.reduce((a, b) => a + b, 0);
  const share = total / model.totalWeight;
  const treeOf = (now: Int32Array): ZoneTree => {
    const hot = Array.from(now, (n, r) => midP(n, model.weight[r]!, binomial ? share : null) < hotBelow);
    const near = adjacency.map((row, r) => (hot[r] ? row.filter((q) => hot[q]) : []));
    const centres = orders.filter((_, r) => hot[r]);
    return connectedZones(centres, near, model.weight, limits);
  };
  const random = new Random(seed);
  const map = new Int32Array(cases.length);
  const simulated = new Float64Array(replications);
  for (let k = 0; k < replications; k++) {
    model.simulate(random, map);
    const tree = treeOf(map);
    simulated[k] = model.prepare(tree)(map, new Int32Array(tree.parent.length)).llr;
  }
  return clustersOf(treeOf(cases), model, cases, simulated.sort(), maxPValue);
}

/** P(N > n) + P(N = n) / 2 of a Poisson count with a mean, or of a binomial one with a share. */
function midP(n: number, weight: number, share: number | null): number {
  const atLeast = (k: number): number => {
    if (k <= 0) return 1;
    if (share === null) return Math.exp(logPoissonUpperTail(k, weight));
    return k > weight ? 0 : Math.exp(logIncompleteBeta(k, weight - k + 1, share).lower);
  };
  return (atLeast(n) + atLeast(n + 1)) / 2;
}
