import { WEEK_MS } from "../../../core/time.js";
import type { CountSeries } from "./usualDips.js";

/** A spell is what loses so much of what must be lost for an outage to be told. */
const NEARLY = 0.8;
/** Spells are compared once there are so many, and a few leave their own tail uncertain. */
const MIN_SPELLS = 5;
/** … and fewer, far less. */
const FAR_BEYOND = 3;
/** A spell must be so many times as large as the largest before. */
const BEYOND = 1.1;

/**
 * Whether the loss of some buckets is beyond the low spells that these counts have anyway: a job that runs now and then, a
 * source that goes off for hours.
 *
 * A spell's size is the sum of its depths, ln(expected / observed), over its buckets. Sizes of the past are taken for
 * exponential, and the largest of them for chance, until the next is beyond what the promised rate allows.
 */
export function isBeyondUsualSpells(
  series: CountSeries,
  from: number,
  to: number,
  { falseAlarmsPerWeek, minLoss }: { readonly falseAlarmsPerWeek: number; readonly minLoss: number },
): boolean {
  const low = 1 - NEARLY * minLoss;
  const sizes = spellSizes(series, low, 0, from - 1).sort((a, b) => a - b);
  const size = spellSizes(series, low, from, to).reduce((most, one) => Math.max(most, one), 0);
  if (sizes.length < MIN_SPELLS) return size > FAR_BEYOND * (sizes.at(-1) ?? 0);
  const weeks = (from * series.bucketMs) / WEEK_MS;
  // The largest may be an outage: one does not hide the next.
  const usual = sizes.length >= 2 * MIN_SPELLS ? sizes.slice(0, -1) : sizes;
  const mean = usual.reduce((sum, size) => sum + size, 0) / usual.length;
  const often = Math.log(Math.max(1, sizes.length / weeks / falseAlarmsPerWeek));
  const limit = mean * often * (1 + MIN_SPELLS / sizes.length);
  return size > Math.max(limit, BEYOND * usual.at(-1)!);
}

/** Sizes of the spells in buckets [from, to]. */
function spellSizes({ observed, expected }: CountSeries, low: number, from: number, to: number): number[] {
  const sizes: number[] = [];
  let size = 0;
  for (let t = from; t <= to; t++) {
    const isLow = observed[t]! < low * expected[t]!;
    if (isLow) size += Math.log((expected[t]! + 1) / (Math.max(0, observed[t]!) + 1));
    if ((!isLow || t === to) && size > 0) {
      sizes.push(size);
      size = 0;
    }
  }
  return sizes;
}
