import { childrenOf, type Evidence, openAttributes, type SliceLeaves, type Sums } from "./evidence.js";

/** Leaves of a perfect forecast have no noise to divide by. */
const LEAST_SCALE = 1e-6;

/**
 * Evidence of plain amounts: each leaf's symmetric relative deviation 2(predicted - real) / (predicted + real), in units
 * of what leaves deviate by without a cause.
 *
 * The deviation is bounded by 2, so no leaf outshouts all others, and a cause scales its leaves by one factor, which
 * moves all of them by about the same deviation (the generalised ripple effect, Squeeze 2019). A slice of n leaves whose
 * deviations sum to D gains D² / (2 n scale²): the likelihood ratio of a common shift under normal noise. The scale is
 * made to fit the tail as well as the core, as alarms live in the tail.
 */
export class AmountEvidence implements Evidence {
  /** Deviation, its square, and 1 for each leaf that tells anything. */
  readonly columns: readonly [deviation: Float64Array, square: Float64Array, informative: Float64Array];
  readonly leastGain = 3;
  readonly #predicted: ArrayLike<number>;
  #scale = 1;

  /** Leaves of which both values are 0 tell nothing. */
  constructor(real: ArrayLike<number>, predicted: ArrayLike<number>) {
    this.#predicted = predicted;
    const leaves = real.length;
    this.columns = [new Float64Array(leaves), new Float64Array(leaves), new Float64Array(leaves)];
    const [deviation, square, informative] = this.columns;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const both = Math.abs(real[leaf]!) + Math.abs(predicted[leaf]!);
      if (both === 0) continue;
      deviation[leaf] = (2 * (predicted[leaf]! - real[leaf]!)) / both;
      square[leaf] = deviation[leaf]! ** 2;
      informative[leaf] = 1;
    }
  }

  calibrate(active: Uint8Array): void {
    const [deviation, , informative] = this.columns;
    const sizes = deviation
      .filter((_, leaf) => active[leaf] === 1 && informative[leaf] === 1)
      .map(Math.abs)
      .sort();
    this.#scale = LEAST_SCALE;
    for (const [share, normalQuantile] of HALF_NORMAL) {
      const quantile = sizes[Math.floor(share * sizes.length)] ?? 0;
      this.#scale = Math.max(this.#scale, quantile / normalQuantile);
    }
  }

  /** Noise by itself biases a relative deviation by up to half its variance: so much is no evidence. */
  gain([deviation, , leaves]: Sums, slice: number): number {
    const count = leaves![slice]!;
    const variance = this.#scale ** 2;
    const moved = Math.abs(deviation![slice]!) - (count * variance) / 2;
    return count > 0 && moved > 0 ? moved ** 2 / (2 * count * variance) : 0;
  }

  deviation(leaves: readonly number[]): number {
    return this.#scale * Math.sqrt(leaves.reduce((sum, leaf) => sum + this.#predicted[leaf]! ** 2, 0));
  }

  score(sums: Sums, slice: number): number {
    return this.gain(sums, slice);
  }

  /**
   * Compares one shift of the whole slice with shifts of those children that gain by themselves, both by the noise that
   * is left within the children: a cause whose leaves scatter more than others is still one cause.
   */
  isSplit(inside: SliceLeaves, penalty: (attributes: number, slices: number) => number): boolean {
    const { cuboid, slice, sums } = inside;
    const depth = cuboid.attributes.length;
    const own = this.gain(sums, slice);
    return openAttributes(inside).some((attribute) => {
      const children = childrenOf(this.columns, inside, attribute);
      if (children.length < 2) return false;
      const inflation = this.#inflation(children.sums);
      const cost = penalty(depth + 1, cuboid.size * children.length);
      let split = 0;
      for (let child = 0; child < children.length; child++)
        split += Math.max(0, this.gain(children.sums, child) / inflation - cost);
      return split > own / inflation - penalty(depth, cuboid.size);
    });
  }

  /** Variance within children over that of noise, where it is larger (the within mean square of an analysis of variance). */
  #inflation([deviation, square, leaves]: Sums): number {
    let within = 0;
    let freedom = 0;
    for (const [child, count] of leaves!.entries()) {
      if (count === 0) continue;
      within += square![child]! - deviation![child]! ** 2 / count;
      freedom += count - 1;
    }
    return freedom > 0 ? Math.max(1, within / freedom / this.#scale ** 2) : 1;
  }
}

/** Quantiles of |Z| for a standard normal Z: the core, the shoulder and the tail. */
const HALF_NORMAL = [
  [0.6827, 1],
  [0.99, 2.5758],
  [0.999, 3.2905],
] as const;
