import type { Evidence, SliceLeaves, Sums } from "./evidence.js";
import { orderStatistics } from "./orderStatistics.js";
import { isTakenApart } from "./ratioParts.js";

/** Leaves with fewer expected events than this say little about dispersion. */
const LEAST_EXPECTED = 1;
/** The median of a chi-squared variable of one degree of freedom. */
const CHI_SQUARED_MEDIAN = 0.4549;
/** So many leaves' worth is known of the noise beforehand: it is Poisson's. */
const KNOWN_BEFOREHAND = 16;
/** A leaf expected to have nothing has about this. */
const NEXT_TO_NOTHING = 1e-9;

/** How sure a forecast of counts is. */
export interface ForecastUncertainty {
  /** Variance of what each leaf's forecast says by itself. */
  readonly variance: ArrayLike<number>;
  /** Relative variance of what it says of all leaves alike. */
  readonly common: number;
  /** Requests of each leaf that could have been events, where events are some of them. */
  readonly chances?: ArrayLike<number>;
}

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
   * Events, expected events, the variance of what is expected (the forecast is a sample as well), what a leaf gains by
   * itself, were the forecast sure, where events are more or fewer than expected, and what could have been events.
   */
  readonly columns: readonly [
    events: Float64Array,
    expected: Float64Array,
    variance: Float64Array,
    above: Float64Array,
    below: Float64Array,
    chances: Float64Array,
  ];
  readonly leastGain = 4;
  readonly #leastDispersion: number;
  /** Relative variance that the forecasts of all leaves share. */
  readonly #commonVariance: number;
  /** Leaves that the dispersion was learnt from. */
  #leaves = 0;
  #dispersion = 1;

  /**
   * @param priorTrials - trials at the overall rate that stand behind each leaf's own, which steadies small leaves
   * @param leastDispersion - variance of events over Poisson's that is known beforehand
   * @param uncertainty - of the forecast; default that of so many events, each leaf's its own
   */
  constructor(
    real: ArrayLike<number>,
    realTotal: ArrayLike<number>,
    predicted: ArrayLike<number>,
    predictedTotal: ArrayLike<number>,
    priorTrials: number,
    leastDispersion: number,
    uncertainty: ForecastUncertainty = { variance: predicted, common: 0 },
  ) {
    this.#commonVariance = uncertainty.common;
    this.#leastDispersion = Math.max(1, leastDispersion);
    this.#dispersion = this.#leastDispersion;
    const overall = sum(predicted) / Math.max(sum(predictedTotal), Number.MIN_VALUE);
    const leaves = real.length;
    const column = (): Float64Array => new Float64Array(leaves);
    const chances = uncertainty.chances === undefined ? column() : Float64Array.from(uncertainty.chances);
    this.columns = [Float64Array.from(real), column(), column(), column(), column(), chances];
    const [, expected, variance, above, below] = this.columns;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const trials = predictedTotal[leaf]! + priorTrials;
      const scale = realTotal[leaf]! / trials;
      const behind = predicted[leaf]! + priorTrials * overall;
      expected[leaf] = scale * behind;
      variance[leaf] = scale * scale * (uncertainty.variance[leaf]! + priorTrials * overall);
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

  /**
   * Likelihood ratio of two Poisson samples, part of a slice and the rest of it, by what could have been events in each: how
   * much it speaks against their failing alike, however little is known of the usual. 0 where the chances are not known.
   */
  apart(whole: Sums, part: Sums): number {
    const [all, seen] = [whole[0]![0]!, part[0]![0]!];
    const [of, own] = [whole[5]![0]!, part[5]![0]!];
    if (!(own > 0 && of > own && all > 0)) return 0;
    const rate = all / of;
    return Math.max(0, term(seen, own * rate) + term(all - seen, (of - own) * rate)) / this.#dispersion;
  }

  /** Likelihood ratio of two Poisson samples: the events, and those that a forecast of this variance rests on. */
  gain([events, expected, variance]: Sums, slice: number): number {
    const mean = expected![slice]!;
    if (!(mean > 0 && variance![slice]! > 0)) return 0;
    const seen = Math.max(0, events![slice]!);
    const behind = 1 / (variance![slice]! / (mean * mean) + this.#commonVariance);
    const pooled = (seen + behind) / (mean + behind);
    return (term(seen, mean * pooled) + term(behind, behind * pooled)) / this.#dispersion;
  }

  deviation(leaves: Uint32Array): number {
    const [, expected, variance] = this.columns;
    let [mean, own] = [0, 0];
    for (const leaf of leaves) {
      mean += expected[leaf]!;
      own += variance[leaf]!;
    }
    return Math.sqrt(this.#dispersion * (mean + own + this.#commonVariance * mean * mean));
  }

  score([events, expected]: Sums, slice: number): number {
    const excess = events![slice]! - expected![slice]!;
    return excess ** 2 / Math.max(events![slice]!, expected![slice]!, Number.MIN_VALUE);
  }

  isSplit(inside: SliceLeaves, price: (attributes: number, slices: number) => number): boolean {
    return isTakenApart(this, inside, price);
  }
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
