import { type Allocate, copied, grown } from "../core/grown.js";
import type { Ranges6 } from "./ranges6.js";
import { DEEP_WORDS, IS_BLOCK, IS_BUCKET, IS_DEEP, ROOT, type Table6 } from "./table6.js";

/** Rows a slot leads to on average. */
const ROWS_A_SLOT = 2;
/** After how many ranges the building pauses. */
const RANGES_A_STEP = 100_000;

/** Builds the index in steps, so that the caller can let others run in between. Ids must lie below 2^30. */
export function* buildTable6(ranges: Ranges6, allocate: Allocate): Generator<undefined, Table6> {
  const { starts, ids, length } = ranges;
  const builder = new Table6Builder(ranges);
  let pause = RANGES_A_STEP;
  for (let i = 0; i < length; ) {
    const top = starts[4 * i]!;
    let next = i + 1;
    while (next < length && starts[4 * next] === top) next++;
    const divided = next > i + 1 || builder.divides(i);
    if (divided) builder.fill(top, top + 1, builder.bucket(i, next));
    // From its /32 on, the last range reaches up to the next one's.
    builder.fill(divided ? top + 1 : top, next < length ? starts[4 * next]! : 2 ** 32, ids[next - 1]!);
    i = next;
    if (i >= pause) {
      pause = i + RANGES_A_STEP;
      yield;
    }
  }
  return yield* builder.table(allocate);
}

class Table6Builder {
  readonly #ranges: Ranges6;
  #blocks = new Uint32Array(ROOT + 256 * 256);
  #blocksEnd = ROOT;
  #buckets = new Uint32Array(1024);
  #bucketsEnd = 0;
  #slots = new Uint32Array(4096);
  #slotsEnd = 0;
  #rows: Uint32Array;
  #rowsEnd = 0;
  #deep = new Uint32Array(256);
  #deepEnd = 0;

  constructor(ranges: Ranges6) {
    this.#ranges = ranges;
    this.#rows = new Uint32Array(Math.ceil(2.1 * ranges.length) + 64);
  }

  /** Whether range i begins within a /32 rather than with one. */
  divides(i: number): boolean {
    const { starts } = this.#ranges;
    return (starts[4 * i + 1]! | starts[4 * i + 2]! | starts[4 * i + 3]!) !== 0;
  }

  /** Gives the /32s from `from` up to but not including `to` an entry. Calls must be in ascending order, without gaps. */
  fill(from: number, to: number, entry: number): void {
    for (let at = from; at < to; ) {
      const left = to - at;
      if (at % 65536 === 0 && left >= 65536) {
        const count = Math.floor(left / 65536);
        this.#blocks.fill(entry, at / 65536, at / 65536 + count);
        at += count * 65536;
        continue;
      }
      const middle = this.#below(at >>> 16) + ((at >>> 8) & 255);
      if (at % 256 === 0 && left >= 256) {
        const count = Math.min(Math.floor(left / 256), 256 - ((at >>> 8) & 255));
        this.#blocks.fill(entry, middle, middle + count);
        at += count * 256;
        continue;
      }
      const leaf = this.#below(middle) + (at & 255);
      const count = Math.min(left, 256 - (at & 255));
      this.#blocks.fill(entry, leaf, leaf + count);
      at += count;
    }
  }

  /** Makes the bucket of the ranges [from, to), which begin within one /32, and returns its entry. */
  bucket(from: number, to: number): number {
    const { starts, ids } = this.#ranges;
    const first = this.#rowsEnd / 2;
    if (starts[4 * from + 1] !== 0) this.#addRow(0, ids[from - 1]!);
    for (let i = from; i < to; ) {
      const w1 = starts[4 * i + 1]!;
      let next = i + 1;
      while (next < to && starts[4 * next + 1] === w1) next++;
      if (next === i + 1 && (starts[4 * i + 2]! | starts[4 * i + 3]!) === 0) {
        this.#addRow(w1, ids[i]!);
      } else {
        this.#addRow(w1, IS_DEEP + this.#addDeep(i, next));
        const goesOn = w1 < 0xffffffff && !(next < to && starts[4 * next + 1] === w1 + 1);
        if (goesOn) this.#addRow(w1 + 1, ids[next - 1]!);
      }
      i = next;
    }
    return IS_BUCKET + this.#addBucket(first, this.#rowsEnd / 2);
  }

  *table(allocate: Allocate): Generator<undefined, Table6> {
    const blocks = copied(this.#blocks, this.#blocksEnd, allocate);
    const buckets = copied(this.#buckets, this.#bucketsEnd, allocate);
    yield;
    const slots = copied(this.#slots, this.#slotsEnd, allocate);
    yield;
    const rows = copied(this.#rows, this.#rowsEnd, allocate);
    yield;
    return { blocks, buckets, slots, rows, deep: copied(this.#deep, this.#deepEnd, allocate) };
  }

  /** Where the block begins that an entry leads to; made now if it leads to none. */
  #below(entry: number): number {
    const known = this.#blocks[entry]!;
    // Entries are filled in order: one that is not yet filled is 0, and one that is filled is never divided later.
    if (known >= IS_BLOCK && known < IS_BUCKET) return ROOT + (known - IS_BLOCK) * 256;
    const start = this.#blocksEnd;
    this.#blocksEnd += 256;
    if (this.#blocksEnd > this.#blocks.length) this.#blocks = grown(this.#blocks, 2 * this.#blocks.length);
    this.#blocks[entry] = IS_BLOCK + (start - ROOT) / 256;
    return start;
  }

  #addRow(w1: number, id: number): void {
    if (this.#rowsEnd === this.#rows.length) this.#rows = grown(this.#rows, 2 * this.#rows.length);
    this.#rows[this.#rowsEnd++] = w1;
    this.#rows[this.#rowsEnd++] = id;
  }

  /** Adds the ranges [from, to), which begin within one /64, and returns where. */
  #addDeep(from: number, to: number): number {
    const { starts, ids } = this.#ranges;
    const first = this.#deepEnd;
    const reaches = (starts[4 * from + 2]! | starts[4 * from + 3]!) !== 0;
    if (reaches) this.#addDeepRange(0, 0, ids[from - 1]!, 0);
    for (let i = from; i < to; i++) {
      this.#addDeepRange(starts[4 * i + 2]!, starts[4 * i + 3]!, ids[i]!, i === to - 1 ? 1 : 0);
    }
    return first;
  }

  #addDeepRange(w2: number, w3: number, id: number, last: 0 | 1): void {
    if (this.#deepEnd === this.#deep.length) this.#deep = grown(this.#deep, 2 * this.#deep.length);
    this.#deep[this.#deepEnd] = w2;
    this.#deep[this.#deepEnd + 1] = w3;
    this.#deep[this.#deepEnd + 2] = id;
    this.#deep[this.#deepEnd + 3] = last;
    this.#deepEnd += DEEP_WORDS;
  }

  /** Makes the slots over the rows [first, end) and returns the number of their bucket. */
  #addBucket(first: number, end: number): number {
    const bits = Math.min(16, Math.max(1, Math.ceil(Math.log2((end - first) / ROWS_A_SLOT))));
    const needed = this.#slotsEnd + 2 ** bits + 1;
    if (needed > this.#slots.length) this.#slots = grown(this.#slots, 2 * needed);
    if (this.#bucketsEnd === this.#buckets.length) this.#buckets = grown(this.#buckets, 2 * this.#buckets.length);
    const bucket = this.#bucketsEnd / 2;
    this.#buckets[this.#bucketsEnd++] = this.#slotsEnd;
    this.#buckets[this.#bucketsEnd++] = 32 - bits;
    let row = first;
    for (let slot = 0; slot < 2 ** bits; slot++) {
      const start = slot * 2 ** (32 - bits);
      while (row + 1 < end && this.#rows[2 * row + 2]! <= start) row++;
      this.#slots[this.#slotsEnd++] = row;
    }
    this.#slots[this.#slotsEnd++] = end - 1;
    return bucket;
  }
}
