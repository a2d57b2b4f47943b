import { DAY_MS, HOUR_MS, WEEK_MS } from "../../../core/time.js";

/** Counts of some places together, bucket by bucket, and what was expected of them. */
export interface CountSeries {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly bucketMs: number;
}

/** The largest dips of so long are compared: more of them than outages in a past. */
const BLOCK_MS = 6 * HOUR_MS;
/** Windows longer than this share of the past are too few to learn from. */
const SHARE_OF_PAST = 1 / 12;
const MIN_BLOCKS = 4;
const MIN_PAST_MS = DAY_MS;
/** The first days teach what is to be expected rather than how far counts stray from it. */
const UNSURE_MS = 3 * DAY_MS;
/** A short past leaves its own tail uncertain: after so many blocks the scale is taken for twice what it seems. */
const FEW_BLOCKS = 8;
/** … and before, a dip must be so many times as deep as the deepest. */
const FAR_BEYOND = 1.6;
const BEYOND = 1.1;

/**
 * Whether the loss of some buckets is beyond the dips that these counts have anyway.
 *
 * A dip's depth is ln(expected / observed). The deepest of each six hours of the past follow an exponential tail, whose
 * scale is told by their median and ninth decile, so that a few real outages do not hide the next; it is extrapolated to
 * the rate of false alarms that is promised.
 */
export function isBeyondUsualDips(series: CountSeries, from: number, to: number, falseAlarmsPerWeek: number): boolean {
  const { bucketMs } = series;
  if (from * bucketMs < MIN_PAST_MS) return true;
  const length = Math.max(1, Math.min(to - from + 1, Math.floor(from * SHARE_OF_PAST)));
  const depths = depthsOf(series, length);
  const block = Math.max(length, Math.round(BLOCK_MS / bucketMs));
  const peaks: number[] = [];
  const first = from * bucketMs >= 2 * UNSURE_MS ? Math.round(UNSURE_MS / bucketMs) : 0;
  for (let end = from - 1; end - block + 1 >= first + length - 1; end -= block)
    peaks.push(deepest(depths, end - block + 1, end));
  if (peaks.length < MIN_BLOCKS) return true;
  peaks.sort((a, b) => a - b);
  const at = (share: number): number => peaks[Math.floor(share * (peaks.length - 1))]!;
  const scale = ((at(0.9) - at(0.5)) / Math.log(5)) * (1 + FEW_BLOCKS / peaks.length);
  const perWeek = WEEK_MS / (block * bucketMs);
  const limit = at(0.5) + scale * Math.max(0, Math.log((0.5 * perWeek) / falseAlarmsPerWeek));
  const isBursty = at(0.9) >= Math.LN2; // halves as a rule: an outage is deeper than anything before
  const least = peaks.length < FEW_BLOCKS ? FAR_BEYOND * at(1) : isBursty ? BEYOND * at(1) : 0;
  return deepest(depths, from + length - 1, to) > Math.max(limit, least);
}

/** Depth of the window of a length that ends with each bucket; 0 where it is not full, or nothing is lost. */
function depthsOf({ observed, expected }: CountSeries, length: number): Float64Array {
  const depths = new Float64Array(observed.length);
  let [o, e] = [0, 0];
  for (let t = 0; t < observed.length; t++) {
    o += observed[t]!;
    e += expected[t]!;
    if (t >= length) {
      o -= observed[t - length]!;
      e -= expected[t - length]!;
    }
    if (t >= length - 1) depths[t] = Math.max(0, Math.log((e + 1) / (Math.max(0, o) + 1)));
  }
  return depths;
}

function deepest(depths: Float64Array, from: number, to: number): number {
  let most = 0;
  for (let t = Math.max(0, from); t <= to; t++) most = Math.max(most, depths[t]!);
  return most;
}
