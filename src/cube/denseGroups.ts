import type { CodedEvents } from "./codedEvents.js";
import type { CubeMeasure } from "./cubeOptions.js";
import { blockKeysInto, joinedValues } from "./eventKeys.js";
import { type RecordLayout, scatterRecords } from "./eventRecords.js";
import { countKeys, type KeyCounters, keyCounters } from "./keyCounters.js";
import type { CubeGroups } from "./segment.js";
import { BLOCK_ROWS } from "./timeBlocks.js";

/** A table of all possible keys is not larger than this, nor than a few times the events. */
const MAX_TABLE = 2 ** 24;
const MIN_TABLE = 2 ** 16;

/** Events sorted into groups through a table with a counter for every possible key. */
export interface DenseGroups {
  /** `latencyCount` is yet to be filled. */
  readonly groups: CubeGroups;
  /** Where each group's records begin; length groups + 1. */
  readonly starts: Uint32Array;
  /** What the events hold, group by group; null if nothing but counts was asked for. */
  readonly records: Uint32Array | null;
}

/** Whether keys are few enough, for so many events, to have a counter each. */
export function fitsTable(events: CodedEvents): boolean {
  return tableSize(events) <= Math.min(MAX_TABLE, Math.max(MIN_TABLE, 4 * events.length));
}

/** Two passes: one counts by key, the other writes every event's record to its group's place. */
export function denseGroups(
  events: CodedEvents,
  meaning: Uint8Array,
  measures: ReadonlySet<CubeMeasure>,
  layout: RecordLayout,
): DenseGroups {
  const counters = keyCounters(tableSize(events));
  const needsRecords = measures.has("latency") || layout.stride > 1;
  const keys = needsRecords || measures.has("bytes") ? new Int32Array(events.length) : null;
  countEvents(events, meaning, counters, keys);
  const bytes = measures.has("bytes") ? sumBytes(events.bytes, keys!, counters.count.length) : null;
  const groups = occurring(events, counters, bytes);
  const starts = new Uint32Array(groups.length + 1);
  for (let g = 0; g < groups.length; g++) starts[g + 1] = starts[g]! + groups.count[g]!;
  if (!keys || !needsRecords) return { groups, starts, records: null };
  // From here on the counter of a key is where its next record goes.
  let at = 0;
  const next = counters.count;
  for (let key = 0; key < next.length; key++) {
    const count = next[key]!;
    next[key] = at;
    at += count;
  }
  return { groups, starts, records: scatterRecords(events, meaning, layout, keys, next) };
}

function tableSize({ sizes }: CodedEvents): number {
  return sizes.reduce((product, size) => product * Math.max(1, size), 1);
}

/** Counts block by block, while a block's keys are in the nearest cache; keeps them if asked to. */
function countEvents(events: CodedEvents, meaning: Uint8Array, counters: KeyCounters, kept: Int32Array | null): void {
  const values = joinedValues(events);
  const keys = kept ?? new Int32Array(BLOCK_ROWS);
  for (let block = 0, from = 0; from < events.length; block++, from += BLOCK_ROWS) {
    const at = kept ? from : 0;
    blockKeysInto(events, values, block, keys, at);
    countKeys(counters, keys, at, events.status, meaning, from, Math.min(events.length - from, BLOCK_ROWS));
  }
}

function sumBytes(bytes: Float64Array, keys: Int32Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < keys.length; i++) {
    const size = bytes[i]!;
    if (size > 0) sums[keys[i]!]! += size;
  }
  return sums;
}

/** The keys that occur, as groups. */
function occurring({ sizes }: CodedEvents, counters: KeyCounters, sums: Float64Array | null): CubeGroups {
  const { count } = counters;
  let length = 0;
  for (let key = 0; key < count.length; key++) if (count[key] !== 0) length++;
  const keys = new Uint32Array(length);
  for (let key = 0, g = 0; key < count.length; key++) if (count[key] !== 0) keys[g++] = key;
  const values = sizes.slice(2).map((size) => Math.max(1, size));
  const columns = values.map(() => new Uint32Array(length));
  const bucket = new Uint32Array(length);
  const place = new Uint32Array(length);
  for (let g = 0; g < length; g++) {
    let rest = keys[g]!;
    for (let d = values.length - 1; d >= 0; d--) {
      columns[d]![g] = rest % values[d]!;
      rest = Math.floor(rest / values[d]!);
    }
    bucket[g] = Math.floor(rest / sizes[1]!);
    place[g] = rest - bucket[g]! * sizes[1]!;
  }
  const picked = (table: Uint32Array): Uint32Array => {
    const column = new Uint32Array(length);
    for (let g = 0; g < length; g++) column[g] = table[keys[g]!]!;
    return column;
  };
  const bytes = new Float64Array(length);
  if (sums) for (let g = 0; g < length; g++) bytes[g] = sums[keys[g]!]!;
  return {
    ...{ length, bucket, place, codes: columns, bytes, latencyCount: new Uint32Array(length) },
    count: picked(count),
    errors: picked(counters.errors),
    clientErrors: picked(counters.clientErrors),
    denied: picked(counters.denied),
  };
}
