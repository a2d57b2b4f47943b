import { KEY_HIGH, KEY_LOW, LAST_SEEN, RECORD_WORDS } from "./userRecord.js";

/** 4 MB a block: large enough to be few, small enough that growing copies nothing. */
const BLOCK_ROWS = 1 << 15;
const BLOCK_SHIFT = 15;
const ROW_MASK = BLOCK_ROWS - 1;
/** Beyond this share of used entries, probing gets long. */
const MAX_LOAD = 0.7;

/**
 * Users by the 64-bit hash of their name, one record of {@link RECORD_WORDS} words each.
 *
 * Records lie in blocks that are never moved; an open-addressed index of row numbers finds them. 10 million users take
 * 1.28 GB of records and 64 MB of index.
 */
export class UserRecordStore {
  readonly blocks: Uint32Array[] = [];
  readonly maxUsers: number;
  /** Grows with every eviction: rows found before one are no longer to be trusted. */
  generation = 0;
  /** Keeps the reads of {@link findInto} from being optimized away. */
  touched = 0;
  /** Row + 1, by hash. No `HashIndex`: every event of a user comes by, and {@link findInto} reads slots ahead. */
  #index = new Uint32Array(1 << 12);
  #size = 0;
  #rows = 0;
  #free: number[] = [];

  constructor(maxUsers = 10_000_000) {
    this.maxUsers = maxUsers;
  }

  /** How many users are held. */
  get size(): number {
    return this.#size;
  }
  /** Rows ever used; some may be free again. */
  get rows(): number {
    return this.#rows;
  }
  /** Bytes of all typed arrays. */
  get byteLength(): number {
    return this.#index.byteLength + this.blocks.length * BLOCK_ROWS * RECORD_WORDS * 4;
  }

  block(row: number): Uint32Array {
    return this.blocks[row >>> BLOCK_SHIFT]!;
  }
  /** Where a row's record begins in its block. */
  offset(row: number): number {
    return (row & ROW_MASK) * RECORD_WORDS;
  }

  /** The row of a user, or -1. */
  find(low: number, high: number): number {
    const index = this.#index;
    const mask = index.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const row = index[slot]! - 1;
      if (row < 0) return -1;
      const block = this.blocks[row >>> BLOCK_SHIFT]!;
      const at = (row & ROW_MASK) * RECORD_WORDS;
      if (block[at + KEY_LOW] === low && block[at + KEY_HIGH] === high) return row;
    }
  }

  /**
   * The rows of many users at once, -1 where one is not known: the reads do not wait for each other, so memory answers
   * several at a time. Touches both cache lines of each record.
   *
   * @param rows - receives the rows; length at least `to - from`
   */
  findInto(low: Uint32Array, high: Uint32Array, from: number, to: number, rows: Int32Array): void {
    for (let i = from; i < to; i++) rows[i - from] = this.find(low[i]!, high[i]!);
    let touched = 0;
    for (let i = 0; i < to - from; i++) {
      const row = rows[i]!;
      if (row >= 0) touched ^= this.blocks[row >>> BLOCK_SHIFT]![(row & ROW_MASK) * RECORD_WORDS + RECORD_WORDS / 2]!;
    }
    this.touched = touched;
  }

  /** The row of a user, a new one if it is not known; a new record is zero but for its key. */
  findOrAdd(low: number, high: number): number {
    const row = this.find(low, high);
    return row >= 0 ? row : this.#add(low, high);
  }

  /** Forgets every user last seen before a moment (epoch seconds) and returns how many. */
  evict(beforeSeconds: number): number {
    const doomed: number[] = [];
    this.forEach((block, at, row) => {
      if (block[at + LAST_SEEN]! < beforeSeconds) doomed.push(row);
    });
    this.#forget(doomed);
    return doomed.length;
  }

  /** Visits every record: its block, where it begins there, its row. */
  forEach(visit: (block: Uint32Array, at: number, row: number) => void): void {
    for (let row = 0; row < this.#rows; row++) {
      const block = this.blocks[row >>> BLOCK_SHIFT]!;
      const at = (row & ROW_MASK) * RECORD_WORDS;
      if (block[at + KEY_LOW] !== 0 || block[at + KEY_HIGH] !== 0) visit(block, at, row);
    }
  }

  #add(low: number, high: number): number {
    if (this.#size >= this.maxUsers) this.#makeRoom();
    if (this.#size + 1 > this.#index.length * MAX_LOAD) this.#reindex(this.#index.length * 2);
    const row = this.#free.pop() ?? this.#rows++;
    if (row >>> BLOCK_SHIFT === this.blocks.length) this.blocks.push(new Uint32Array(BLOCK_ROWS * RECORD_WORDS));
    const block = this.block(row);
    const at = this.offset(row);
    block[at + KEY_LOW] = low;
    block[at + KEY_HIGH] = high;
    this.#enter(low, row);
    this.#size++;
    return row;
  }

  /** Forgets the tenth of the users that was not seen for longest, by a sample of when users were last seen. */
  #makeRoom(): void {
    const sample: number[] = [];
    const step = Math.max(1, Math.floor(this.#rows / 10_000));
    for (let row = 0; row < this.#rows; row += step) sample.push(this.block(row)[this.offset(row) + LAST_SEEN]!);
    sample.sort((a, b) => a - b);
    if (this.evict(sample[Math.floor(sample.length / 10)]!) > 0) return;
    this.#forget([...sample.keys()].map((i) => i * step)); // a tenth and more were seen in one second: any will do
  }

  #forget(rows: readonly number[]): void {
    for (const row of rows) {
      const at = this.offset(row);
      this.block(row).fill(0, at, at + RECORD_WORDS);
      this.#free.push(row);
    }
    this.#size -= rows.length;
    this.generation++;
    if (rows.length > 0) this.#reindex(this.#index.length);
  }

  #enter(low: number, row: number): void {
    const mask = this.#index.length - 1;
    let slot = low & mask;
    while (this.#index[slot] !== 0) slot = (slot + 1) & mask;
    this.#index[slot] = row + 1;
  }

  #reindex(capacity: number): void {
    this.#index = new Uint32Array(capacity);
    this.forEach((block, at, row) => {
      this.#enter(block[at + KEY_LOW]!, row);
    });
  }
}
