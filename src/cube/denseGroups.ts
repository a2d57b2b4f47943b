import type { CodedEvents } from "./codedEvents.js";
import type { CubeMeasure } from "./cubeOptions.js";
import { LATENCY_BINS } from "./latencyStore.js";
import type { CubeGroups } from "./segment.js";
import { CLIENT_ERROR, DENIED, ERROR } from "./statusMeaning.js";

/** A table of all possible keys is not larger than this, nor than a few times the events. */
const MAX_TABLE = 2 ** 24;
const MIN_TABLE = 2 ** 16;

/** Which words a record has, beside the first: its bin of latency, and in bit 16 whether it is an error. */
export interface RecordLayout {
  readonly stride: number;
  /** Where the user's two words and the client's word are; -1 if they are not kept. */
  readonly user: number;
  readonly client: number;
}

/** Bit of a record's first word that marks errors; the bits below hold the bin. */
export const RECORD_ERROR = 0x10000;

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
export function fitsTable({ sizes, length }: CodedEvents): boolean {
  const keys = sizes.reduce((product, size) => product * Math.max(1, size), 1);
  return keys <= Math.min(MAX_TABLE, Math.max(MIN_TABLE, 4 * length));
}

/** The layout of records for some measures. */
export function recordLayout(measures: ReadonlySet<CubeMeasure>): RecordLayout {
  const user = measures.has("users") ? 1 : -1;
  const client = measures.has("clients") ? (user > 0 ? 3 : 1) : -1;
  return { stride: 1 + (user > 0 ? 2 : 0) + (client > 0 ? 1 : 0), user, client };
}

/** Two passes: one counts by key, the other writes every event's record to its group's place. */
export function denseGroups(
  events: CodedEvents,
  meaning: Uint8Array,
  measures: ReadonlySet<CubeMeasure>,
  layout: RecordLayout,
): DenseGroups {
  const counters = emptyCounters(events, measures);
  const needsRecords = measures.has("latency") || layout.stride > 1;
  const keys = needsRecords || measures.has("bytes") ? new Uint32Array(events.length) : null;
  countKeys(events, meaning, counters, keys);
  const groups = occurring(events, counters);
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
  return { groups, starts, records: scattered(events, meaning, layout, keys, next) };
}

interface Counters {
  readonly count: Uint32Array;
  readonly errors: Uint32Array;
  readonly clientErrors: Uint32Array;
  readonly denied: Uint32Array;
  readonly bytes: Float64Array | null;
}

function emptyCounters({ sizes }: CodedEvents, measures: ReadonlySet<CubeMeasure>): Counters {
  const total = sizes.reduce((product, size) => product * Math.max(1, size), 1);
  const table = (): Uint32Array => new Uint32Array(total);
  return {
    count: table(),
    errors: table(),
    clientErrors: table(),
    denied: table(),
    bytes: measures.has("bytes") ? new Float64Array(total) : null,
  };
}

/**
 * Counts by key. Every number is below 2^31 and said to be (`| 0`): loads from unsigned columns would make the engine
 * reckon in floating point otherwise, at twice the time.
 */
function countKeys(events: CodedEvents, meaning: Uint8Array, counters: Counters, keys: Uint32Array | null): void {
  const { timeMs, place, rowOfPlace, status, length, bucketMs } = events;
  const { count } = counters;
  const originMs = events.firstBucket * bucketMs;
  const places = events.sizes[1]! | 0;
  const { column, size } = joinedValues(events);
  for (let i = 0; i < length; i++) {
    const bucket = ((timeMs[i]! - originMs) / bucketMs) | 0;
    let key = (Math.imul(bucket, places) + (rowOfPlace[place[i]! | 0]! | 0) - 1) | 0;
    if (column !== null) key = (Math.imul(key, size) + (column[i]! | 0)) | 0;
    count[key] = (count[key]! + 1) | 0;
    if (keys !== null) keys[i] = key;
    const bits = meaning[status[i]!]!;
    if (bits !== 0) countStatus(counters, key, bits);
  }
  if (counters.bytes) sumBytes(events.bytes, keys!, counters.bytes, length);
}

function countStatus({ errors, clientErrors, denied }: Counters, key: number, bits: number): void {
  errors[key]! += bits & ERROR;
  clientErrors[key]! += (bits & CLIENT_ERROR) >> 1;
  denied[key]! += (bits & DENIED) >> 2;
}

function sumBytes(bytes: Float64Array, keys: Uint32Array, sums: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const size = bytes[i]!;
    if (size > 0) sums[keys[i]! | 0]! += size;
  }
}

/** The values of all dimensions as one number. */
function joinedValues({ codes, sizes, length }: CodedEvents): { column: Uint32Array | null; size: number } {
  if (codes.length === 0) return { column: null, size: 1 };
  let [column] = codes as readonly [Uint32Array];
  let size = Math.max(1, sizes[2]!);
  for (let d = 1; d < codes.length; d++) {
    const own = Math.max(1, sizes[2 + d]!);
    const both = new Uint32Array(length);
    for (let i = 0; i < length; i++) both[i] = column[i]! * own + codes[d]![i]!;
    column = both;
    size *= own;
  }
  return { column, size };
}

/** The keys that occur, as groups. */
function occurring({ sizes }: CodedEvents, counters: Counters): CubeGroups {
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
  if (counters.bytes) for (let g = 0; g < length; g++) bytes[g] = counters.bytes[keys[g]!]!;
  return {
    ...{ length, bucket, place, codes: columns, bytes, latencyCount: new Uint32Array(length) },
    count: picked(count),
    errors: picked(counters.errors),
    clientErrors: picked(counters.clientErrors),
    denied: picked(counters.denied),
  };
}

/** Records side by side, so that writing one costs one line of the cache, however many groups there are. */
function scattered(
  events: CodedEvents,
  meaning: Uint8Array,
  layout: RecordLayout,
  keys: Uint32Array,
  next: Uint32Array,
): Uint32Array {
  const { latencyMs, status, userLow, userHigh, client, length } = events;
  const { stride, user, client: clientAt } = layout;
  const words = new Uint32Array(latencyMs.buffer, latencyMs.byteOffset, latencyMs.length);
  const records = new Uint32Array(length * stride);
  for (let i = 0; i < length; i++) {
    const key = keys[i]! | 0;
    const row = next[key]! | 0;
    next[key] = row + 1;
    const at = Math.imul(row, stride);
    records[at] = LATENCY_BINS.binOfWord(words[i]!) | ((meaning[status[i]!]! & ERROR) << 16);
    if (user > 0) {
      records[at + 1] = userLow[i]!;
      records[at + 2] = userHigh[i]!;
    }
    if (clientAt > 0) records[at + clientAt] = client[i]!;
  }
  return records;
}
