import type { PackedDictionary } from "../../core/columns/packedDictionary.js";
import { FIELD, FLAG_TAGS } from "./fields.js";

export const FIELDS = FIELD.flags + FLAG_TAGS.length;

/** Texts to remember for each field, a power of two. */
const KNOWN_TEXTS = 1 << 16;

/** Fields of some records as columns. */
export class RecordColumns {
  readonly rows: number;
  #bytes: Buffer = Buffer.alloc(0);
  /** Of each field a column of where its texts begin in the file, 0 for none, then one of their sizes. */
  #texts: Uint32Array;
  /** Of each field a column of numbers, NaN for none. */
  #numbers: Float64Array;
  /** The fields that any record may have had. */
  readonly used: number[] = [];
  /** Per field, by the last bits of where a text begins: its beginning, its size and its code. */
  readonly #known: (Uint32Array | undefined)[] = new Array(FIELDS).fill(undefined);

  constructor(rows: number) {
    this.rows = rows;
    this.#texts = new Uint32Array(2 * FIELDS * rows);
    this.#numbers = new Float64Array(FIELDS * rows).fill(Number.NaN);
  }

  /** Says where the file is, and where the columns are to be from now on; their rows are lost. */
  use(bytes: Uint8Array, texts = this.#texts, numbers = this.#numbers): void {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#texts = texts.fill(0);
    this.#numbers = numbers.fill(Number.NaN);
  }

  /** Says that a field may be set from now on. */
  willUse(field: number): void {
    if (!this.used.includes(field)) this.used.push(field);
  }

  /** Empties the rows [from, to). */
  clear(from: number, to: number): void {
    for (const field of this.used) {
      const [texts, numbers] = [2 * field * this.rows, field * this.rows];
      this.#texts.fill(0, texts + from, texts + to);
      this.#numbers.fill(Number.NaN, numbers + from, numbers + to);
    }
  }

  setText(field: number, row: number, start: number, size: number): void {
    const at = 2 * field * this.rows + row;
    this.#texts[at] = start;
    this.#texts[at + this.rows] = size;
    this.#numbers[field * this.rows + row] = Number.NaN;
  }

  setNumber(field: number, row: number, value: number): void {
    const at = 2 * field * this.rows + row;
    this.#texts[at] = 0;
    this.#texts[at + this.rows] = 0;
    this.#numbers[field * this.rows + row] = value;
  }

  /** Whether any record may have had the field. */
  uses(field: number): boolean {
    return this.used.includes(field);
  }

  /** A field's two letters as one number, or 0 if its text has not two bytes. */
  twoLetters(field: number, row: number): number {
    const at = 2 * field * this.rows + row;
    const start = this.#texts[at]!;
    return start === 0 || this.#texts[at + this.rows] !== 2 ? 0 : (this.#bytes[start]! << 8) | this.#bytes[start + 1]!;
  }

  /** Writes the codes of a field's texts in a dictionary, which is to be the same one for the field each time. */
  codes(field: number, dictionary: PackedDictionary, codes: Uint32Array | Uint16Array, count: number): void {
    if (!this.uses(field)) {
      codes.fill(0, 0, count);
      return;
    }
    const known = (this.#known[field] ??= new Uint32Array(3 * KNOWN_TEXTS));
    const starts = this.#texts.subarray(2 * field * this.rows, (2 * field + 1) * this.rows);
    const sizes = this.#texts.subarray((2 * field + 1) * this.rows, (2 * field + 2) * this.rows);
    for (let row = 0; row < count; row++) {
      const start = starts[row]!;
      const at = 3 * ((start >>> 3) & (KNOWN_TEXTS - 1));
      if (start === 0) {
        codes[row] = 0;
        continue;
      }
      if (known[at] !== start || known[at + 1] !== sizes[row]) {
        known[at] = start;
        known[at + 1] = sizes[row]!;
        known[at + 2] = dictionary.codeOfBytes(this.#bytes, start, start + sizes[row]!);
      }
      codes[row] = known[at + 2]!;
    }
  }

  /** A field's text; empty for none. */
  text(field: number, row: number): string {
    const at = 2 * field * this.rows + row;
    const start = this.#texts[at]!;
    return start === 0 ? "" : this.#bytes.toString("utf8", start, start + this.#texts[at + this.rows]!);
  }

  /** A field's number, which some files write as text (`"37.4"`, `"AS15169"`); NaN for none. */
  number(field: number, row: number): number {
    if (this.#texts[2 * field * this.rows + row] === 0) return this.#numbers[field * this.rows + row]!;
    const text = this.text(field, row).replace(/^AS(?=\d)/i, "");
    return /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  }

  /** The tags of the flags that are set. */
  flagTags(row: number): string[] {
    const tags: string[] = [];
    for (const field of this.used) {
      if (field < FIELD.flags) continue;
      const isSet = this.number(field, row) === 1 || /^(?:true|yes)$/i.test(this.text(field, row));
      if (isSet) tags.push(FLAG_TAGS[field - FIELD.flags]![1]);
    }
    return tags;
  }
}
