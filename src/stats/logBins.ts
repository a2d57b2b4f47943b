/** The lowest value with a bin of its own is 2^-20 (of a millisecond: a nanosecond); what is less counts as 0. */
const LOWEST_EXPONENT = -20;
/** The highest edge is 2^31 (milliseconds: 25 days); what is more counts in the last bin. */
const HIGHEST_EXPONENT = 31;
/** 2^6 bins an octave. */
const MANTISSA_BITS = 6;
const FLOAT32_BIAS = 127;
const SHIFT = 23 - MANTISSA_BITS;
const LOWEST_WORD = (LOWEST_EXPONENT + FLOAT32_BIAS) << 23;
const HIGHEST_WORD = (HIGHEST_EXPONENT + FLOAT32_BIAS) * 2 ** 23;
const INFINITY_WORD = 0x7f800000;
const NEGATIVE_ZERO_WORD = 0x80000000;
const OFFSET = (LOWEST_WORD >>> SHIFT) - 1;

/** What {@link LogBins.binOfWord} answers for NaN, infinities and negative numbers. */
export const NO_BIN = 0xffff;

/**
 * Bins for positive quantities: 64 an octave, each the top 14 bits of the value as a 32-bit float.
 *
 * A bin is (2^-6 of its octave) wide, and {@link valueOf} is the point with the least relative error to both edges, so
 * every quantile is within 1/129 (0.78%) of the value at that rank. A histogram of bins merges and subtracts by adding
 * and subtracting. Nothing is rounded on the way in but to the 32-bit float, and no logarithm is taken: any system that
 * can reinterpret a float as an integer (`reinterpretAsUInt32` in ClickHouse) finds the same bin.
 */
export class LogBins {
  /** How many bins there are. Bin 0 is for zero and what is too small to tell from it. */
  readonly count = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * 2 ** MANTISSA_BITS + 1;
  /** No quantile is further than this from the value at its rank, as a share of that value. */
  readonly relativeError = 1 / (2 ** (MANTISSA_BITS + 1) + 1);
  readonly #float = new Float32Array(1);
  readonly #word = new Uint32Array(this.#float.buffer);
  readonly #values = Float64Array.from({ length: this.count }, (_, bin) => middle(bin));

  /** The bin of a value, or {@link NO_BIN} for NaN, infinities and negative numbers. */
  binOf(value: number): number {
    this.#float[0] = value;
    return this.binOfWord(this.#word[0]!);
  }

  /** The bin of the value whose 32-bit float has the bits of `word`, an unsigned integer; see {@link binOf}. */
  binOfWord(word: number): number {
    if (word >= INFINITY_WORD) return word === NEGATIVE_ZERO_WORD ? 0 : NO_BIN;
    if (word < LOWEST_WORD) return 0;
    return word < HIGHEST_WORD ? (word >>> SHIFT) - OFFSET : this.count - 1;
  }

  /** The smallest value of a bin. */
  lower(bin: number): number {
    return bin === 0 ? 0 : edge(bin);
  }

  /** The smallest value above a bin. */
  upper(bin: number): number {
    return edge(bin + 1);
  }

  /** The value that stands for a bin: 2lu / (l + u), whose relative error is the same at both edges. */
  valueOf(bin: number): number {
    return this.#values[bin]!;
  }

  /** The sum of the weights. */
  total(bins: ArrayLike<number>): number {
    let total = 0;
    for (let bin = 0; bin < bins.length; bin++) total += bins[bin]!;
    return total;
  }

  /**
   * The quantile by rank: the smallest value with at least `q` of the weight at or below it, within {@link relativeError}.
   *
   * @param bins - weight of each bin, not negative; length `count`
   * @param q - in [0, 1]
   * @param total - the sum of the weights, if it is known
   * @returns NaN if there is no weight
   */
  quantile(bins: ArrayLike<number>, q: number, total = this.total(bins)): number {
    const rank = q * total * (1 - 2 ** -50); // 0.07 × 100 must ask for 7 of 100, not for 7.000000000000001
    let below = 0;
    for (let bin = 0; bin < bins.length; bin++) {
      below += bins[bin]!;
      if (below >= rank && below > 0) return this.valueOf(bin);
    }
    return Number.NaN;
  }

  /** The mean of the weighted values, within {@link relativeError}; NaN if there is no weight. */
  mean(bins: ArrayLike<number>): number {
    let total = 0;
    let sum = 0;
    for (let bin = 0; bin < bins.length; bin++) {
      const weight = bins[bin]!;
      if (weight === 0) continue;
      total += weight;
      sum += weight * this.valueOf(bin);
    }
    return total > 0 ? sum / total : Number.NaN;
  }
}

/**
 * {@link LogBins.binOf} as SQL of ClickHouse.
 *
 * @param value - an expression of type Float32, not NaN, infinite or negative
 */
export function logBinSql(value: string): string {
  const word = `reinterpretAsUInt32(${value})`;
  const bin = `bitShiftRight(${word}, ${SHIFT}) - ${OFFSET}`;
  const last = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * 2 ** MANTISSA_BITS;
  return `toUInt16(multiIf(${word} < ${LOWEST_WORD}, 0, ${word} < ${HIGHEST_WORD}, ${bin}, ${last}))`;
}

/** The value whose relative error is the same at both edges of a bin. */
function middle(bin: number): number {
  if (bin === 0) return 0;
  const low = edge(bin);
  const high = edge(bin + 1);
  return (2 * low * high) / (low + high);
}

/** The lower edge of a bin above 0. */
function edge(bin: number): number {
  const step = bin - 1;
  return 2 ** (LOWEST_EXPONENT + Math.floor(step / 64)) * (1 + (step % 64) / 64);
}
