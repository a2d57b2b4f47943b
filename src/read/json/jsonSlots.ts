import type { Field } from "../fields/rowWriter.js";

/** More different keys than this are not learned. */
const MAX_SLOTS = 4096;
const BUCKETS = 8192;

/**
 * The keys that a file's objects have, each known by its bytes and by the object it is in.
 *
 * A slot remembers which slot came after it the last time, so that a scanner compares instead of searching. Slot 0 is
 * the object of the line itself.
 */
export class JsonSlots {
  length = 1;
  readonly parent = new Int32Array(MAX_SLOTS);
  /** The slot that followed the last time. */
  readonly next = new Int32Array(MAX_SLOTS);
  /** Bytes of the key with its quotes. */
  readonly size = new Int32Array(MAX_SLOTS);
  /** First of the key's bytes in `text`. */
  readonly start = new Int32Array(MAX_SLOTS);
  readonly role = new Uint8Array(MAX_SLOTS);
  readonly dimension = new Int32Array(MAX_SLOTS);
  readonly scale = new Float64Array(MAX_SLOTS);
  readonly rank = new Float64Array(MAX_SLOTS);
  readonly target = new Int32Array(MAX_SLOTS);
  /** 1 where other slots have the same target. */
  readonly contested = new Uint8Array(MAX_SLOTS);
  readonly depth = new Uint8Array(MAX_SLOTS);
  readonly fields: (Field | undefined)[] = [undefined];
  text = new Uint8Array(1 << 14);
  readonly #names: string[] = [""];
  readonly #bucket = new Int32Array(BUCKETS);
  #textUsed = 0;

  /** Whether the bytes at `at` are slot `slot`'s key with its quotes. */
  matches(slot: number, bytes: Uint8Array, at: number): boolean {
    const { text } = this;
    const size = this.size[slot]!;
    const start = this.start[slot]!;
    for (let i = 0; i < size; i++) if (text[start + i] !== bytes[at + i]) return false;
    return size > 0;
  }

  /** The slot of the quoted key bytes[start, end) in the object of slot `parent`; -1 if it is not known. */
  find(parent: number, bytes: Uint8Array, start: number, end: number): number {
    let bucket = hashKey(parent, bytes, start, end);
    for (let slot = this.#bucket[bucket]!; slot !== 0; slot = this.#bucket[bucket]!) {
      if (this.parent[slot] === parent && this.size[slot] === end - start && this.matches(slot, bytes, start))
        return slot;
      bucket = (bucket + 1) % BUCKETS;
    }
    return -1;
  }

  /** Learns a key; -1 if no more are learned. */
  add(parent: number, bytes: Uint8Array, start: number, end: number, fieldOf: (name: string) => Field): number {
    const length = end - start;
    if (this.length === MAX_SLOTS || this.#textUsed + length > 1 << 20) return -1;
    const slot = this.length++;
    const name = this.#names[parent]! + decoder.decode(bytes.subarray(start + 1, end - 1));
    this.#names.push(`${name}.`);
    this.#store(slot, bytes, start, end);
    this.parent[slot] = parent;
    this.depth[slot] = this.depth[parent]! + 1;
    this.#describe(slot, fieldOf(name));
    let bucket = hashKey(parent, bytes, start, end);
    while (this.#bucket[bucket] !== 0) bucket = (bucket + 1) % BUCKETS;
    this.#bucket[bucket] = slot;
    return slot;
  }

  #store(slot: number, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    while (this.#textUsed + length > this.text.length) {
      const larger = new Uint8Array(2 * this.text.length);
      larger.set(this.text);
      this.text = larger;
    }
    this.text.set(bytes.subarray(start, end), this.#textUsed);
    this.start[slot] = this.#textUsed;
    this.size[slot] = length;
    this.#textUsed += length;
  }

  #describe(slot: number, field: Field): void {
    this.fields[slot] = field;
    this.role[slot] = field.role;
    this.dimension[slot] = field.dimension;
    this.scale[slot] = field.scale;
    this.rank[slot] = field.rank;
    this.target[slot] = field.target;
    if (field.target === 0) return;
    for (let other = 1; other < slot; other++) {
      if (this.target[other] !== field.target) continue;
      this.contested[other] = 1;
      this.contested[slot] = 1;
    }
  }
}

function hashKey(parent: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = parent;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
}

const decoder = new TextDecoder();
