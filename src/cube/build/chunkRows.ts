import type { EncodedEvents } from "../keys/encodedEvents.js";
import { BLOCK_ROWS } from "../keys/timeBlocks.js";
import type { BlockBuckets, EventChunk } from "./eventChunks.js";

/** The rows of a chunk, ascending, and a key for each. */
export class ChunkRows {
  length = 0;
  /** Longer than `length`. */
  rows = new Int32Array(0);
  keys = new Int32Array(0);
  readonly #keepsRows: boolean;

  /** @param keepsRows - whether the rows of whole blocks are wanted, too */
  constructor(keepsRows: boolean) {
    this.#keepsRows = keepsRows;
  }

  get memoryBytes(): number {
    return 8 * this.rows.length;
  }

  /** Forgets all rows and makes room for those of so many blocks. */
  clear(blocks: number): void {
    this.length = 0;
    const rows = blocks * BLOCK_ROWS;
    if (rows <= this.rows.length) return;
    this.rows = new Int32Array(rows);
    this.keys = new Int32Array(rows);
  }

  /**
   * Adds the rows that a block has of a chunk's buckets; returns the first if they are all its rows, else -1. Their keys
   * ascend by bucket, place and values, and are below {@link keySpace} if that is below 2^31; else they mean nothing.
   *
   * Every number is below 2^31 and said to be (`| 0`): loads from unsigned columns would make the engine reckon in floating
   * point otherwise, at twice the time.
   */
  add(events: EncodedEvents, block: number, { low, high }: BlockBuckets, chunk: EventChunk): number {
    const from = this.length;
    const whole = low[block] === high[block];
    if (whole) this.#addBlock(events, block, low[block]! - chunk.from);
    else if (low[block]! + 1 === high[block]) this.#pickHalf(events, block, low[block]!, chunk);
    else this.#pickBlock(events, block, chunk);
    const { rows, keys } = this;
    for (let d = 0; d < events.codes.length; d++)
      addCodes(events.codes[d]!, Math.max(1, events.sizes[2 + d]!), rows, keys, from, this.length);
    return whole ? block * BLOCK_ROWS : -1;
  }

  /** Adds a block whose rows share a bucket. */
  #addBlock({ place, rowOfPlace, sizes, length }: EncodedEvents, block: number, bucket: number): void {
    const { rows, keys } = this;
    const first = block * BLOCK_ROWS;
    const count = Math.min(length - first, BLOCK_ROWS);
    const at = this.length;
    const base = (Math.imul(bucket, sizes[1]!) - 1) | 0;
    for (let i = 0; i < count; i++) keys[at + i] = ((rowOfPlace[place[first + i]! | 0]! | 0) + base) | 0;
    if (this.#keepsRows) for (let i = 0; i < count; i++) rows[at + i] = first + i;
    this.length = at + count;
  }

  /** {@link #pickBlock} for a block whose rows are of two neighbouring buckets, which one comparison tells apart. */
  #pickHalf(events: EncodedEvents, block: number, low: number, { from, to }: EventChunk): void {
    const { timeMs, place, rowOfPlace, sizes, length, firstBucket, bucketMs } = events;
    const [rows, keys] = [this.rows, this.keys];
    const places = sizes[1]! | 0;
    const secondMs = (firstBucket + low + 1) * bucketMs;
    const end = Math.min(length, (block + 1) * BLOCK_ROWS);
    // As a chunk has whole buckets, it has the first, the second, or both.
    const [hasFirst, hasSecond] = [low >= from, low + 1 < to];
    const base = (Math.imul(low - from, places) - 1) | 0;
    let at = this.length;
    for (let i = block * BLOCK_ROWS; i < end; i++) {
      const isSecond = timeMs[i]! >= secondMs;
      if (isSecond ? !hasSecond : !hasFirst) continue;
      rows[at] = i;
      keys[at++] = ((rowOfPlace[place[i]! | 0]! | 0) + (isSecond ? base + places : base)) | 0;
    }
    this.length = at;
  }

  /** Adds those rows of a block that are in the chunk. */
  #pickBlock(events: EncodedEvents, block: number, { from, to }: EventChunk): void {
    const { timeMs, place, rowOfPlace, sizes, length, firstBucket, bucketMs } = events;
    const [rows, keys] = [this.rows, this.keys];
    const places = sizes[1]! | 0;
    const originMs = (firstBucket + from) * bucketMs;
    const span = to - from;
    const end = Math.min(length, (block + 1) * BLOCK_ROWS);
    let at = this.length;
    for (let i = block * BLOCK_ROWS; i < end; i++) {
      const bucket = Math.floor((timeMs[i]! - originMs) / bucketMs);
      if (bucket < 0 || bucket >= span) continue;
      rows[at] = i;
      keys[at++] = (((rowOfPlace[place[i]! | 0]! | 0) - 1) | 0) + Math.imul(bucket, places);
    }
    this.length = at;
  }
}

/** How many keys there may be of so many buckets. */
export function keySpace({ sizes }: EncodedEvents, buckets: number): number {
  return sizes.slice(1).reduce((product, size) => product * Math.max(1, size), buckets);
}

function addCodes(
  codes: Uint32Array,
  size: number,
  rows: Int32Array,
  keys: Int32Array,
  from: number,
  to: number,
): void {
  for (let k = from; k < to; k++) keys[k] = (Math.imul(keys[k]!, size) + (codes[rows[k]!]! | 0)) | 0;
}
