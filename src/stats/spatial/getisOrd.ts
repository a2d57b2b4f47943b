import { benjaminiHochberg } from "../benjaminiHochberg.js";
import { normalUpperTail } from "../normal.js";
import { type Adjacency, checkValues, spatialWeights } from "./spatialWeights.js";

/** Gi or Gi* by region: how hot (positive) or cold (negative) its neighbourhood is. */
export interface GetisOrd {
  /** Standard deviates. */
  readonly z: Float64Array;
  /** Two-sided. */
  readonly pValue: Float64Array;
  /** Adjusted for the number of regions (Benjamini–Hochberg). */
  readonly adjusted: Float64Array;
}

export interface GetisOrdOptions {
  /** Whether a region counts as part of its neighbourhood (Gi*, default true) or not (Gi). */
  readonly star?: boolean;
}

/**
 * Getis and Ord's local G, with binary weights: where high values lie together. The same as spdep's `localG`.
 *
 * Ord and Getis 1995. Throws `lengths-differ` and `bad-value`.
 */
export function getisOrd(values: ArrayLike<number>, adjacency: Adjacency, options: GetisOrdOptions = {}): GetisOrd {
  const { star = true } = options;
  const weights = spatialWeights(adjacency, { style: "binary", self: star });
  checkValues(weights, values);
  const n = values.length;
  let [total, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    total += values[i]!;
    squares += values[i]! ** 2;
  }
  const z = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const own = star ? 0 : values[i]!;
    const count = star ? n : n - 1;
    const mean = (total - own) / count;
    const variance = (squares - own * own) / count - mean * mean;
    let [sum, weight] = [0, 0];
    for (let k = weights.starts[i]!; k < weights.starts[i + 1]!; k++) {
      sum += values[weights.neighbour[k]!]!;
      weight++;
    }
    z[i] = (sum - weight * mean) / Math.sqrt((variance * (count * weight - weight * weight)) / (count - 1));
  }
  const pValue = z.map((v) => Math.min(1, 2 * normalUpperTail(Math.abs(v))));
  return { z, pValue, adjusted: benjaminiHochberg(pValue) };
}
