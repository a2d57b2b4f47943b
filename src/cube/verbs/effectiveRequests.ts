import type { CubeParts } from "../cubeParts.js";
import type { ClientStore } from "../measures/clientStore.js";
import { forEachLatency, type LatencyStore } from "../measures/latencyStore.js";
import { columnOf } from "../measures/state/stateSchema.js";
import { effectiveCount } from "../measures/weights.js";
import type { Segment } from "../segments/segment.js";

/**
 * A cube of weighted events as one of as many requests as its rows are worth, by Kish over all of it: what judges evidence
 * by the number of requests sees no more of it than there is. Rates, quantiles and shares stay as they are, but for the
 * rounding of lists. A cube without weights stays as it is.
 */
export function effectiveRequests(parts: CubeParts): CubeParts {
  const { segment } = parts;
  const { squares, count, schema } = segment;
  if (!squares) return parts;
  const total = count.reduce((sum, requests) => sum + requests, 0);
  const effect =
    total /
    effectiveCount(
      total,
      squares.reduce((sum, square) => sum + square, 0),
    );
  const states: Record<string, unknown> = {
    latencies: thinnedLatencies(segment.latencies, effect),
    clients: thinnedClients(segment.clients, effect),
  };
  for (const [name, type] of Object.entries(schema.columns))
    if (type === "count") states[name] = Float64Array.from(columnOf(segment, name), (requests) => requests / effect);
  return { ...parts, segment: { ...segment, ...states, squares: states.count } as Segment };
}

/** Every bin with its part of the requests, at least one; in the shorter of the store's two forms, as ever. */
function thinnedLatencies(store: LatencyStore, effect: number): LatencyStore {
  const groups = store.count.length;
  const count = new Uint32Array(groups);
  const start = new Uint32Array(groups + 1);
  const words: number[] = [];
  for (let g = 0; g < groups; g++) {
    const bins = new Map<number, number>();
    forEachLatency(store, g, (bin, times) => bins.set(bin, (bins.get(bin) ?? 0) + times));
    const left = [...bins].map(([bin, times]) => [bin, part(times, effect)] as const).sort(([a], [b]) => a - b);
    count[g] = left.reduce((sum, [, times]) => sum + times, 0);
    const isList = 3 * left.length >= count[g]!;
    for (const [bin, times] of left)
      if (isList) for (let i = 0; i < times; i++) words.push(bin);
      else words.push(bin, times & 0xffff, times >>> 16);
    start[g + 1] = words.length;
  }
  return { count, start, words: Uint16Array.from(words) };
}

function thinnedClients(store: ClientStore, effect: number): ClientStore {
  return {
    ...store,
    count: store.count.map((requests) => part(requests, effect)),
    errors: store.errors.map((failed) => (failed > 0 ? part(failed, effect) : 0)),
  };
}

function part(requests: number, effect: number): number {
  return Math.max(1, Math.round(requests / effect));
}
