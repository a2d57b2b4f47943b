import { childrenOf, type Evidence, openAttributes, type SliceLeaves, type Sums, sumOf } from "./evidence.js";
import { orderStatistics } from "./orderStatistics.js";

/** Leaves with fewer expected events than this say little about dispersion. */
const LEAST_EXPECTED = 1;
/** The median of a chi-squared variable of one degree of freedom. */
const CHI_SQUARED_MEDIAN = 0.4549;
/** So much of a slice's excess, on so little of its expected events, is a cause inside the slice. */
const SPLIT = { excess: 0.9, expected: 0.55 };
/** So many leaves' worth is known of the noise beforehand: it is Poisson's. */
const KNOWN_BEFOREHAND = 16;
/** A leaf expected to have nothing has about this. */
const NEXT_TO_NOTHING = 1e-9;
/** So much of the excess on so little of the expected events is one as well, where it is likelier … */
const COVER = { excess: 0.95, expected: 0.8 };
/** … or so much of it, where what is left gains less than a cause must … */
const COVER_BUT_CHANCE = 0.85;
/** … in so many parts at the most. */
const MOST_PARTS = 4;
/** Everything together is taken apart sooner: what moved alike has its excess where its events are expected. */
const SPLIT_ALL = { excess: 0.8, expected: 0.6 };

/**
 * Evidence of ratios: events in excess of those that the forecast's rate gives for the trials that came, so that a
 * change of mix alone (who came) is no evidence.
 *
 * Candidates are ordered by (V - E)² / V for V events where E were expected: the share of the whole excess that a slice
 * holds, times the share of its own events that are excess (the attributable fractions among all and among the exposed
 * of epidemiology). Whether a slice moved at all is a Poisson likelihood ratio over the dispersion of leaves.
 */
export class RatioEvidence implements Evidence {
  /**
   * Events, expected events, the variance of what is expected (the forecast is a sample as well), and what a leaf gains by
   * itself, were the forecast sure, where events are more or fewer than expected.
   */
  readonly columns: readonly [
    events: Float64Array,
    expected: Float64Array,
    variance: Float64Array,
    above: Float64Array,
    below: Float64Array,
  ];
  readonly leastGain = 4;
  readonly #leastDispersion: number;
  /** Leaves that the dispersion was learnt from. */
  #leaves = 0;
  #dispersion = 1;

  /**
   * @param priorTrials - trials at the overall rate that stand behind each leaf's own, which steadies small leaves
   * @param leastDispersion - variance of events over Poisson's that is known beforehand
   */
  constructor(
    real: ArrayLike<number>,
    realTotal: ArrayLike<number>,
    predicted: ArrayLike<number>,
    predictedTotal: ArrayLike<number>,
    priorTrials: number,
    leastDispersion: number,
  ) {
    this.#leastDispersion = Math.max(1, leastDispersion);
    this.#dispersion = this.#leastDispersion;
    const overall = sum(predicted) / Math.max(sum(predictedTotal), Number.MIN_VALUE);
    const leaves = real.length;
    const column = (): Float64Array => new Float64Array(leaves);
    this.columns = [Float64Array.from(real), column(), column(), column(), column()];
    const [, expected, variance, above, below] = this.columns;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const trials = predictedTotal[leaf]! + priorTrials;
      const scale = realTotal[leaf]! / trials;
      const behind = predicted[leaf]! + priorTrials * overall;
      expected[leaf] = scale * behind;
      variance[leaf] = scale * scale * behind;
      const usual = Math.max(expected[leaf]!, NEXT_TO_NOTHING);
      (real[leaf]! > usual ? above : below)[leaf] = term(real[leaf]!, usual) - real[leaf]! + usual;
    }
  }

  get noise(): number {
    return this.#dispersion;
  }

  /**
   * The dispersion of leaves about what is expected, or about what is expected times the ratio of all, whichever is less:
   * what moved everywhere alike is no noise.
   */
  calibrate(active: Uint8Array): void {
    const [events, expected] = this.columns;
    let [all, usual] = [0, 0];
    this.#leaves = 0;
    for (let leaf = 0; leaf < events.length; leaf++) {
      if (active[leaf] !== 1) continue;
      this.#leaves++;
      all += events[leaf]!;
      usual += expected[leaf]!;
    }
    const common = usual > 0 ? all / usual : 1;
    const least = Math.min(this.#dispersionAbout(1, active), this.#dispersionAbout(common, active));
    this.#dispersion = Math.max(this.#leastDispersion, least);
  }

  discounted(gain: number): number {
    const freedom = this.#leaves + KNOWN_BEFOREHAND - 1;
    return ((freedom + 1) / 2) * Math.log1p((2 * gain) / freedom);
  }

  /** Relative entropy is convex, so leaves of one direction gain more one by one than together. */
  bounds([, , , above, below]: Sums, noise: number): Float64Array {
    return above!.map((gain, slice) => Math.max(gain, below![slice]!) / noise);
  }

  /** Children about the ratio that they have together: the median of their squares, which a few exceptions do not move. */
  inflation([events, expected, variance]: Sums): number {
    const ratio = events!.reduce((sum, value) => sum + value, 0) / expected!.reduce((sum, value) => sum + value, 0);
    const squares = new Float64Array(events!.length);
    for (let child = 0; child < squares.length; child++) {
      const mean = ratio * expected![child]!;
      squares[child] = mean > 0 ? (events![child]! - mean) ** 2 / (mean + ratio * ratio * variance![child]!) : 0;
    }
    const [median] = orderStatistics(squares, [(squares.length - 1) >> 1]);
    return Math.max(1, median! / CHI_SQUARED_MEDIAN / this.#dispersion);
  }

  #dispersionAbout(ratio: number, active: Uint8Array): number {
    const [events, expected, variance] = this.columns;
    const squares = new Float64Array(events.length);
    let count = 0;
    for (let leaf = 0; leaf < events.length; leaf++) {
      const mean = ratio * expected[leaf]!;
      if (active[leaf] !== 1 || mean < LEAST_EXPECTED) continue;
      squares[count++] = (events[leaf]! - mean) ** 2 / (mean + ratio * ratio * variance[leaf]!);
    }
    if (count === 0) return 0;
    return orderStatistics(squares.subarray(0, count), [(count - 1) >> 1])[0]! / CHI_SQUARED_MEDIAN;
  }

  /** Likelihood ratio of two Poisson samples: the events, and those that a forecast of this variance rests on. */
  gain([events, expected, variance]: Sums, slice: number): number {
    const mean = expected![slice]!;
    if (!(mean > 0 && variance![slice]! > 0)) return 0;
    const seen = Math.max(0, events![slice]!);
    const behind = (mean * mean) / variance![slice]!;
    const pooled = (seen + behind) / (mean + behind);
    return (term(seen, mean * pooled) + term(behind, behind * pooled)) / this.#dispersion;
  }

  deviation(leaves: Uint32Array): number {
    const [, expected, variance] = this.columns;
    const both = leaves.reduce((sum, leaf) => sum + expected[leaf]! + variance[leaf]!, 0);
    return Math.sqrt(this.#dispersion * both);
  }

  score([events, expected]: Sums, slice: number): number {
    const excess = events![slice]! - expected![slice]!;
    return excess ** 2 / Math.max(events![slice]!, expected![slice]!, Number.MIN_VALUE);
  }

  /**
   * A few children that hold nearly all of the excess on a small part of what is expected are the cause; and so are parts by
   * whatever attributes (one service, and one version of the rest) on a larger part of it, where those together are likelier
   * by more than the words that name them.
   */
  isSplit(inside: SliceLeaves, price: (attributes: number, slices: number) => number): boolean {
    const limits = inside.attributes.length === 0 ? SPLIT_ALL : SPLIT;
    const isConcentrated = openAttributes(inside).some((attribute) => {
      const { sums, length } = childrenOf(this.columns, inside, attribute);
      if (length < 2) return false;
      const { children, expected } = holdersOf(sums, limits.excess);
      if (expected > limits.expected) return false;
      // Of few events what was expected of each child is chance itself.
      const held = sums.map((column) => Float64Array.of(children.reduce((sum, child) => sum + column[child]!, 0)));
      const whole = sums.map((column) => Float64Array.of(column.reduce((sum, value) => sum + value, 0)));
      return this.gain(held, 0) > this.gain(whole, 0);
    });
    return isConcentrated || this.#isCovered(inside, price);
  }

  /** Greedy cover: the strongest child of any attribute, then the strongest of what is left … */
  #isCovered(inside: SliceLeaves, price: (attributes: number, slices: number) => number): boolean {
    const whole = sumOf(this.columns, inside.leaves);
    const inflation = this.#usualInflation(inside);
    const sign = Math.sign(whole[0]![0]! - whole[1]![0]!);
    let gain = -this.gain(whole, 0);
    let rest = inside.leaves;
    const left = { excess: 1, expected: 1, gain: Number.POSITIVE_INFINITY };
    const isLittle = (): boolean =>
      left.excess <= 1 - COVER.excess || (left.excess <= 1 - COVER_BUT_CHANCE && left.gain < this.leastGain);
    for (let parts = 0; parts < MOST_PARTS && !isLittle(); parts++) {
      const best = this.#strongestChild({ ...inside, leaves: rest }, sign);
      if (best === null) return false;
      gain += best.gain - price(1, best.siblings) * inflation;
      rest = rest.filter((_, i) => best.childOf[i] !== best.child);
      const remaining = sumOf(this.columns, rest);
      left.excess = (remaining[0]![0]! - remaining[1]![0]!) / (whole[0]![0]! - whole[1]![0]!);
      left.expected = remaining[1]![0]! / whole[1]![0]!;
      left.gain = this.gain(remaining, 0);
    }
    return isLittle() && left.expected >= 1 - COVER.expected && gain > 0;
  }

  /** The middle one by attribute: by the attribute that tells the cause apart, children differ for a reason. */
  #usualInflation(inside: SliceLeaves): number {
    const inflations = openAttributes(inside)
      .map((attribute) => childrenOf(this.columns, inside, attribute))
      .filter(({ length }) => length > 1)
      .map(({ sums }) => this.inflation(sums))
      .sort((a, b) => a - b);
    return inflations[(inflations.length - 1) >> 1] ?? 1;
  }

  #strongestChild(inside: SliceLeaves, sign: number) {
    let best: {
      child: number;
      childOf: Uint32Array;
      siblings: number;
      gain: number;
      score: number;
    } | null = null;
    for (const attribute of openAttributes(inside)) {
      const { sums, length, childOf } = childrenOf(this.columns, inside, attribute);
      for (let child = 0; length > 1 && child < length; child++) {
        if (sign * (sums[0]![child]! - sums[1]![child]!) <= 0) continue;
        const score = this.score(sums, child);
        if (best === null || score > best.score)
          best = { child, childOf, siblings: length, gain: this.gain(sums, child), score };
      }
    }
    return best;
  }
}

/** The children, the densest first, that hold so much of all excess, and what part of the expected events they have. */
function holdersOf([events, expected]: Sums, part: number): { children: number[]; expected: number } {
  const total = { excess: 0, expected: 0 };
  const all = [...events!.keys()].map((child) => {
    const excess = events![child]! - expected![child]!;
    total.excess += excess;
    total.expected += expected![child]!;
    return { child, excess, expected: expected![child]!, events: events![child]! };
  });
  const sign = Math.sign(total.excess);
  const fraction = (one: (typeof all)[number]): number =>
    (sign * one.excess) / Math.max(one.events, one.expected, Number.MIN_VALUE);
  all.sort((a, b) => fraction(b) - fraction(a));
  const held = { excess: 0, expected: 0 };
  const children: number[] = [];
  for (const one of all) {
    if (held.excess >= part * sign * total.excess) break;
    held.excess += sign * one.excess;
    held.expected += one.expected;
    children.push(one.child);
  }
  return { children, expected: total.expected > 0 ? held.expected / total.expected : 1 };
}

/** n log(n / m), the part of a Poisson log-likelihood ratio that does not cancel out between two samples. */
function term(count: number, mean: number): number {
  return count > 0 ? count * Math.log(count / mean) : 0;
}

function sum(column: ArrayLike<number>): number {
  let total = 0;
  for (let row = 0; row < column.length; row++) total += column[row]!;
  return total;
}
