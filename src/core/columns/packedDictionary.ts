import { Dictionary } from "../dictionary.js";
import { type Allocate, copied, grown } from "../grown.js";
import { hashLow } from "../hash.js";

/** Strings as UTF-8, one after the other: string i ends at ends[i], where string i + 1 begins. String 0 is empty. */
export interface PackedStrings {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/**
 * A dictionary for hundreds of thousands of values of which few are ever read: it keeps them as UTF-8, takes new ones
 * as UTF-8, decodes on demand, and is saved and shared as two columns.
 */
export class PackedDictionary extends Dictionary {
  #bytes: Uint8Array;
  #ends: Uint32Array;
  #size: number;
  /** Open addressing by content, made when a value is first looked for; 0 is a free slot. No `HashIndex`: keys are bytes. */
  #slots: Uint32Array | undefined;
  readonly #values: string[] = [];
  readonly #decoded: (string | undefined)[] = [];

  /** @param packed - values to begin with; used as they are, not copied */
  constructor(packed?: PackedStrings) {
    super();
    this.#bytes = packed?.bytes ?? new Uint8Array(64);
    this.#ends = packed?.ends ?? new Uint32Array(16);
    this.#size = packed?.ends.length ?? 1;
  }

  override get size(): number {
    return this.#size;
  }

  override get values(): readonly string[] {
    for (let code = this.#values.length; code < this.#size; code++) this.#values.push(this.value(code));
    return this.#values;
  }

  override code(value: string): number {
    const bytes = Buffer.from(value);
    return this.codeOfBytes(bytes, 0, bytes.length);
  }

  override find(value: string): number {
    const bytes = Buffer.from(value);
    if (bytes.length === 0) return 0;
    const slots = this.#index();
    return slots[this.#slotOf(slots, bytes, 0, bytes.length)]! || -1;
  }

  override value(code: number): string {
    const known = this.#decoded[code];
    if (known !== undefined) return known;
    if (!(code > 0 && code < this.#size)) return "";
    const start = this.#ends[code - 1]!;
    const { buffer, byteOffset } = this.#bytes;
    const value = Buffer.from(buffer, byteOffset + start, this.#ends[code]! - start).toString();
    this.#decoded[code] = value;
    return value;
  }

  /** The code of the value whose UTF-8 is bytes[start, end); a new one if it has none. */
  codeOfBytes(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0;
    const slots = this.#index();
    const slot = this.#slotOf(slots, bytes, start, end);
    const known = slots[slot]!;
    if (known !== 0) return known;
    const code = this.#append(bytes, start, end);
    if (2 * this.#size > slots.length) this.#slots = undefined;
    else slots[slot] = code;
    return code;
  }

  /** The code here of each value of another dictionary, in steps; new ones where there are none. */
  *codesOf(others: PackedDictionary): Generator<undefined, Uint32Array> {
    yield* this.expect(Math.max(this.#size, others.#size));
    const codes = new Uint32Array(others.#size);
    for (let code = 1; code < codes.length; code++) {
      codes[code] = this.codeOfBytes(others.#bytes, others.#ends[code - 1]!, others.#ends[code]!);
      if (code % VALUES_A_STEP === 0) yield;
    }
    return codes;
  }

  /** Makes the index, with room for so many values, in steps. */
  *expect(size: number): Generator<undefined, void> {
    let capacity = 64;
    while (capacity < 4 * size) capacity *= 2;
    if (this.#slots !== undefined && 2 * this.#slots.length >= capacity) return;
    const slots = new Uint32Array(capacity);
    for (let code = 1; code < this.#size; code++) {
      slots[this.#slotOf(slots, this.#bytes, this.#ends[code - 1]!, this.#ends[code]!)] = code;
      if (code % VALUES_A_STEP === 0) yield;
    }
    this.#slots = slots;
  }

  /** Copies of the columns in memory that `allocate` gives. */
  pack(allocate: Allocate): PackedStrings {
    const end = this.#ends[this.#size - 1]!;
    return { bytes: copied(this.#bytes, end, allocate), ends: copied(this.#ends, this.#size, allocate) };
  }

  #append(bytes: Uint8Array, start: number, end: number): number {
    const code = this.#size++;
    const from = this.#ends[code - 1]!;
    const to = from + end - start;
    if (code >= this.#ends.length) this.#ends = grown(this.#ends, 2 * code);
    if (to > this.#bytes.length) this.#bytes = grown(this.#bytes, 2 * to);
    for (let i = start, at = from; i < end; i++, at++) this.#bytes[at] = bytes[i]!;
    this.#ends[code] = to;
    return code;
  }

  /** The slot of a value, or the free one where it belongs. */
  #slotOf(slots: Uint32Array, bytes: Uint8Array, start: number, end: number): number {
    const mask = slots.length - 1;
    let slot = hashLow(bytes, start, end) & mask;
    for (let code: number; (code = slots[slot]!) !== 0; slot = (slot + 1) & mask) {
      if (this.#equals(code, bytes, start, end)) return slot;
    }
    return slot;
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#ends[code - 1]!;
    if (this.#ends[code]! - from !== end - start) return false;
    for (let i = start, at = from; i < end; i++, at++) if (this.#bytes[at] !== bytes[i]) return false;
    return true;
  }

  #index(): Uint32Array {
    if (this.#slots === undefined) for (const _ of this.expect(this.#size)); // at once
    return this.#slots!;
  }
}

/** After how many values the work pauses. */
const VALUES_A_STEP = 8_000;
