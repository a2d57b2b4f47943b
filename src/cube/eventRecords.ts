import type { CodedEvents } from "./codedEvents.js";
import type { CubeMeasure } from "./cubeOptions.js";
import { LATENCY_BINS } from "./latencyStore.js";
import { ERROR } from "./statusMeaning.js";

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

/** Records side by side, so that writing one costs one line of the cache, however many groups there are. */
export function scatterRecords(
  events: CodedEvents,
  meaning: Uint8Array,
  layout: RecordLayout,
  keys: Int32Array,
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
