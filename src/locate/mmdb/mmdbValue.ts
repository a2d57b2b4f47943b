/** Types of a value in an .mmdb data section, as the MaxMind DB format 2.0 numbers them. */
export const POINTER = 1;
export const STRING = 2;
export const DOUBLE = 3;
export const BYTES = 4;
export const UINT16 = 5;
export const UINT32 = 6;
export const MAP = 7;
export const INT32 = 8;
export const UINT64 = 9;
export const UINT128 = 10;
export const ARRAY = 11;
export const BOOLEAN = 14;
export const FLOAT = 15;

/** Deeper than any database nests its records; the format itself has no limit. */
const MAX_DEPTH = 32;

/** What a decoded value may be: maps are objects, 64- and 128-bit integers bigints, byte strings arrays of bytes. */
export type MmdbValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly MmdbValue[]
  | { readonly [key: string]: MmdbValue };

/**
 * Reads values from bytes that may be hostile: every read is checked against the section's end, pointers must point
 * into the section and not at pointers, nesting is limited, and so is the work for one value.
 *
 * A mistake in the bytes throws a plain Error with the reason; `openMmdb` and its callers name the file.
 */
export class MmdbValueReader {
  bytes: Uint8Array;
  /** Where the data section begins, which pointers count from. */
  readonly base: number;
  readonly end: number;
  /** Where the value after the last one read begins. */
  next = 0;
  /** Of the value that {@link open} looked at: its type, its size (bytes, or entries of a map or array), its payload. */
  type = 0;
  size = 0;
  payload = 0;
  #view: DataView;
  #budget = 0;
  /** How many values may still be skipped: true databases write each value once, hostile ones point into the middle. */
  #skips: number;

  constructor(bytes: Uint8Array, base: number, end: number) {
    this.bytes = bytes;
    this.base = base;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#skips = 16 * (end - base) + 1_000_000;
  }

  /** Says where the same bytes are now. */
  use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads the head of the value at `offset`, following a pointer, and sets `type`, `size`, `payload` and, for a pointer, `next`. */
  open(offset: number): void {
    const pointed = this.head(offset);
    if (!pointed) return;
    const after = this.next;
    if (this.head(this.payload)) throw new Error("a pointer points at a pointer");
    this.next = after;
  }

  /** Reads the whole value at `offset` and sets `next`. @param budget - how many values it may consist of */
  value(offset: number, budget = 10_000): MmdbValue {
    this.#budget = budget;
    return this.#decode(offset, 0);
  }

  /** Sets `next` to the end of the value at `offset`, without following pointers. */
  skip(offset: number, depth = 0): void {
    if (depth > MAX_DEPTH) throw new Error("values are nested too deeply");
    if (this.#skips-- <= 0) throw new Error("records overlap each other");
    if (this.head(offset)) return;
    if (this.type !== MAP && this.type !== ARRAY) return;
    const count = this.type === MAP ? 2 * this.size : this.size; // read now: skipping overwrites it
    this.next = this.payload;
    for (let i = 0; i < count; i++) this.skip(this.next, depth + 1);
  }

  /** The string at the opened value. */
  text(): string {
    if (this.type !== STRING) throw new Error("a string was expected");
    return decoder.decode(this.bytes.subarray(this.payload, this.payload + this.size));
  }

  /** The four bytes at an offset, the first one lowest; -1 where the section ends before. */
  word(offset: number): number {
    return offset + 4 > this.end ? -1 : this.#view.getUint32(offset, true);
  }

  /** The number at the opened value; NaN if it is not a number. */
  number(): number {
    const { type, size, payload } = this;
    if (type === DOUBLE) return size === 8 ? this.#view.getFloat64(payload) : wrongSize("double", size);
    if (type === FLOAT) return size === 4 ? this.#view.getFloat32(payload) : wrongSize("float", size);
    if (type !== UINT16 && type !== UINT32 && type !== INT32 && type !== UINT64 && type !== UINT128) return Number.NaN;
    if (size > (type === UINT128 ? 16 : type === UINT64 ? 8 : type === UINT16 ? 2 : 4))
      return wrongSize("integer", size);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.bytes[payload + i]!;
    return type === INT32 && size === 4 ? value | 0 : value;
  }

  /** {@link open} that does not follow a pointer: returns whether the value is one, whose target is then the payload. */
  head(offset: number): boolean {
    const { bytes, end } = this;
    if (!(offset >= this.base && offset < end)) throw new Error("a value lies outside of the data");
    const control = bytes[offset]!;
    let at = offset + 1;
    let type = control >> 5;
    if (type === POINTER) {
      const length = ((control >> 3) & 3) + 1;
      if (at + length > end) throw new Error("a pointer is cut off");
      // Written out rather than in a loop, because every key of a record is a pointer.
      let target = bytes[at]!;
      if (length < 4) target |= (control & 7) << 8;
      if (length >= 2) target = (target << 8) | bytes[at + 1]!;
      if (length >= 3) target = (target << 8) | bytes[at + 2]!;
      if (length === 4) target = target * 256 + bytes[at + 3]!;
      this.type = POINTER;
      this.payload = this.base + target + (length === 2 ? 2048 : length === 3 ? 526336 : 0);
      this.next = at + length;
      return true;
    }
    if (type === 0) {
      if (at >= end) throw new Error("a type is cut off");
      type = bytes[at++]! + 7;
      if (type < INT32 || type > FLOAT || type === 12 || type === 13) throw new Error(`${type} is no type of value`);
    }
    let size = control & 31;
    if (size >= 29) {
      const extra = size - 28;
      if (at + extra > end) throw new Error("a size is cut off");
      size = size === 29 ? 29 : size === 30 ? 285 : 65821;
      let more = 0;
      for (let i = 0; i < extra; i++) more = more * 256 + bytes[at++]!;
      size += more;
    }
    this.type = type;
    this.size = size;
    this.payload = at;
    this.next = type === BOOLEAN ? at : at + size;
    if (type === MAP || type === ARRAY) {
      // Each entry takes at least one byte, so a count beyond the bytes that are left is a lie.
      if (size > end - at) throw new Error("a map or array has more entries than the data has bytes");
    } else if (this.next > end) throw new Error("a value is cut off");
    return false;
  }

  #bigint(): bigint {
    if (this.size > (this.type === UINT128 ? 16 : 8)) wrongSize("integer", this.size);
    let value = 0n;
    for (let i = 0; i < this.size; i++) value = (value << 8n) | BigInt(this.bytes[this.payload + i]!);
    return value;
  }

  #decode(offset: number, depth: number): MmdbValue {
    if (depth > MAX_DEPTH) throw new Error("values are nested too deeply");
    if (this.#budget-- <= 0) throw new Error("a value consists of too many others");
    const pointed = this.head(offset);
    const after = this.next;
    if (pointed && this.head(this.payload)) throw new Error("a pointer points at a pointer");
    const value = this.#body(depth);
    if (pointed) this.next = after;
    return value;
  }

  #body(depth: number): MmdbValue {
    const { type, size } = this;
    if (type === STRING) return this.text();
    if (type === BOOLEAN) return size !== 0;
    if (type === BYTES) return this.bytes.slice(this.payload, this.payload + size);
    if (type === UINT64 || type === UINT128) return this.#bigint();
    if (type !== MAP && type !== ARRAY) return this.number();
    this.next = this.payload;
    if (type === ARRAY) {
      const array: MmdbValue[] = [];
      for (let i = 0; i < size; i++) array.push(this.#decode(this.next, depth + 1));
      return array;
    }
    const map: Record<string, MmdbValue> = Object.create(null);
    for (let i = 0; i < size; i++) {
      const key = this.#decode(this.next, depth + 1);
      if (typeof key !== "string") throw new Error("a key is not a string");
      map[key] = this.#decode(this.next, depth + 1);
    }
    return map;
  }
}

function wrongSize(type: string, size: number): never {
  throw new Error(`a ${type} of ${size} bytes`);
}

const decoder = new TextDecoder();
