import { type Column, type Table, tableFromIPC } from "@uwdata/flechette";
import { engineError } from "../errors.js";

/** Lists, one a row: those of row i are [start[i], start[i + 1]) of the values. */
export interface ArrowLists<V> {
  readonly start: Uint32Array;
  readonly values: V;
}

/** Texts as codes of a list of distinct values. */
export interface ArrowTexts {
  readonly codes: Uint32Array;
  readonly values: readonly string[];
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array | BigUint64Array | BigInt64Array;
/** What flechette's batches hold beside what their types say. */
interface RawBatch {
  readonly length: number;
  at(row: number): unknown;
  readonly values: Numbers;
  readonly offsets: Int32Array;
  readonly children: readonly RawBatch[];
}

/** An Arrow stream column by column, as typed arrays, without an object a row. */
export class ArrowColumns {
  readonly #table: Table;

  /** Throws `engine-answer` if the bytes are no Arrow stream. */
  constructor(bytes: Uint8Array) {
    try {
      this.#table = tableFromIPC(bytes, { useBigInt: true });
    } catch (error) {
      throw engineError("engine-answer", { reason: "it is no Arrow stream" }, error);
    }
  }

  get length(): number {
    return this.#table.numRows;
  }

  /** Whether there is such a column. */
  has(name: string): boolean {
    return (this.#table.getChild(name) ?? null) !== null;
  }

  /** A column of numbers; 64-bit integers as far as doubles hold them. */
  numbers(name: string): Float64Array {
    const all = new Float64Array(this.length);
    let at = 0;
    for (const batch of this.#batches(name)) {
      const { values, length } = batch;
      if (values instanceof BigUint64Array || values instanceof BigInt64Array) {
        const words = new Int32Array(values.buffer, values.byteOffset, 2 * length);
        for (let i = 0; i < length; i++) all[at + i] = words[2 * i + 1]! * 2 ** 32 + (words[2 * i]! >>> 0);
      } else all.set(values.subarray(0, length), at);
      at += length;
    }
    return all;
  }

  texts(name: string): ArrowTexts {
    const values = new Map<string, number>();
    const codes = new Uint32Array(this.length);
    const codeOf = (text: string): number => {
      const known = values.get(text);
      if (known !== undefined) return known;
      values.set(text, values.size);
      return values.size - 1;
    };
    let at = 0;
    for (const batch of this.#batches(name))
      for (let i = 0; i < batch.length; i++) codes[at++] = codeOf(String(batch.at(i)));
    return { codes, values: [...values.keys()] };
  }

  /** Lists of integers up to 32 bits. */
  lists<V extends Uint16Array | Uint32Array>(name: string, Kind: new (length: number) => V): ArrowLists<V> {
    const { start, pieces } = this.#pieces(name);
    const values = new Kind(start[this.length]!);
    let at = 0;
    for (const { child, from, to } of pieces) {
      values.set((child.values as Uint32Array).subarray(from, to), at);
      at += to - from;
    }
    return { start, values };
  }

  /** Lists of 64-bit integers as words, the lower first. */
  longLists(name: string): ArrowLists<Uint32Array> {
    return this.#words(name, 2);
  }

  /** Lists of IPv6 addresses as four words each, in network order. */
  addressLists(name: string): ArrowLists<Uint32Array> {
    const lists = this.#words(name, 4);
    const { values } = lists;
    for (let i = 0; i < values.length; i++) {
      const w = values[i]!;
      values[i] = (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
    }
    return lists;
  }

  /** Values of so many 32-bit words each. */
  #words(name: string, width: number): ArrowLists<Uint32Array> {
    const { start, pieces } = this.#pieces(name);
    const bytes = new Uint8Array(4 * width * start[this.length]!);
    let at = 0;
    for (const { child, from, to } of pieces) {
      const { buffer, byteOffset } = child.values;
      bytes.set(new Uint8Array(buffer, byteOffset + 4 * width * from, 4 * width * (to - from)), at);
      at += 4 * width * (to - from);
    }
    return { start, values: new Uint32Array(bytes.buffer) };
  }

  #pieces(name: string) {
    const start = new Uint32Array(this.length + 1);
    let row = 0;
    const pieces = this.#batches(name).map((batch) => {
      const { offsets, length } = batch;
      for (let i = 0; i < length; i++, row++) start[row + 1] = start[row]! + offsets[i + 1]! - offsets[i]!;
      return { child: batch.children[0]!, from: offsets[0]!, to: offsets[length]! };
    });
    return { start, pieces };
  }

  #batches(name: string): readonly RawBatch[] {
    const column = this.#table.getChild(name) as Column<unknown> | null | undefined;
    // An answer without rows may come without a schema.
    if (!column && this.length > 0) throw engineError("engine-answer", { reason: `column ${name} is missing` });
    return (column?.data ?? []) as unknown as readonly RawBatch[];
  }
}
