import type { PackedDictionary } from "../../core/packedDictionary.js";
import { FIELD, FIELD_PATHS, FLAG_TAGS } from "./fields.js";
import { ARRAY, BOOLEAN, MAP, MmdbValueReader, STRING } from "./mmdbValue.js";
import type { MmdbFile } from "./openMmdb.js";

/** A step on the way to fields: the field that a value here gives, and the steps below it. */
interface Step {
  field: number;
  /** Of several places for one field the lowest rank wins. */
  rank: number;
  below: Map<string, Step> | undefined;
  /** The step of a key, by where the key lies in the file: files write each key once and point at it. */
  readonly byOffset: Map<number, Step | null>;
  /** The last key that was a pointer at each position of a map: most records have the same keys in the same order. */
  readonly byPosition: KnownKey[];
}

interface KnownKey {
  /** The pointer as it stands in the file, the first byte lowest, and its length. */
  readonly word: number;
  readonly bytes: number;
  readonly next: Step | null;
}

/** Texts to remember for each field, a power of two: few enough to stay in a fast cache. */
const KNOWN_TEXTS = 1 << 11;

const FIELDS = FIELD.flags + FLAG_TAGS.length;

/**
 * Reads the fields that geopivot uses out of records, without decoding the rest: a city's names in seven other
 * languages are stepped over. The fields of one record are readable until the next `read`.
 */
export class RecordReader {
  readonly #values: MmdbValueReader;
  readonly #root = plan();
  /** Per field: the record that set it last, by its number; with what rank; where its text begins and how long it is, or its number. */
  readonly #setBy = new Uint32Array(FIELDS);
  readonly #rank = new Uint8Array(FIELDS);
  readonly #textStart = new Uint32Array(FIELDS);
  readonly #textSize = new Uint32Array(FIELDS);
  readonly #number = new Float64Array(FIELDS);
  /** Per field, by the last bits of where a text begins: its beginning, its size and its code. */
  readonly #known: (Uint32Array | undefined)[] = new Array(FIELDS).fill(undefined);
  readonly #buffer: Buffer;
  #record = 0;
  #flagsSetBy = 0;

  constructor(file: MmdbFile) {
    this.#values = new MmdbValueReader(file.bytes, file.dataStart, file.dataEnd);
    this.#buffer = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  }

  /** Reads the record at an offset of the file. Throws a plain Error where the bytes make no sense. */
  read(offset: number): void {
    this.#record++;
    const values = this.#values;
    values.open(offset);
    if (values.type === MAP) this.#map(values.payload, values.size, this.#root);
  }

  /** A field's two letters as one number, or 0 if its text has not two bytes. */
  twoLetters(field: number): number {
    const start = this.#startOf(field);
    return start === 0 || this.#textSize[field] !== 2 ? 0 : (this.#buffer[start]! << 8) | this.#buffer[start + 1]!;
  }

  /** The code of a field's text in a dictionary, which is to be the same one for the field each time. */
  code(field: number, dictionary: PackedDictionary): number {
    const start = this.#startOf(field);
    if (start === 0) return 0;
    const size = this.#textSize[field]!;
    const known = (this.#known[field] ??= new Uint32Array(3 * KNOWN_TEXTS));
    const at = 3 * (start & (KNOWN_TEXTS - 1));
    if (known[at] === start && known[at + 1] === size) return known[at + 2]!;
    known[at] = start;
    known[at + 1] = size;
    return (known[at + 2] = dictionary.codeOfBytes(this.#values.bytes, start, start + size));
  }

  /** A field's text; empty for none. */
  text(field: number): string {
    const start = this.#startOf(field);
    return start === 0 ? "" : this.#buffer.toString("utf8", start, start + this.#textSize[field]!);
  }

  /** A field's number, which some files write as text (`"37.4"`, `"AS15169"`); NaN for none. */
  number(field: number): number {
    if (this.#setBy[field] !== this.#record) return Number.NaN;
    if (this.#textStart[field] === 0) return this.#number[field]!;
    const text = this.text(field).replace(/^AS(?=\d)/i, "");
    return /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  }

  /** The tags of the flags that are set. */
  flagTags(): string[] {
    if (this.#flagsSetBy !== this.#record) return [];
    return FLAG_TAGS.flatMap(([, tag], f) => {
      const field = FIELD.flags + f;
      return this.number(field) === 1 || /^(?:true|yes)$/i.test(this.text(field)) ? [tag] : [];
    });
  }

  /** Where a field's text begins in the file; 0 for none. */
  #startOf(field: number): number {
    return this.#setBy[field] === this.#record ? this.#textStart[field]! : 0;
  }

  #map(payload: number, size: number, step: Step): void {
    const values = this.#values;
    let at = payload;
    for (let i = 0; i < size; i++) {
      const next = this.#stepOf(at, step, i);
      const valueAt = values.next;
      if (next === null) {
        values.skip(valueAt);
        at = values.next;
      } else {
        at = this.#take(valueAt, next);
      }
    }
  }

  /** The step of the key at an offset, which leads nowhere for most keys. Sets the values' `next`. */
  #stepOf(offset: number, step: Step, position: number): Step | null {
    const values = this.#values;
    const expected = step.byPosition[position];
    if (expected !== undefined) {
      const differs = (values.word(offset) ^ expected.word) << (32 - 8 * expected.bytes);
      values.next = offset + expected.bytes;
      if (differs === 0) return expected.next;
    }
    const pointed = values.head(offset);
    const key = pointed ? values.payload : offset;
    const next = step.byOffset.get(key) ?? this.#newStep(offset, key, step);
    const bytes = values.next - offset;
    if (pointed && bytes <= 4) step.byPosition[position] = { word: values.word(offset), bytes, next };
    return next;
  }

  #newStep(offset: number, key: number, step: Step): Step | null {
    const values = this.#values;
    if (step.byOffset.has(key)) return null;
    values.open(offset);
    const text = values.text();
    const next = step.below?.get(text) ?? step.below?.get("*") ?? null;
    values.head(offset);
    step.byOffset.set(key, next);
    return next;
  }

  /** Takes the fields of the value at an offset and returns where the next value begins. */
  #take(offset: number, step: Step): number {
    const values = this.#values;
    values.open(offset);
    const { type, size, payload, next } = values;
    if (type !== MAP && type !== ARRAY) {
      this.#set(step, type, size, payload);
      return next;
    }
    // The plan is a tree of limited depth, so hostile nesting ends with it.
    if (step.below !== undefined && type === MAP) this.#map(payload, size, step);
    const first = type === ARRAY && size > 0 ? step.below?.get("0") : undefined;
    if (first !== undefined) this.#take(payload, first);
    values.skip(offset);
    return values.next;
  }

  #set({ field, rank }: Step, type: number, size: number, payload: number): void {
    if (field < 0 || (type === STRING && size === 0)) return;
    if (this.#setBy[field] === this.#record && this.#rank[field]! <= rank) return;
    this.#setBy[field] = this.#record;
    this.#rank[field] = rank;
    this.#textStart[field] = type === STRING ? payload : 0;
    this.#textSize[field] = size;
    this.#number[field] = type === STRING ? Number.NaN : type === BOOLEAN ? size : this.#values.number();
    if (field >= FIELD.flags) this.#flagsSetBy = this.#record;
  }
}

/** The steps to all fields. */
function plan(): Step {
  const root = newStep();
  const place = (path: string, field: number, rank: number): void => {
    let step = root;
    for (const key of path.split(".")) {
      step.below ??= new Map();
      const next = step.below.get(key) ?? newStep();
      step.below.set(key, next);
      step = next;
    }
    step.field = field;
    step.rank = rank;
  };
  for (const [field, paths] of FIELD_PATHS) for (const [rank, path] of paths.entries()) place(path, FIELD[field], rank);
  for (const [f, [flag]] of FLAG_TAGS.entries()) {
    place(flag, FIELD.flags + f, 0);
    place(`traits.${flag}`, FIELD.flags + f, 1);
  }
  return root;
}

const newStep = (): Step => ({ field: -1, rank: 0, below: undefined, byOffset: new Map(), byPosition: [] });
