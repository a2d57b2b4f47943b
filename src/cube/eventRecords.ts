import type { ChunkRows } from "./chunkRows.js";
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

/** What the events of a chunk hold, group by group: the records of group g are [starts[g], starts[g + 1]). */
export interface GroupRecords {
  readonly groups: number;
  readonly starts: Int32Array;
  /** `stride` words each. */
  readonly words: Uint32Array;
}

/** Brings records together by group, side by side, so that writing one costs one line of the cache. */
export class RecordSorter {
  readonly #layout: RecordLayout;
  readonly #meaning: Uint8Array;
  #words = new Uint32Array(0);
  #starts = new Int32Array(0);

  /** @param meaning - bits by status, length 65,536 */
  constructor(layout: RecordLayout, meaning: Uint8Array) {
    this.#layout = layout;
    this.#meaning = meaning;
  }

  get memoryBytes(): number {
    return 4 * (this.#words.length + this.#starts.length);
  }

  /**
   * The records of a chunk, until the next one's.
   *
   * @param groups - the keys that occur, in the order in which their groups are wanted
   * @param count - how many events each key has; becomes where the next record of the key goes
   */
  sort(events: CodedEvents, chunk: ChunkRows, groups: Int32Array, count: Int32Array): GroupRecords {
    const { stride } = this.#layout;
    if (chunk.length * stride > this.#words.length) this.#words = new Uint32Array(chunk.length * stride);
    if (groups.length >= this.#starts.length) this.#starts = new Int32Array(2 * groups.length + 1);
    startsInto(groups, count, this.#starts);
    takePlaces(chunk, count);
    this.#write(events, chunk);
    return { groups: groups.length, starts: this.#starts, words: this.#words };
  }

  /** Writes each event's record to the place that its key has become. */
  #write({ latencyMs, status, userLow, userHigh, client }: CodedEvents, { rows, keys, length }: ChunkRows): void {
    const { stride, user, client: clientAt } = this.#layout;
    const meaning = this.#meaning;
    const records = this.#words;
    const bits = new Uint32Array(latencyMs.buffer, latencyMs.byteOffset, latencyMs.length);
    for (let k = 0; k < length; k++) {
      const i = rows[k]!;
      const at = Math.imul(keys[k]!, stride);
      records[at] = LATENCY_BINS.binOfWord(bits[i]!) | ((meaning[status[i]!]! & ERROR) << 16);
      if (user > 0) {
        records[at + 1] = userLow[i]!;
        records[at + 2] = userHigh[i]!;
      }
      if (clientAt > 0) records[at + clientAt] = client[i]!;
    }
  }
}

function startsInto(groups: Int32Array, count: Int32Array, starts: Int32Array): void {
  let at = 0;
  for (let g = 0; g < groups.length; g++) {
    const key = groups[g]!;
    const rows = count[key]!;
    starts[g] = at;
    count[key] = at;
    at += rows;
  }
  starts[groups.length] = at;
}

function takePlaces({ keys, length }: ChunkRows, next: Int32Array): void {
  for (let k = 0; k < length; k++) {
    const key = keys[k]!;
    const at = next[key]!;
    next[key] = (at + 1) | 0;
    keys[k] = at;
  }
}
