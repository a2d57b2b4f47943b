import type { PlaceCounts } from "./placeCounts.js";

/** A share without noise stands for so many events at the most. */
const MOST_EVENTS = 2_000;
/** Standard deviations of a normal variable in its median absolute deviation, and in that of a difference of two. */
const MAD_TO_SD = 1.4826;

/**
 * Counts that are as noisy as given shares are: k × share with k chosen so that the variance equals the mean, as it does
 * for counts (Poisson). The noise is the median change from one value to the next, which a rhythm of the day and outages
 * hardly touch.
 */
export function countsOfShares(input: PlaceCounts): PlaceCounts {
  return { ...input, counts: input.counts.map(scaled) };
}

function scaled(row: ArrayLike<number | null | undefined>): Float64Array {
  const values = Float64Array.from(row, (value) => value ?? Number.NaN);
  const known = values.filter((v) => v >= 0 && Number.isFinite(v));
  const changes: number[] = [];
  for (let t = 1; t < values.length; t++) {
    const change = Math.abs(values[t]! - values[t - 1]!);
    if (Number.isFinite(change)) changes.push(change);
  }
  const level = median(Array.from(known));
  if (!(level > 0)) return values;
  const deviation = (MAD_TO_SD * median(changes)) / Math.SQRT2;
  const factor = Math.min(MOST_EVENTS / level, deviation > 0 ? level / deviation ** 2 : Number.POSITIVE_INFINITY);
  return values.map((v) => v * factor);
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values.length === 0 ? 0 : values[values.length >> 1]!;
}
