import { normalUpperTail } from "../normal.js";
import { checkValues, deviations, type SpatialWeights, spatialLag } from "./spatialWeights.js";

/** Moran's I and how far it is from what values without spatial order would show. */
export interface Moran {
  readonly i: number;
  readonly expected: number;
  readonly variance: number;
  readonly z: number;
  /** One-sided: the probability of an I at least as large. */
  readonly pValue: number;
}

export interface MoranOptions {
  /** Under which assumption the variance is taken: values shuffled (default), or normal. */
  readonly assumption?: "randomization" | "normality";
  /**
   * Whether regions without neighbours are left out of the number of regions, as spdep does by default (`adjust.n = TRUE`,
   * with `zero.policy = TRUE`). Their values count in the mean and the spread either way. Default false.
   */
  readonly adjustIslands?: boolean;
}

/**
 * Moran's I: whether like values lie together. The same as spdep's `moran.test`.
 *
 * Cliff and Ord, "Spatial processes", 1981. Throws `lengths-differ` and `bad-value`.
 */
export function moran(values: ArrayLike<number>, weights: SpatialWeights, options: MoranOptions = {}): Moran {
  checkValues(weights, values);
  const all = values.length;
  const n = options.adjustIslands === true ? all - islandCount(weights) : all;
  const z = deviations(values);
  const lag = spatialLag(weights, z);
  const square = z.reduce((sum, v) => sum + v * v, 0);
  const { s0, s1, s2 } = weightSums(weights);
  const i = (n / s0) * (z.reduce((sum, v, k) => sum + v * lag[k]!, 0) / square);
  const expected = -1 / (n - 1);
  const kurtosis = (all * z.reduce((sum, v) => sum + v ** 4, 0)) / (square * square);
  const variance =
    options.assumption === "normality"
      ? (n * n * s1 - n * s2 + 3 * s0 * s0) / (s0 * s0 * (n * n - 1)) - expected * expected
      : (n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0) -
          kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)) /
          ((n - 1) * (n - 2) * (n - 3) * s0 * s0) -
        expected * expected;
  const score = (i - expected) / Math.sqrt(variance);
  return { i, expected, variance, z: score, pValue: normalUpperTail(score) };
}

function islandCount({ length, starts }: SpatialWeights): number {
  let islands = 0;
  for (let i = 0; i < length; i++) if (starts[i] === starts[i + 1]) islands++;
  return islands;
}

/** S0, S1 and S2 of Cliff and Ord: sums of the weights, of their symmetric squares, of squared row and column sums. */
function weightSums({ length, starts, neighbour, weight }: SpatialWeights): { s0: number; s1: number; s2: number } {
  const back = new Map<number, number>();
  const rows = new Float64Array(length);
  const columns = new Float64Array(length);
  let s0 = 0;
  for (let i = 0; i < length; i++) {
    for (let k = starts[i]!; k < starts[i + 1]!; k++) {
      const j = neighbour[k]!;
      back.set(i * length + j, (back.get(i * length + j) ?? 0) + weight[k]!);
      s0 += weight[k]!;
      rows[i]! += weight[k]!;
      columns[j]! += weight[k]!;
    }
  }
  let s1 = 0;
  for (const [key, w] of back) {
    const mirrored = back.get((key % length) * length + Math.floor(key / length));
    // A pair with weights both ways is met twice, each time for half.
    s1 += mirrored === undefined ? w * w : (w + mirrored) ** 2 / 2;
  }
  let s2 = 0;
  for (let i = 0; i < length; i++) s2 += (rows[i]! + columns[i]!) ** 2;
  return { s0, s1, s2 };
}
