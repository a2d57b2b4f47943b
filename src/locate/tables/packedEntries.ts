import { grown } from "../../core/grown.js";

/** Ids as a saved table holds them, in halves. */
export interface PackedIds {
  /** Of each entry its id plus 1, or 0 for what has none: the lowest 16 bits, and those above them, in 8 bits where that is enough. */
  readonly low: Uint16Array;
  readonly high: Uint8Array | Uint16Array;
}

/** The id of entry i, which has one. */
export function idAt({ low, high }: PackedIds, i: number): number {
  return low[i]! + 65_536 * high[i]! - 1;
}

/** Whether entry i has no id. */
export function hasNoId({ low, high }: PackedIds, i: number): boolean {
  return low[i] === 0 && high[i] === 0;
}

/** Collects ids, each with a byte. */
export class EntryBuilder {
  #length = 0;
  #bytes: Uint8Array;
  #low: Uint16Array;
  #high: Uint8Array | Uint16Array;

  /** @param capacity - how many to make room for at first */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#low = new Uint16Array(capacity);
    this.#high = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** The byte of the last entry; undefined if there is none. */
  get lastByte(): number | undefined {
    return this.#bytes[this.#length - 1];
  }

  /** @param entry - the id plus 1, or 0 */
  add(byte: number, entry: number): void {
    const at = this.#length++;
    if (at === this.#bytes.length) {
      this.#bytes = grown(this.#bytes, 2 * at + 16);
      this.#low = grown(this.#low, 2 * at + 16);
      this.#high = grown(this.#high, 2 * at + 16);
    }
    this.#bytes[at] = byte;
    this.#set(at, entry);
  }

  /** Replaces the last entry. */
  setLast(entry: number): void {
    this.#set(this.#length - 1, entry);
  }

  /** The entries so far, as views that the builder must not outgrow. */
  done(): PackedIds & { readonly bytes: Uint8Array } {
    const length = this.#length;
    return {
      bytes: this.#bytes.subarray(0, length),
      low: this.#low.subarray(0, length),
      high: this.#high.subarray(0, length),
    };
  }

  #set(at: number, entry: number): void {
    if (entry >= 2 ** 24 && this.#high instanceof Uint8Array) this.#high = Uint16Array.from(this.#high);
    this.#low[at] = entry;
    this.#high[at] = entry >>> 16;
  }
}
