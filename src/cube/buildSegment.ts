import type { ClientCodes } from "./clientCodes.js";
import { ClientWriter, NO_CLIENTS } from "./clientStore.js";
import type { CubeMeasure } from "./cubeOptions.js";
import { LATENCY_BINS, LatencyWriter, NO_LATENCIES } from "./latencyStore.js";
import { orderRows, type RowOrder } from "./orderRows.js";
import { noLists } from "./regroup.js";
import type { GroupKeys, Segment } from "./segment.js";
import { NO_USERS, UserWriter } from "./userStore.js";

/** Bits of what a status means, in a table by status. */
export const ERROR = 1;
export const CLIENT_ERROR = 2;
export const DENIED = 4;

/** Events by the cube's own numbers; all columns have `length` rows. */
export interface CodedEvents extends GroupKeys {
  readonly length: number;
  readonly firstBucket: number;
  /** Bucket, place and each dimension hold integers below these. */
  readonly sizes: readonly number[];
  readonly status: Uint16Array;
  readonly bytes: Float64Array;
  readonly latencyMs: Float32Array;
  /** Codes of `ClientCodes`. */
  readonly client: Uint32Array;
  readonly userLow: Uint32Array;
  readonly userHigh: Uint32Array;
}

export interface BuildOptions {
  /** Bits by status, length 65,536. */
  readonly meaning: Uint8Array;
  readonly measures: ReadonlySet<CubeMeasure>;
  readonly clients: ClientCodes;
}

/** Sums events into groups: a counting sort by key, then one group at a time, its events side by side in the cache. */
export function buildSegment(events: CodedEvents, options: BuildOptions): Segment {
  const rows = orderRows([events.bucket, events.place, ...events.codes], events.sizes, events.length);
  const heads = rows.starts.subarray(0, rows.groups).map((start) => rows.order[start]!);
  const { measures } = options;
  return {
    length: rows.groups,
    firstBucket: events.firstBucket,
    bucket: heads.map((row) => events.bucket[row]!),
    place: heads.map((row) => events.place[row]!),
    codes: events.codes.map((column) => heads.map((row) => column[row]!)),
    ...countStatuses(events, rows, options.meaning),
    bytes: measures.has("bytes") ? sumBytes(events.bytes, rows) : new Float64Array(rows.groups),
    ...(measures.has("latency") ? buildLatencies(events, rows) : noLatencies(rows)),
    clients: measures.has("clients") ? buildClients(events, rows, options) : noLists(NO_CLIENTS, rows),
    users: measures.has("users") ? buildUsers(events, rows) : noLists(NO_USERS, rows),
  };
}

function countStatuses(events: CodedEvents, { order, starts, groups }: RowOrder, meaning: Uint8Array) {
  const count = new Uint32Array(groups);
  const errors = new Uint32Array(groups);
  const clientErrors = new Uint32Array(groups);
  const denied = new Uint32Array(groups);
  for (let g = 0; g < groups; g++) {
    const to = starts[g + 1]!;
    count[g] = to - starts[g]!;
    for (let k = starts[g]!; k < to; k++) {
      const bits = meaning[events.status[order[k]!]!]!;
      if (bits === 0) continue;
      errors[g]! += bits & ERROR;
      clientErrors[g]! += (bits & CLIENT_ERROR) >> 1;
      denied[g]! += (bits & DENIED) >> 2;
    }
  }
  return { count, errors, clientErrors, denied };
}

function sumBytes(bytes: Float64Array, { order, starts, groups }: RowOrder): Float64Array {
  const total = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    let sum = 0;
    for (let k = starts[g]!; k < starts[g + 1]!; k++) {
      const size = bytes[order[k]!]!;
      if (size > 0) sum += size;
    }
    total[g] = sum;
  }
  return total;
}

function noLatencies({ groups }: RowOrder): Pick<Segment, "latencies" | "latencyCount"> {
  return { latencies: noLists(NO_LATENCIES, { groups }), latencyCount: new Uint32Array(groups) };
}

function buildLatencies(
  { latencyMs }: CodedEvents,
  { order, starts, groups }: RowOrder,
): Pick<Segment, "latencies" | "latencyCount"> {
  const words = new Uint32Array(latencyMs.buffer, latencyMs.byteOffset, latencyMs.length);
  const bins = new Uint16Array(order.length);
  for (let k = 0; k < order.length; k++) bins[k] = LATENCY_BINS.binOfWord(words[order[k]!]!);
  const writer = new LatencyWriter(groups, order.length);
  const latencyCount = new Uint32Array(groups);
  for (let g = 0; g < groups; g++) latencyCount[g] = writer.addBins(bins, starts[g]!, starts[g + 1]!);
  return { latencies: writer.finish(), latencyCount };
}

function buildClients(events: CodedEvents, { order, starts, groups }: RowOrder, { meaning, clients }: BuildOptions) {
  const codes = order.map((row) => events.client[row]!);
  const failed = new Uint8Array(order.length);
  for (let k = 0; k < order.length; k++) failed[k] = meaning[events.status[order[k]!]!]! & ERROR;
  const writer = new ClientWriter(clients, groups, order.length);
  for (let g = 0; g < groups; g++) writer.addEvents(codes, failed, starts[g]!, starts[g + 1]!);
  return writer.finish();
}

function buildUsers(events: CodedEvents, { order, starts, groups }: RowOrder) {
  const low = order.map((row) => events.userLow[row]!);
  const high = order.map((row) => events.userHigh[row]!);
  const writer = new UserWriter(groups, order.length);
  for (let g = 0; g < groups; g++) writer.addHashes(low, high, starts[g]!, starts[g + 1]!);
  return writer.finish();
}
