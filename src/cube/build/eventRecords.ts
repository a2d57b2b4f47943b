import type { EncodedEvents } from "../keys/encodedEvents.js";
import { LATENCY_BINS } from "../measures/latencyStore.js";
import type { GroupRecords, RecordLayout } from "../measures/lists/eventRecord.js";
import { ERROR } from "../measures/statusFlags.js";
import type { ChunkRows } from "./chunkRows.js";

/** Where the records of a chunk lie. */
export interface RecordArea {
  readonly words: Uint32Array;
  readonly starts: Int32Array;
  readonly memoryBytes: number;
  /** Makes room for so many records in up to as many groups; false if there cannot be so much. */
  reserve(rows: number): boolean;
}

/** An area that only loops can read. */
export class ScalarRecords implements RecordArea {
  readonly #stride: number;
  words = new Uint32Array(0);
  starts = new Int32Array(0);

  constructor({ stride }: RecordLayout) {
    this.#stride = stride;
  }

  get memoryBytes(): number {
    return this.words.byteLength + this.starts.byteLength;
  }

  reserve(rows: number): boolean {
    if (rows >= this.starts.length) {
      this.words = new Uint32Array(rows * this.#stride);
      this.starts = new Int32Array(rows + 1);
    }
    return true;
  }
}

/** Brings records together by group, side by side, so that writing one costs one line of the cache. */
export class RecordSorter {
  readonly #layout: RecordLayout;
  readonly #meaning: Uint8Array;

  /** @param meaning - bits by status, length 65,536 */
  constructor(layout: RecordLayout, meaning: Uint8Array) {
    this.#layout = layout;
    this.#meaning = meaning;
  }

  /**
   * The records of a chunk, in an area that has room for them.
   *
   * @param groups - the keys that occur, in the order in which their groups are wanted
   * @param count - how many events each key has; becomes where the next record of the key goes
   */
  sort(
    events: EncodedEvents,
    chunk: ChunkRows,
    groups: Int32Array,
    count: Int32Array,
    { words, starts }: RecordArea,
  ): GroupRecords {
    startsInto(groups, count, starts);
    takePlaces(chunk, count);
    this.#write(events, chunk, words);
    return { groups: groups.length, starts, words };
  }

  /** Writes each event's record to the place that its key has become. */
  #write(
    { latencyMs, status, userLow, userHigh, client }: EncodedEvents,
    { rows, keys, length }: ChunkRows,
    records: Uint32Array,
  ): void {
    const { stride, user, client: clientAt } = this.#layout;
    const meaning = this.#meaning;
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
