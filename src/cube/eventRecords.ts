import type { CodedEvents } from "./codedEvents.js";
import type { CubeMeasure } from "./cubeOptions.js";
import { LATENCY_BINS } from "./latencyStore.js";
import { ERROR } from "./statusMeaning.js";
import { BLOCK_ROWS } from "./timeBlocks.js";

/** Which words a record has, beside the first: its bin of latency, and in bit 16 whether it is an error. */
export interface RecordLayout {
  readonly stride: number;
  /** Where the user's two words and the client's word are; -1 if they are not kept. */
  readonly user: number;
  readonly client: number;
}

/** Bit of a record's first word that marks errors; the bits below hold the bin. */
export const RECORD_ERROR = 0x10000;

/** The layout of records for some measures. */
export function recordLayout(measures: ReadonlySet<CubeMeasure>): RecordLayout {
  const user = measures.has("users") ? 1 : -1;
  const client = measures.has("clients") ? (user > 0 ? 3 : 1) : -1;
  return { stride: 1 + (user > 0 ? 2 : 0) + (client > 0 ? 1 : 0), user, client };
}

/**
 * Records side by side, so that writing one costs one line of the cache, however many groups there are.
 *
 * @param next - by key, where its next record goes; counted up
 */
export function scatterRecords(
  events: CodedEvents,
  meaning: Uint8Array,
  layout: RecordLayout,
  keys: Int32Array,
  next: Uint32Array,
): Uint32Array {
  const records = new Uint32Array(events.length * layout.stride);
  const rows = new Int32Array(BLOCK_ROWS);
  for (let from = 0; from < events.length; from += BLOCK_ROWS) {
    const count = Math.min(events.length - from, BLOCK_ROWS);
    takeRows(keys, from, count, next, rows);
    writeRecords(events, meaning, layout, from, count, rows, records);
  }
  return records;
}

function takeRows(keys: Int32Array, from: number, count: number, next: Uint32Array, rows: Int32Array): void {
  for (let i = 0; i < count; i++) {
    const key = keys[from + i]!;
    const row = next[key]! | 0;
    next[key] = row + 1;
    rows[i] = row;
  }
}

function writeRecords(
  { latencyMs, status, userLow, userHigh, client }: CodedEvents,
  meaning: Uint8Array,
  { stride, user, client: clientAt }: RecordLayout,
  from: number,
  count: number,
  rows: Int32Array,
  records: Uint32Array,
): void {
  const words = new Uint32Array(latencyMs.buffer, latencyMs.byteOffset, latencyMs.length);
  for (let i = 0; i < count; i++) {
    const at = Math.imul(rows[i]!, stride);
    records[at] = LATENCY_BINS.binOfWord(words[from + i]!) | ((meaning[status[from + i]!]! & ERROR) << 16);
    if (user > 0) {
      records[at + 1] = userLow[from + i]!;
      records[at + 2] = userHigh[from + i]!;
    }
    if (clientAt > 0) records[at + clientAt] = client[from + i]!;
  }
}
