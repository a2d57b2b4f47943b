import type { EndSimilarity } from "./endKernel.js";

/** Variance of the line's height, and of how the truth bends away from the line with distance. */
const HEIGHT = 0.04;
const BEND = { variance: 0.05, length: 0.7 };
/** Kilometres from which on a factor, rather than a number, of kilometres makes two distances different. */
const SCALE_KM = 300;

/** The variance that all pairs have in common, and the one that distance alone explains. */
export const BASE_VARIANCE = HEIGHT + BEND.variance;

/** Distance as the bend is measured along it. */
export function bendOf(km: number): number {
  return Math.log(1 + km / SCALE_KM) / BEND.length;
}

/** The covariance of two pairs through their distances alone. */
export function bendCovariance(bendA: number, bendB: number): number {
  const apart = bendA - bendB;
  return HEIGHT + BEND.variance * Math.exp(-0.5 * apart * apart);
}

/**
 * The covariance of the pairs (a, b) and (c, d) through their ends: what each end adds, and products over both, so that
 * a pair learns from pairs that begin near one of its ends and end near the other. The direction does not matter.
 * `ac` is where the first end's similarity to `c` stands, and so on.
 */
export function endCovariance(
  { own, wide, near }: EndSimilarity,
  ac: number,
  ad: number,
  { own: own2, wide: wide2, near: near2 }: EndSimilarity,
  bc: number,
  bd: number,
): number {
  return (
    own[ac]! +
    own[ad]! +
    own2[bc]! +
    own2[bd]! +
    wide[ac]! * wide2[bd]! +
    wide[ad]! * wide2[bc]! +
    near[ac]! * near2[bd]! +
    near[ad]! * near2[bc]!
  );
}
