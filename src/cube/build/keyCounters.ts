import { CLIENT_ERROR, DENIED, ERROR, STATUSLESS } from "../measures/statusFlags.js";
import type { ChunkRows } from "./chunkRows.js";
import { KeySorter } from "./sortKeys.js";

/** Up to so many possible keys a row, looking at all counters costs less than noting and sorting the keys that occur. */
const FEW_KEYS_A_ROW = 2;
/** Up to so many counters, there is room for twice as many. */
const ROOMY = 2 ** 20;

/**
 * A counter for every possible key of a chunk. All are 0 between chunks: only those of keys that occur are looked at and
 * cleared, however many there may be.
 */
export class KeyCounters {
  count = new Int32Array(0);
  errors = new Int32Array(0);
  clientErrors = new Int32Array(0);
  denied = new Int32Array(0);
  statusless = new Int32Array(0);
  bytes = new Float64Array(0);
  /** The keys that occur: in the order in which they do, and once sorted, ascending; longer than there are keys. */
  #occurring: Int32Array = new Int32Array(0);
  #occurringCount = 0;
  readonly #sorter = new KeySorter();
  #limit = 0;
  #isSparse = false;

  get memoryBytes(): number {
    return 28 * this.count.length + 8 * this.#occurring.length;
  }

  /** Begins with keys below `limit`, for at most so many rows. */
  open(limit: number, rows: number): void {
    this.#limit = limit;
    this.#isSparse = limit > FEW_KEYS_A_ROW * rows;
    if (limit > this.count.length) {
      // Places become more from batch to batch.
      const size = limit > ROOMY ? limit : 2 ** Math.ceil(Math.log2(limit));
      this.count = new Int32Array(size);
      this.errors = new Int32Array(size);
      this.clientErrors = new Int32Array(size);
      this.denied = new Int32Array(size);
      this.statusless = new Int32Array(size);
      this.bytes = new Float64Array(size);
    }
    // One more, for what is written before it is known whether it counts.
    if (rows >= this.#occurring.length) this.#occurring = new Int32Array(rows + 1);
  }

  /**
   * Counts the events of a chunk's rows from row `from` on.
   *
   * @param first - the row of the batch that row `from` is, if the others follow it; else -1
   */
  add(chunk: ChunkRows, from: number, first: number, status: Uint16Array, meaning: Uint8Array): void {
    if (first >= 0 && !this.#isSparse) {
      this.#addRun(chunk, from, first, status, meaning);
      return;
    }
    if (this.#isSparse) this.#addNoting(chunk, from);
    else this.#addKeys(chunk, from);
    this.#addStatuses(chunk, from, status, meaning);
  }

  /** Counts keys, and notes those that are met for the first time. */
  #addNoting({ keys, length }: ChunkRows, from: number): void {
    const { count } = this;
    const occurring = this.#occurring;
    let found = this.#occurringCount;
    for (let k = from; k < length; k++) {
      const key = keys[k]!;
      const before = count[key]!;
      // No branch, which would be guessed wrong half the time: before - 1 is negative, its upper bit 1, only for 0.
      occurring[found] = key;
      found += (before - 1) >>> 31;
      count[key] = (before + 1) | 0;
    }
    this.#occurringCount = found;
  }

  /**
   * Four rows at a time, all that is read before anything is written: a load behind a store to an address that is not
   * known yet waits for it, which halves the speed.
   */
  #addRun({ keys, length }: ChunkRows, from: number, first: number, status: Uint16Array, meaning: Uint8Array): void {
    const { count } = this;
    const rows = length - from;
    const fours = rows & ~3;
    for (let i = 0; i < fours; i += 4) {
      const key0 = keys[from + i]!;
      const key1 = keys[from + i + 1]!;
      const key2 = keys[from + i + 2]!;
      const key3 = keys[from + i + 3]!;
      const bits0 = meaning[status[first + i]!]!;
      const bits1 = meaning[status[first + i + 1]!]!;
      const bits2 = meaning[status[first + i + 2]!]!;
      const bits3 = meaning[status[first + i + 3]!]!;
      count[key0] = (count[key0]! + 1) | 0;
      count[key1] = (count[key1]! + 1) | 0;
      count[key2] = (count[key2]! + 1) | 0;
      count[key3] = (count[key3]! + 1) | 0;
      if ((bits0 | bits1 | bits2 | bits3) === 0) continue;
      if (bits0 !== 0) this.#addStatus(key0, bits0);
      if (bits1 !== 0) this.#addStatus(key1, bits1);
      if (bits2 !== 0) this.#addStatus(key2, bits2);
      if (bits3 !== 0) this.#addStatus(key3, bits3);
    }
    for (let i = fours; i < rows; i++) {
      count[keys[from + i]!]!++;
      this.#addStatus(keys[from + i]!, meaning[status[first + i]!]!);
    }
  }

  #addKeys({ keys, length }: ChunkRows, from: number): void {
    const { count } = this;
    for (let k = from; k < length; k++) count[keys[k]!] = (count[keys[k]!]! + 1) | 0;
  }

  #addStatuses({ rows, keys, length }: ChunkRows, from: number, status: Uint16Array, meaning: Uint8Array): void {
    for (let k = from; k < length; k++) {
      const bits = meaning[status[rows[k]!]!]!;
      if (bits !== 0) this.#addStatus(keys[k]!, bits);
    }
  }

  #addStatus(key: number, bits: number): void {
    this.errors[key]! += bits & ERROR;
    this.clientErrors[key]! += (bits & CLIENT_ERROR) >> 1;
    this.denied[key]! += (bits & DENIED) >> 2;
    this.statusless[key]! += (bits & STATUSLESS) >> 3;
  }

  addBytes({ rows, keys, length }: ChunkRows, from: number, bytes: Float64Array): void {
    const sums = this.bytes;
    for (let i = from; i < length; i++) {
      const size = bytes[rows[i]!]!;
      if (size > 0) sums[keys[i]!]! += size;
    }
  }

  /** The keys counted, ascending. */
  sorted(): Int32Array {
    if (this.#isSparse) this.#occurring = this.#sorter.sort(this.#occurring, this.#occurringCount, this.#limit);
    else this.#noteAll();
    return this.#occurring.subarray(0, this.#occurringCount);
  }

  #noteAll(): void {
    const { count } = this;
    const occurring = this.#occurring;
    let found = 0;
    for (let key = 0; key < this.#limit; key++) if (count[key] !== 0) occurring[found++] = key;
    this.#occurringCount = found;
  }

  /** Clears the counters of the keys that were counted. */
  clear(keys: Int32Array): void {
    this.#occurringCount = 0;
    const { count, errors, clientErrors, denied, statusless, bytes } = this;
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k]!;
      count[key] = 0;
      errors[key] = 0;
      clientErrors[key] = 0;
      denied[key] = 0;
      statusless[key] = 0;
      bytes[key] = 0;
    }
  }
}
