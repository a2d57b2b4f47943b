import { LATENCY_BINS } from "../../cube/measures/latencyStore.js";
import type { Counts } from "../../cube/measures/state/stateSchema.js";
import type { Segment } from "../../cube/segments/segment.js";
import { estimateDistinct } from "../../stats/distinctSketch.js";
import { type CellColumns, latencyCode } from "./reportModel.js";

/** The measures of a segment's groups, one row a group. */
export function cellColumns(segment: Segment): CellColumns {
  const { count, errors, latencies } = segment;
  const p50 = new Uint16Array(segment.length);
  const p95 = new Uint16Array(segment.length);
  for (let group = 0; group < segment.length; group++) {
    const total = latencies.count[group]!;
    if (total === 0) continue;
    const words = latencies.words.subarray(latencies.start[group]!, latencies.start[group + 1]!);
    const binAt = words.length === total ? listed(words) : counted(words);
    p50[group] = CODE_OF_BIN[binAt(rankOf(0.5, total))]!;
    p95[group] = CODE_OF_BIN[binAt(rankOf(0.95, total))]!;
  }
  return { count: whole(count), errors: whole(errors), clients: distinctClients(segment), p50, p95 };
}

/** Counts as the page has them, which knows no fractions. */
function whole(counts: Counts): Uint32Array {
  return counts instanceof Uint32Array ? counts : Uint32Array.from(counts, Math.round);
}

function distinctClients({ length, clients }: Segment): Uint32Array {
  return Uint32Array.from({ length }, (_, group) => {
    const sketch = clients.sketches.get(group);
    return sketch ? estimateDistinct(sketch.registers) : clients.start[group + 1]! - clients.start[group]!;
  });
}

/** The rank, from 1, of the smallest value with at least `q` of the weight at or below it, as the cube's bins define it. */
function rankOf(q: number, total: number): number {
  return Math.max(1, Math.ceil(q * total * (1 - 2 ** -50)));
}

/** The bin at a rank of latencies that are kept one word each. */
function listed(words: Uint16Array): (rank: number) => number {
  const sorted = words.length > 1 ? words.slice().sort() : words;
  return (rank) => sorted[rank - 1]!;
}

/** The bin at a rank of latencies that are kept as bins, ascending, with the halves of their counts. */
function counted(words: Uint16Array): (rank: number) => number {
  return (rank) => {
    let below = 0;
    for (let i = 0; i < words.length; i += 3) {
      below += words[i + 1]! + 65_536 * words[i + 2]!;
      if (below >= rank) return words[i]!;
    }
    return words[words.length - 3]!;
  };
}

const CODE_OF_BIN = Uint16Array.from({ length: LATENCY_BINS.count }, (_, bin) =>
  latencyCode(LATENCY_BINS.valueOf(bin)),
);
