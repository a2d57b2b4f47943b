import type { Allocate } from "./grown.js";

/** Strings as UTF-8 one after the other: string i ends at ends[i], where string i + 1 begins. */
export interface PackedStrings {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/**
 * Strings as dense codes, in the order they were first seen. Code 0 is always the empty string, which stands for "absent".
 *
 * Codes never change once given, so columns of codes stay valid while the dictionary grows.
 */
export class Dictionary {
  #codes: Map<string, number> | undefined = new Map([["", 0]]);
  /** Undefined where the string is still packed. */
  #values: (string | undefined)[] = [""];
  #packed: PackedStrings | undefined;

  /** A dictionary that holds the values in their order; the empty string, if missing at the front, is put there. */
  static from(values: Iterable<string>): Dictionary {
    const dictionary = new Dictionary();
    for (const value of values) dictionary.code(value);
    return dictionary;
  }

  /** A dictionary of what {@link pack} made; strings are decoded when they are asked for. */
  static fromPacked(packed: PackedStrings): Dictionary {
    const dictionary = new Dictionary();
    dictionary.#packed = packed;
    dictionary.#codes = undefined;
    dictionary.#values = new Array(packed.ends.length).fill(undefined);
    return dictionary;
  }

  /** How many codes there are, the empty string's among them. */
  get size(): number {
    return this.#values.length;
  }

  /** Every value, by code. */
  get values(): readonly string[] {
    if (this.#packed !== undefined) for (let code = 0; code < this.#values.length; code++) this.value(code);
    this.#packed = undefined;
    return this.#values as string[];
  }

  /** The code of a value; a new one if it has none. */
  code(value: string): number {
    const codes = this.#known();
    const known = codes.get(value);
    if (known !== undefined) return known;
    const code = this.#values.length;
    codes.set(value, code);
    this.#values.push(value);
    return code;
  }

  /** The code of a value, or -1 if it was never seen. */
  find(value: string): number {
    return this.#known().get(value) ?? -1;
  }

  /** The value of a code, or the empty string if the code was never given. */
  value(code: number): string {
    return this.#values[code] ?? this.#unpacked(code);
  }

  /** All values as bytes, in memory that `allocate` gives. */
  pack(allocate: Allocate): PackedStrings {
    const ends = new Uint32Array(allocate(4 * this.size));
    let text = Buffer.allocUnsafe(1 << 16);
    let end = 0;
    this.values.forEach((value, code) => {
      // A UTF-16 unit takes at most three bytes.
      if (end + 3 * value.length > text.length) text = Buffer.concat([text], 2 * text.length + 3 * value.length);
      end += text.write(value, end);
      ends[code] = end;
    });
    const bytes = new Uint8Array(allocate(end));
    bytes.set(text.subarray(0, end));
    return { bytes, ends };
  }

  #known(): Map<string, number> {
    if (this.#codes === undefined) this.#codes = new Map(this.values.map((value, code) => [value, code]));
    return this.#codes;
  }

  #unpacked(code: number): string {
    const packed = this.#packed;
    if (packed === undefined || !(code < packed.ends.length)) return "";
    const start = code === 0 ? 0 : packed.ends[code - 1]!;
    const { buffer, byteOffset } = packed.bytes;
    const value = Buffer.from(buffer, byteOffset + start, packed.ends[code]! - start).toString();
    this.#values[code] = value;
    return value;
  }
}
