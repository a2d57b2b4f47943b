import type { RowOrder } from "../segments/sortGroupBy.js";
import { addLatencies, LATENCY_BINS, type LatencyStore } from "./latencyStore.js";
import { countBins } from "./lists/countBins.js";

/** Sums with no more latencies than this are sorted; larger ones are counted by bin. */
const SORTED = 128;

/**
 * Quantiles by rank of the latencies of several groups together, for many such sums.
 *
 * @param sums - sum s is of the groups order[starts[s], starts[s + 1]) of the store
 * @param quantiles - in [0, 1]
 * @returns for each quantile one value a sum, NaN where there are no latencies
 */
export function groupQuantiles(store: LatencyStore, sums: RowOrder, quantiles: readonly number[]): Float64Array[] {
  const found = quantiles.map(() => new Float64Array(sums.groups));
  const few = new Uint16Array(SORTED);
  const histogram = new Uint32Array(LATENCY_BINS.count);
  for (let s = 0; s < sums.groups; s++) {
    const from = sums.starts[s]!;
    const to = sums.starts[s + 1]!;
    let total = 0;
    for (let k = from; k < to; k++) total += store.count[sums.order[k]!]!;
    const binAt = total <= SORTED && collect(store, sums.order, from, to, few);
    if (binAt) {
      const lowest = quantiles.length === 1 ? rankOf(quantiles[0]!, total) : 0;
      sortDownTo(few, total, Math.max(0, lowest));
      for (let q = 0; q < quantiles.length; q++)
        found[q]![s] = total > 0 ? LATENCY_BINS.valueOf(few[rankOf(quantiles[q]!, total)]!) : Number.NaN;
    } else {
      histogram.fill(0);
      addToHistogram(store, sums.order, from, to, histogram);
      for (let q = 0; q < quantiles.length; q++) found[q]![s] = LATENCY_BINS.quantile(histogram, quantiles[q]!, total);
    }
  }
  return found;
}

/** Means of the same sums, within the relative error of the bins; NaN where there are no latencies. */
export function groupMeans(store: LatencyStore, sums: RowOrder): Float64Array {
  const means = new Float64Array(sums.groups);
  const histogram = new Uint32Array(LATENCY_BINS.count);
  for (let s = 0; s < sums.groups; s++) {
    histogram.fill(0);
    addToHistogram(store, sums.order, sums.starts[s]!, sums.starts[s + 1]!, histogram);
    means[s] = LATENCY_BINS.mean(histogram);
  }
  return means;
}

/** Copies the bins of groups that are plain lists; false if one is not. */
function collect(
  { start, words, count }: LatencyStore,
  groups: Uint32Array,
  from: number,
  to: number,
  out: Uint16Array,
): boolean {
  let n = 0;
  for (let k = from; k < to; k++) {
    const group = groups[k]!;
    if (start[group + 1]! - start[group]! !== count[group]!) return false;
    for (let i = start[group]!; i < start[group + 1]!; i++) out[n++] = words[i]!;
  }
  return true;
}

/** Adds the latencies of some groups to a histogram; where groups lie side by side as lists, in one go. */
export function addToHistogram(
  store: LatencyStore,
  groups: Uint32Array,
  from: number,
  to: number,
  histogram: Uint32Array,
): void {
  const { start, words, count: counts } = store;
  for (let k = from; k < to; ) {
    const first = groups[k]!;
    let count = counts[first]!;
    let last = first;
    for (k++; k < to && groups[k] === last + 1; k++) count += counts[++last]!;
    const begin = start[first]!;
    const end = start[last + 1]!;
    // A group is never longer than its list, so together they are as long only if all are lists.
    if (end - begin === count) countBins(words, begin, end, histogram);
    else for (let group = first; group <= last; group++) addLatencies(store, group, histogram);
  }
}

/**
 * Sorts the first n values from index `lowest` on, the rest staying in no order: by insertion into the few greatest, since
 * for a few dozen integers, of which a high quantile asks for the greatest two or three, nothing is faster.
 */
function sortDownTo(values: Uint16Array, n: number, lowest: number): void {
  for (let i = n - 2; i >= 0; i--) {
    const value = values[i]!;
    const floor = Math.max(lowest, i + 1);
    if (i < lowest && value <= values[floor]!) continue;
    let k = floor;
    if (i < lowest) {
      values[i] = values[floor]!;
      k = floor + 1;
    }
    for (; k < n && values[k]! < value; k++) values[k - 1] = values[k]!;
    values[k - 1] = value;
  }
}

/** Index of the smallest of n sorted values with at least q of them at or below it; the rule of `LogBins.quantile`. */
function rankOf(q: number, n: number): number {
  return Math.max(0, Math.ceil(q * n * (1 - 2 ** -50)) - 1);
}
