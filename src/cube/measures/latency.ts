import { logBinSql } from "../../stats/logBins.js";
import {
  decodeIntegers,
  decodePlanes,
  decodeStarts,
  encodeIntegers,
  encodePlanes,
  encodeStarts,
} from "../io/columnCodec.js";
import { latencyFigure, readLatencies } from "./latencyFigures.js";
import { LATENCY_BINS, type LatencyStore } from "./latencyStore.js";
import { shrinkToFit } from "./lists/columnRows.js";
import { LatencyWriter } from "./lists/latencyWriter.js";
import { listedItems } from "./lists/listedItems.js";
import type { ArrowRows, Measure } from "./measure.js";
import type { ListSchema } from "./state/stateSchema.js";

export interface LatencyColumns {
  readonly latencies: LatencyStore;
}

const list: ListSchema = { name: "latencies", rows: { count: "u32" }, items: { words: "u16" }, sketchBytes: 0 };

/** Latencies, as bins of 64 an octave: quantiles, means, and shares under a target. */
export const latency: Measure<LatencyColumns> = {
  name: "latency",
  columns: {},
  list,
  add: (events, { order, starts, groups }) => {
    const writer = new LatencyWriter();
    for (let g = 0; g < groups; g++) writer.addEvents(events, order, starts[g]!, starts[g + 1]!);
    return { latencies: kept(writer) };
  },
  merge: ({ latencies }, { order, starts, groups }) => {
    const writer = new LatencyWriter();
    writer.reserve(groups, 3 * listedItems(latencies.start, order));
    for (let g = 0; g < groups; g++) writer.addGroups(latencies, order, starts[g]!, starts[g + 1]!);
    return { latencies: kept(writer) };
  },
  sql: { words: `groupArrayIf(${logBinSql("latency_ms")}, isFinite(latency_ms))` },
  figures: ["mean", "p50", "p90", "p95", "p99", "p99.9", "under:250ms", "apdex:250ms", "latency_count"],
  figure: latencyFigure,
  read: ({ latencies }, sums, figures) => readLatencies(latencies, sums, figures),
  check: ({ latencies }) => faultOf(latencies),
  save: ({ latencies }) => ({
    columns: {
      latencyCount: encodeIntegers(latencies.count),
      latencyStart: encodeStarts(latencies.start),
      latencyWords: encodePlanes(latencies.words),
    },
  }),
  load: ({ section, groups }) => {
    const start = decodeStarts(section("latencyStart"), groups);
    const count = decodeIntegers(section("latencyCount"), new Uint32Array(groups));
    const words = decodePlanes(section("latencyWords"), new Uint16Array(start[groups]!));
    return { latencies: { count, start, words } };
  },
  toArrow: ({ latencies }) => {
    const { start, bins, weights } = histograms(latencies);
    return [
      { name: "latency_count", type: "uint32", values: latencies.count },
      { name: "latency_bin", type: "uint16", start, values: bins, isDetail: true },
      { name: "latency_weight", type: "uint32", start, values: weights, isDetail: true },
    ];
  },
  fromArrow: (table) => ({ latencies: storeOf(table) }),
};

function kept(writer: LatencyWriter): LatencyStore {
  const { count, start, words } = writer.finish();
  return { count: shrinkToFit(count), start: shrinkToFit(start), words: shrinkToFit(words) };
}

function faultOf({ count, start, words }: LatencyStore): string | null {
  for (let g = 0; g < count.length; g++) {
    const from = start[g]!;
    const to = start[g + 1]!;
    const isList = to - from === count[g]!;
    if (!isList && (to - from) % 3 !== 0) return "latencies are neither a list nor a histogram";
    let total = 0;
    for (let i = from; i < to; i += isList ? 1 : 3) {
      if (words[i]! >= LATENCY_BINS.count) return "a latency has an unknown bin";
      total += isList ? 1 : words[i + 1]! + 65536 * words[i + 2]!;
    }
    if (total !== count[g]!) return "latencies are miscounted";
  }
  return null;
}

/** Latencies of every group as bins and weights, whichever way the store keeps them. */
function histograms({ count, start, words }: LatencyStore) {
  const starts = new Uint32Array(start.length);
  const bins = new Uint16Array(words.length);
  const weights = new Uint32Array(words.length);
  let end = 0;
  for (let g = 0; g < count.length; g++) {
    const isList = start[g + 1]! - start[g]! === count[g]!;
    for (let i = start[g]!; i < start[g + 1]!; i += isList ? 1 : 3) {
      bins[end] = words[i]!;
      weights[end++] = isList ? 1 : words[i + 1]! + 65536 * words[i + 2]!;
    }
    starts[g + 1] = end;
  }
  return { start: starts, bins: bins.subarray(0, end), weights: weights.subarray(0, end) };
}

function storeOf({ lists, length }: ArrowRows): LatencyStore {
  const [bins, weights] = [lists("latency_bin"), lists("latency_weight")];
  const count = new Uint32Array(length);
  const start = new Uint32Array(length + 1);
  const words: number[] = [];
  bins.forEach((own, g) => {
    const times = weights[g]!.map(Number);
    count[g] = times.reduce((sum, weight) => sum + weight, 0);
    if (count[g] === own.length) for (const bin of own) words.push(Number(bin));
    else for (const [i, bin] of own.entries()) words.push(Number(bin), times[i]! & 0xffff, times[i]! >>> 16);
    start[g + 1] = words.length;
  });
  return { count, start, words: Uint16Array.from(words) };
}
