import { parseDurationMs } from "../../core/time.js";
import type { RowOrder } from "../segments/sortGroupBy.js";
import { addToHistogram, groupMeans, groupQuantiles } from "./groupQuantiles.js";
import { LATENCY_BINS, type LatencyStore } from "./latencyStore.js";
import type { Figure } from "./measure.js";

/** `p95` is the 95% quantile of latency in milliseconds, `p99.9` that of 99.9%. */
const QUANTILE = /^p(\d{1,2}(?:\.\d+)?|100)$/;
/** `under:250ms` is the share of requests that took no longer, `apdex:250ms` their Apdex. */
const TARGET = /^(under|apdex):(.*)$/s;
/** Apdex: requests of up to so many times the target are tolerable (Apdex Alliance, 2007). */
const TOLERATED = 4;

const value: Figure<{ readonly latencies: LatencyStore }> = { empty: null };

/** The figure of latency that a name means; null if none. Throws `bad-duration` for a target that is none. */
export function latencyFigure(name: string): Figure<{ readonly latencies: LatencyStore }> | null {
  if (name === "latency_count") return { empty: 0, sum: ({ latencies }) => latencies.count };
  if (name === "mean" || quantileOf(name) !== null) return value;
  const target = targetOf(name);
  if (target === null) return null;
  return target.kind === "under" ? { empty: null, trials: "latency_count" } : value;
}

/** Figures of several groups together, for many such sums; NaN where no latency is known (of `under`, 0). */
export function readLatencies(store: LatencyStore, sums: RowOrder, figures: readonly string[]): Float64Array[] {
  const quantiles = figures.map(quantileOf);
  const asked = quantiles.filter((q) => q !== null);
  const found = asked.length > 0 ? groupQuantiles(store, sums, asked) : [];
  return figures.map((name, i) => {
    if (quantiles[i] !== null) return found.shift()!;
    if (name === "mean") return groupMeans(store, sums);
    const { kind, targetMs } = targetOf(name)!;
    return kind === "under" ? groupUnder(store, sums, targetMs) : groupApdex(store, sums, targetMs);
  });
}

/** The quantile, in [0, 1], that a figure is; null if it is another figure. */
export function quantileOf(figure: string): number | null {
  const match = QUANTILE.exec(figure);
  return match ? Number(match[1]) / 100 : null;
}

function targetOf(figure: string): { readonly kind: "under" | "apdex"; readonly targetMs: number } | null {
  const match = TARGET.exec(figure);
  return match && { kind: match[1] as "under" | "apdex", targetMs: parseDurationMs(match[2]!) };
}

/**
 * Requests that took no longer than the target. The target's own bin counts whole: all that are within it are counted, and
 * of those beyond it some that are less than a bin's width above, which is at most 1/64 (1.6%) of the target.
 */
function groupUnder(store: LatencyStore, sums: RowOrder, targetMs: number): Float64Array {
  const last = LATENCY_BINS.binOf(targetMs);
  return overHistograms(store, sums, (histogram) => countUpTo(histogram, last));
}

/** Apdex: the share of satisfied requests, and half that of those that are tolerable; NaN where there are none. */
function groupApdex(store: LatencyStore, sums: RowOrder, targetMs: number): Float64Array {
  const satisfied = LATENCY_BINS.binOf(targetMs);
  const tolerated = LATENCY_BINS.binOf(TOLERATED * targetMs);
  return overHistograms(store, sums, (histogram, total) => {
    const happy = countUpTo(histogram, satisfied);
    return total > 0 ? (happy + countUpTo(histogram, tolerated)) / (2 * total) : Number.NaN;
  });
}

function overHistograms(
  store: LatencyStore,
  { order, starts, groups }: RowOrder,
  figure: (histogram: Uint32Array, total: number) => number,
): Float64Array {
  const figures = new Float64Array(groups);
  const histogram = new Uint32Array(LATENCY_BINS.count);
  for (let s = 0; s < groups; s++) {
    histogram.fill(0);
    addToHistogram(store, order, starts[s]!, starts[s + 1]!, histogram);
    figures[s] = figure(histogram, countUpTo(histogram, LATENCY_BINS.count - 1));
  }
  return figures;
}

function countUpTo(histogram: Uint32Array, last: number): number {
  let count = 0;
  for (let bin = 0; bin <= last; bin++) count += histogram[bin]!;
  return count;
}
