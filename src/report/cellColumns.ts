import { LATENCY_BINS } from "../cube/latencyStore.js";
import type { Segment } from "../cube/segment.js";
import { estimateDistinct } from "../stats/distinctSketch.js";
import { type CellColumns, latencyCode } from "./reportModel.js";

/** The measures of a segment's groups, one row a group. */
export function cellColumns(segment: Segment): CellColumns {
  const p50 = new Uint16Array(segment.length);
  const p95 = new Uint16Array(segment.length);
  for (let group = 0; group < segment.length; group++) {
    const bins = sortedBins(segment, group);
    p50[group] = codeAt(bins, 0.5);
    p95[group] = codeAt(bins, 0.95);
  }
  return { count: segment.count, errors: segment.errors, clients: distinctClients(segment), p50, p95 };
}

function distinctClients({ length, clients }: Segment): Uint32Array {
  return Uint32Array.from({ length }, (_, group) => {
    const sketch = clients.sketches.get(group);
    return sketch ? estimateDistinct(sketch.registers) : clients.start[group + 1]! - clients.start[group]!;
  });
}

/** A group's latencies, ascending: bins, and how many latencies lie at or below each. */
interface SortedBins {
  readonly bin: Uint16Array;
  readonly upTo: Float64Array;
}

function sortedBins({ latencies, latencyCount }: Segment, group: number): SortedBins {
  const words = latencies.words.subarray(latencies.start[group]!, latencies.start[group + 1]!);
  if (words.length === latencyCount[group]) {
    return { bin: words.slice().sort(), upTo: Float64Array.from(words, (_, i) => i + 1) };
  }
  const bin = new Uint16Array(words.length / 3);
  const upTo = new Float64Array(bin.length);
  for (let i = 0; i < bin.length; i++) {
    bin[i] = words[3 * i]!;
    upTo[i] = (upTo[i - 1] ?? 0) + words[3 * i + 1]! + 65_536 * words[3 * i + 2]!;
  }
  return { bin, upTo };
}

/** The code of the quantile by rank, as the cube's own bins define it; 0 without latencies. */
function codeAt({ bin, upTo }: SortedBins, q: number): number {
  const rank = q * (upTo.at(-1) ?? 0) * (1 - 2 ** -50);
  const at = upTo.findIndex((below) => below >= rank);
  return at < 0 ? 0 : latencyCode(LATENCY_BINS.valueOf(bin[at]!));
}
