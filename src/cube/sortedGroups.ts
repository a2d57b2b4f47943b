import type { CodedEvents } from "./codedEvents.js";
import type { CubeMeasure } from "./cubeOptions.js";
import type { DenseGroups } from "./denseGroups.js";
import type { RecordLayout } from "./eventRecords.js";
import { LATENCY_BINS } from "./latencyStore.js";
import { orderRows, type RowOrder } from "./orderRows.js";
import type { CubeGroups } from "./segment.js";
import { CLIENT_ERROR, DENIED, ERROR } from "./statusMeaning.js";

/** What `denseGroups` does, for keys that are too many to have a counter each: by sorting the events. */
export function sortedGroups(
  events: CodedEvents,
  meaning: Uint8Array,
  measures: ReadonlySet<CubeMeasure>,
  layout: RecordLayout,
): DenseGroups {
  const { timeMs, place, rowOfPlace, codes, length, firstBucket, bucketMs } = events;
  const bucket = new Uint32Array(length);
  const row = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    bucket[i] = (timeMs[i]! - firstBucket * bucketMs) / bucketMs;
    row[i] = rowOfPlace[place[i]!]! - 1;
  }
  const rows = orderRows([bucket, row, ...codes], events.sizes, length);
  const heads = rows.starts.subarray(0, rows.groups).map((start) => rows.order[start]!);
  const groups: CubeGroups = {
    length: rows.groups,
    bucket: heads.map((i) => bucket[i]!),
    place: heads.map((i) => row[i]!),
    codes: codes.map((column) => heads.map((i) => column[i]!)),
    ...countStatuses(events, rows, meaning),
    bytes: measures.has("bytes") ? sumBytes(events.bytes, rows) : new Float64Array(rows.groups),
    latencyCount: new Uint32Array(rows.groups),
  };
  const needsRecords = measures.has("latency") || layout.stride > 1;
  return { groups, starts: rows.starts, records: needsRecords ? recordsOf(events, rows, meaning, layout) : null };
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

function recordsOf(
  { latencyMs, status, userLow, userHigh, client }: CodedEvents,
  { order }: RowOrder,
  meaning: Uint8Array,
  { stride, user, client: clientAt }: RecordLayout,
): Uint32Array {
  const words = new Uint32Array(latencyMs.buffer, latencyMs.byteOffset, latencyMs.length);
  const records = new Uint32Array(order.length * stride);
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    const at = k * stride;
    records[at] = LATENCY_BINS.binOfWord(words[i]!) | ((meaning[status[i]!]! & ERROR) << 16);
    if (user > 0) {
      records[at + 1] = userLow[i]!;
      records[at + 2] = userHigh[i]!;
    }
    if (clientAt > 0) records[at + clientAt] = client[i]!;
  }
  return records;
}
