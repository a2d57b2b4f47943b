import type { Field } from "../fields/rowWriter.js";

/** More different keys than this are not learned. */
export const MAX_SLOTS = 4096;
const BUCKETS = 8192;
const MAX_TEXT_BYTES = 1 << 20;

/** Role of a slot that has had no value yet: only a value makes a field of a key. */
export const UNRESOLVED = 255;

/**
 * The keys that a file's objects have, each known by its bytes and by the object it is in.
 *
 * A slot remembers which slot came after it the last time, so that a scanner compares instead of searching, and how it
 * was written the last time: quotes, colon, and blanks before the value. Slot 0 is the object of the line itself.
 */
export class JsonSlots {
  length = 1;
  /** Counts the fields that slots were given: what is derived from them holds while it stays the same. */
  resolved = 0;
  readonly parent = new Int32Array(MAX_SLOTS);
  /** The slot that followed the last time. */
  readonly next = new Int32Array(MAX_SLOTS);
  /** How long the key is as it was written the last time, and the first of its words in `words`. */
  readonly writtenSize = new Int32Array(MAX_SLOTS).fill(4);
  readonly firstWord = new Int32Array(MAX_SLOTS);
  /** Its last four bytes; there are four at least. */
  readonly lastWord = new Int32Array(MAX_SLOTS).fill(-1);
  readonly role = new Uint8Array(MAX_SLOTS).fill(UNRESOLVED);
  readonly dimension = new Int32Array(MAX_SLOTS);
  readonly scale = new Float64Array(MAX_SLOTS);
  readonly rank = new Float64Array(MAX_SLOTS);
  readonly target = new Int32Array(MAX_SLOTS);
  /** 1 where other slots have the same target. */
  readonly contested = new Uint8Array(MAX_SLOTS);
  readonly depth = new Uint8Array(MAX_SLOTS);
  readonly fields: (Field | undefined)[] = [undefined];
  /** Keys as they were written, in little-endian words, each key from a word of its own. */
  words = new Int32Array(1 << 12);
  readonly #names: string[] = [""];
  readonly #keys: Uint8Array[] = [new Uint8Array(0)];
  readonly #bucket = new Int32Array(BUCKETS);
  /** Words reserved for each slot's key. */
  readonly #room = new Int32Array(MAX_SLOTS);
  #wordsUsed = 0;

  /** The slot of the quoted key bytes[start, end) in the object of slot `parent`; -1 if it is not known. */
  find(parent: number, bytes: Uint8Array, start: number, end: number): number {
    let bucket = hashKey(parent, bytes, start, end);
    for (let slot = this.#bucket[bucket]!; slot !== 0; slot = this.#bucket[bucket]!) {
      if (this.parent[slot] === parent && isSame(this.#keys[slot]!, bytes, start, end)) return slot;
      bucket = (bucket + 1) % BUCKETS;
    }
    return -1;
  }

  /** Learns a key; -1 if no more are learned. */
  add(parent: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.length === MAX_SLOTS || 4 * this.#wordsUsed + end - start > MAX_TEXT_BYTES) return -1;
    const slot = this.length++;
    this.#names.push(decoder.decode(bytes.subarray(start + 1, end - 1)));
    this.#keys.push(bytes.slice(start, end));
    this.parent[slot] = parent;
    this.depth[slot] = this.depth[parent]! + 1;
    let bucket = hashKey(parent, bytes, start, end);
    while (this.#bucket[bucket] !== 0) bucket = (bucket + 1) % BUCKETS;
    this.#bucket[bucket] = slot;
    return slot;
  }

  /** Remembers how a slot's key is written: bytes[start, end). */
  remember(slot: number, bytes: Uint8Array, start: number, end: number): void {
    const size = end - start;
    const room = (size + 3) >> 2;
    if (this.#room[slot]! < room) {
      if (4 * (this.#wordsUsed + room) > MAX_TEXT_BYTES) return;
      while (this.#wordsUsed + room > this.words.length) {
        const larger = new Int32Array(2 * this.words.length);
        larger.set(this.words);
        this.words = larger;
      }
      this.#room[slot] = room;
      this.firstWord[slot] = this.#wordsUsed;
      this.#wordsUsed += room;
    }
    const first = this.firstWord[slot]!;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let w = 0; 4 * w < size - 4; w++) this.words[first + w] = view.getInt32(start + 4 * w, true);
    this.lastWord[slot] = view.getInt32(end - 4, true);
    this.writtenSize[slot] = size;
  }

  /** Gives the slot its field. */
  resolve(slot: number, field: Field): void {
    this.resolved++;
    this.fields[slot] = field;
    this.role[slot] = field.role;
    this.dimension[slot] = field.dimension;
    this.scale[slot] = field.scale;
    this.rank[slot] = field.rank;
    this.target[slot] = field.target;
    if (field.target === 0) return;
    for (let other = 1; other < this.length; other++) {
      if (other === slot || this.role[other] === UNRESOLVED || this.target[other] !== field.target) continue;
      this.contested[other] = 1;
      this.contested[slot] = 1;
    }
  }

  /** Name of the slot's field. */
  dottedName(slot: number): string {
    const own = this.#names[slot]!;
    const parent = this.parent[slot]!;
    return parent === 0 ? own : `${this.dottedName(parent)}.${own}`;
  }
}

function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}

function hashKey(parent: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = parent;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
