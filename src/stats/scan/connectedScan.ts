import { Random } from "../../core/random.js";
import type { Adjacency } from "../spatial/spatialWeights.js";
import { ClusterGrower } from "./growCluster.js";
import { checkAdjacency, checkOption, type ScanData, scanInput } from "./scanInput.js";
import type { ScanModel } from "./scanModel.js";
import { monteCarloP, type ScanCluster, type ScanOptions } from "./scanZones.js";
import { symmetricAdjacency } from "./symmetricAdjacency.js";

export interface ConnectedScanOptions extends ScanOptions {
  /** Neighbours of each region, by number: shared borders, H3 cells side by side, roads, links of a network. */
  readonly adjacency: Adjacency;
  /**
   * What each region must add to the log likelihood ratio to be worth taking in. Default 1: as much as chance adds where
   * a region is free to be in or out (as Akaike's criterion has it). 0 lets clusters sprawl; 2 keeps the hottest only.
   */
  readonly costPerRegion?: number;
  /** The largest share of the population that a cluster may hold. Default 0.5. */
  readonly maxShare?: number;
  /** The most regions that a cluster may have. Default all. */
  readonly maxRegions?: number;
}

/**
 * A scan for clusters of any connected shape and length: along a river, a road, a cable. It needs no coordinates.
 *
 * Connected sets are too many to list, so they are searched, and each region costs something, as otherwise every warm
 * region within reach would be taken in. Clusters are ranked by log likelihood ratio less cost; the p-value holds because
 * simulated maps are searched and ranked in the same way. A round cluster is outlined better by `circularScan`.
 *
 * In the manner of Assunção, Costa, Tavares and Ferreira, "Fast detection of arbitrarily shaped disease clusters", 2006,
 * with a penalty on size. Throws `lengths-differ`, `bad-value` and `bad-spatial-option`.
 */
export function connectedScan(data: ScanData, options: ConnectedScanOptions): ScanCluster[] {
  const { costPerRegion = 1, maxShare = 0.5, maxRegions = Number.POSITIVE_INFINITY, maxPValue = 1 } = options;
  const { replications = 999, seed = 1 } = options;
  const { cases, model, limits } = scanInput(data, { maxShare, maxRegions, replications });
  checkAdjacency(options.adjacency, cases.length);
  checkOption("costPerRegion", costPerRegion, costPerRegion >= 0 && costPerRegion < 1e6, "0 or more");
  const grower = new ClusterGrower(symmetricAdjacency(options.adjacency), model, limits, costPerRegion);
  const simulated = simulatedScores(grower, model, replications, seed);
  const total = cases.reduce((a, b) => a + b, 0);
  const taken = new Uint8Array(cases.length);
  const clusters: ScanCluster[] = [];
  for (;;) {
    const found = grower.best(cases, taken);
    if (found === null) return clusters;
    const pValue = monteCarloP(simulated, found.score);
    if (clusters.length > 0 && pValue > maxPValue) return clusters;
    for (const r of found.regions) taken[r] = 1;
    const sum = (values: ArrayLike<number>): number => found.regions.reduce((s, r) => s + values[r]!, 0);
    const [inside, weight] = [sum(cases), sum(model.weight)];
    clusters.push({
      regions: found.regions,
      cases: inside,
      expected: (weight / model.totalWeight) * total,
      llr: model.ratio(inside, weight),
      statistic: found.score,
      pValue,
    });
  }
}

/** The best score of each simulated map, ascending. */
function simulatedScores(grower: ClusterGrower, model: ScanModel, replications: number, seed: number): Float64Array {
  const random = new Random(seed);
  const none = new Uint8Array(model.weight.length);
  const map = new Int32Array(model.weight.length);
  const scores = new Float64Array(replications);
  for (let k = 0; k < replications; k++) {
    model.simulate(random, map);
    scores[k] = grower.best(map, none)?.score ?? 0;
  }
  return scores.sort();
}
