import { LogBins } from "../../stats/logBins.js";

/** The bins of every cube. */
export const LATENCY_BINS = new LogBins();

/**
 * The latencies of every group: those of group g are words[start[g], start[g + 1]).
 *
 * Either one word a latency, its bin; or, where that is shorter, three words a bin, ascending: the bin and the halves of
 * its count, lower first. The two are told apart by their length, which is that of the list only for a list.
 */
export interface LatencyStore {
  /** Requests whose latency is known, by group. */
  readonly count: Uint32Array;
  readonly start: Uint32Array;
  readonly words: Uint16Array;
}

/** A store without groups. */
export const NO_LATENCIES: LatencyStore = {
  count: new Uint32Array(0),
  start: new Uint32Array(1),
  words: new Uint16Array(0),
};

/** Adds the latencies of a group to a histogram of {@link LATENCY_BINS}. */
export function addLatencies(store: LatencyStore, group: number, bins: Uint32Array | Float64Array): void {
  const { words } = store;
  const from = store.start[group]!;
  const to = store.start[group + 1]!;
  if (to - from === store.count[group]) for (let i = from; i < to; i++) bins[words[i]!]!++;
  else for (let i = from; i < to; i += 3) bins[words[i]!]! += words[i + 1]! + 65536 * words[i + 2]!;
}

/** Calls back with each bin of a group; a bin may come more than once. */
export function forEachLatency(store: LatencyStore, group: number, visit: (bin: number, count: number) => void): void {
  const { words } = store;
  const from = store.start[group]!;
  const to = store.start[group + 1]!;
  if (to - from === store.count[group]) for (let i = from; i < to; i++) visit(words[i]!, 1);
  else for (let i = from; i < to; i += 3) visit(words[i]!, words[i + 1]! + 65536 * words[i + 2]!);
}
