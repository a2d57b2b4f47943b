import { childrenOf, type Evidence, openAttributes, type SliceLeaves, type Sums } from "./evidence.js";
import { orderStatistics } from "./orderStatistics.js";

/** How far a forecast is off before any leaf has told: as one leaf would say it. */
const USUAL_SCALE = 0.03;
/** Leaves whose middle lies so far off, in units of the scale, have moved together. */
const COMMON_SHIFT = 0.5;
/** Where fewer leaves are on one side, the middle is not that far off. */
const ONE_SIDED = 0.65;

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
  /** Deviation, 1 for each leaf that tells anything, and the square of the deviation where it is above or below 0. */
  readonly columns: readonly [
    deviation: Float64Array,
    informative: Float64Array,
    above: Float64Array,
    below: Float64Array,
  ];
  readonly leastGain = 3;
  readonly #predicted: ArrayLike<number>;
  /** Variance of a leaf's deviation. */
  #noise = 1;
  /** Leaves that the noise was learnt from. */
  #leaves = 0;
  readonly #scratch: Float64Array;
  readonly #sizes: Float64Array;

  /** Leaves of which both values are 0 tell nothing. */
  constructor(real: ArrayLike<number>, predicted: ArrayLike<number>) {
    this.#predicted = predicted;
    const leaves = real.length;
    const column = (): Float64Array => new Float64Array(leaves);
    this.columns = [column(), column(), column(), column()];
    [this.#scratch, this.#sizes] = [column(), column()];
    const [deviation, informative, above, below] = this.columns;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const both = Math.abs(real[leaf]!) + Math.abs(predicted[leaf]!);
      if (both === 0) continue;
      const moved = (2 * (predicted[leaf]! - real[leaf]!)) / both;
      deviation[leaf] = moved;
      informative[leaf] = 1;
      (moved > 0 ? above : below)[leaf] = moved * moved;
    }
  }

  get noise(): number {
    return this.#noise;
  }

  /** About 0, or about the middle of leaves that have moved together, whichever is less: a common shift is no noise. */
  calibrate(active: Uint8Array): void {
    const [deviation, informative] = this.columns;
    const told = this.#scratch;
    let [count, positive] = [0, 0];
    for (let leaf = 0; leaf < active.length; leaf++) {
      if (active[leaf] !== 1 || informative[leaf] !== 1) continue;
      told[count++] = deviation[leaf]!;
      if (deviation[leaf]! > 0) positive++;
    }
    this.#leaves = count;
    if (count === 0) return;
    const leaves = told.subarray(0, count);
    const middle =
      Math.max(positive, count - positive) > ONE_SIDED * count ? orderStatistics(leaves, [(count - 1) >> 1])[0]! : 0;
    let scale = scaleOf(leaves, 0, this.#sizes);
    if (Math.abs(middle) > COMMON_SHIFT * scale) scale = Math.min(scale, scaleOf(leaves, middle, this.#sizes));
    this.#noise = (USUAL_SCALE ** 2 + count * scale ** 2) / (1 + count);
  }

  /** Noise by itself biases a relative deviation by up to half its variance: so much is no evidence. */
  gain([deviation, leaves]: Sums, slice: number): number {
    const count = leaves![slice]!;
    const moved = Math.abs(deviation![slice]!) - (count * this.#noise) / 2;
    return count > 0 && moved > 0 ? moved ** 2 / (2 * count * this.#noise) : 0;
  }

  discounted(gain: number): number {
    const freedom = Math.max(1, this.#leaves - 1);
    return ((freedom + 1) / 2) * Math.log1p((2 * gain) / freedom);
  }

  /** Cauchy and Schwarz: the square of a sum of n deviations is at most n times the sum of their squares. */
  bounds([, , above, below]: Sums, noise: number): Float64Array {
    return above!.map((squares, slice) => Math.max(squares, below![slice]!) / (2 * noise));
  }

  deviation(leaves: Uint32Array): number {
    return Math.sqrt(this.#noise * leaves.reduce((sum, leaf) => sum + this.#predicted[leaf]! ** 2, 0));
  }

  score(sums: Sums, slice: number): number {
    return this.gain(sums, slice);
  }

  /**
   * Compares one shift of the whole slice with shifts of those children that gain by themselves, both by the noise that
   * is left within the children: a cause whose leaves scatter more than others is still one cause.
   */
  isSplit(inside: SliceLeaves, price: (attributes: number, slices: number) => number): boolean {
    const depth = inside.attributes.length;
    return openAttributes(inside).some((attribute) => {
      const children = childrenOf(this.columns, inside, attribute);
      if (children.length < 2) return false;
      const own = this.gain(
        children.sums.map((column) => Float64Array.of(column.reduce((sum, value) => sum + value, 0))),
        0,
      );
      const inflation = this.inflation(children.sums);
      const cost = price(depth + 1, inside.size * children.length);
      let split = 0;
      for (let child = 0; child < children.length; child++)
        split += Math.max(0, this.gain(children.sums, child) / inflation - cost);
      return split > own / inflation - price(depth, inside.size);
    });
  }

  /** Variance within children over that of noise, where it is larger (the within mean square of an analysis of variance). */
  inflation([deviation, leaves, above, below]: Sums): number {
    let within = 0;
    let freedom = 0;
    for (const [child, count] of leaves!.entries()) {
      if (count === 0) continue;
      within += above![child]! + below![child]! - deviation![child]! ** 2 / count;
      freedom += count - 1;
    }
    return freedom > 0 ? Math.max(1, within / freedom / this.#noise) : 1;
  }
}

/** Scale of normal noise about a middle, by its core, its shoulder and its tail, whichever is widest. */
function scaleOf(deviations: Float64Array, middle: number, scratch: Float64Array): number {
  const sizes = scratch.subarray(0, deviations.length);
  for (let i = 0; i < sizes.length; i++) sizes[i] = Math.abs(deviations[i]! - middle);
  const ranks = HALF_NORMAL.map(([share]) => Math.floor(share * (sizes.length - 1)));
  return Math.max(...orderStatistics(sizes, ranks).map((size, i) => size / HALF_NORMAL[i]![1]));
}

/** Quantiles of |Z| for a standard normal Z: the core, the shoulder and the tail. */
const HALF_NORMAL = [
  [0.6827, 1],
  [0.99, 2.5758],
  [0.999, 3.2905],
] as const;
