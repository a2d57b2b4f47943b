import { FIELD_PATHS, FLAG_TAGS, NUMBER_FIELDS, type NumberField, TEXT_FIELDS, type TextField } from "./fields.js";
import { ARRAY, BOOLEAN, MAP, MmdbValueReader, STRING } from "./mmdbValue.js";
import type { MmdbFile } from "./openMmdb.js";

/** A step on the way to fields: the field that a value here gives, and the steps below it. */
interface Step {
  field: number;
  rank: number;
  below: Map<string, Step> | undefined;
  /** The step of a key, by where the key's text begins in the file: files write each key once and point at it. */
  byOffset: Map<number, Step | null>;
}

const FIELDS: readonly string[] = [...TEXT_FIELDS, ...NUMBER_FIELDS, ...FLAG_TAGS.map(([flag]) => `flag ${flag}`)];

/**
 * Reads the fields that geopivot uses out of records, without decoding the rest: a city file's names in eight
 * languages are stepped over. The last record's fields stay readable until the next `read`.
 */
export class RecordReader {
  readonly #values: MmdbValueReader;
  readonly #root = plan();
  /** Per field: where its text begins in the file, 0 for none; how long it is; its number, NaN for none. */
  readonly #textStart = new Uint32Array(FIELDS.length);
  readonly #textSize = new Uint32Array(FIELDS.length);
  readonly #number = new Float64Array(FIELDS.length);
  readonly #rank = new Uint8Array(FIELDS.length);
  readonly #texts = new Map<number, string>();

  constructor(file: MmdbFile) {
    this.#values = new MmdbValueReader(file.bytes, file.dataStart, file.dataEnd);
  }

  /** Reads the record at an offset of the file. Throws a plain Error where the bytes make no sense. */
  read(offset: number): void {
    this.#textStart.fill(0);
    this.#number.fill(Number.NaN);
    this.#rank.fill(255);
    const values = this.#values;
    values.open(offset);
    if (values.type === MAP) this.#map(values.payload, values.size, this.#root, 0);
  }

  /** Where a field's text begins in the file, which tells texts apart cheaply; 0 for none. */
  textStart(field: TextField): number {
    return this.#textStart[TEXT_FIELDS.indexOf(field)]!;
  }

  /** A field's text; empty for none. Remembered by where it lies. */
  text(field: TextField): string {
    const index = TEXT_FIELDS.indexOf(field);
    return this.#textAt(index);
  }

  /** A field's number, which some files write as text (`"37.4"`, `"AS15169"`); NaN for none. */
  number(field: NumberField): number {
    const index = TEXT_FIELDS.length + NUMBER_FIELDS.indexOf(field);
    const value = this.#number[index]!;
    if (!Number.isNaN(value)) return value;
    const text = this.#textAt(index).replace(/^AS(?=\d)/i, "");
    return /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  }

  /** The tags of the flags that are set. */
  flagTags(): string[] {
    const tags: string[] = [];
    for (let f = 0; f < FLAG_TAGS.length; f++) {
      const index = TEXT_FIELDS.length + NUMBER_FIELDS.length + f;
      if (this.#number[index] === 1 || /^(?:true|1|yes)$/i.test(this.#textAt(index))) tags.push(FLAG_TAGS[f]![1]);
    }
    return tags;
  }

  #textAt(index: number): string {
    const start = this.#textStart[index]!;
    if (start === 0) return "";
    let text = this.#texts.get(start);
    if (text === undefined) {
      text = decoder.decode(this.#values.bytes.subarray(start, start + this.#textSize[index]!));
      this.#texts.set(start, text);
    }
    return text;
  }

  #map(payload: number, size: number, step: Step, depth: number): void {
    const values = this.#values;
    let at = payload;
    for (let i = 0; i < size; i++) {
      values.open(at);
      const valueAt = values.next;
      const next = this.#stepOf(step);
      if (next === null) {
        values.skip(valueAt);
        at = values.next;
      } else {
        at = this.#take(valueAt, next, depth + 1);
      }
    }
  }

  /** The step of the key that was just opened. */
  #stepOf(step: Step): Step | null {
    const values = this.#values;
    const known = step.byOffset.get(values.payload);
    if (known !== undefined) return known;
    const key = values.text();
    const next = step.below?.get(key) ?? step.below?.get("*") ?? null;
    step.byOffset.set(values.payload, next);
    return next;
  }

  /** Takes the fields of the value at an offset and returns where the next value begins. */
  #take(offset: number, step: Step, depth: number): number {
    const values = this.#values;
    values.open(offset);
    const { type, size, payload, next } = values;
    if (type === MAP || type === ARRAY) {
      // The plan is a tree of limited depth, so hostile nesting ends with it.
      if (step.below !== undefined) {
        if (type === MAP) this.#map(payload, size, step, depth);
        else if (size > 0 && step.below.has("0")) this.#take(payload, step.below.get("0")!, depth);
      }
      values.skip(offset);
      return values.next;
    }
    const { field, rank } = step;
    if (field >= 0 && rank < this.#rank[field]! && !(type === STRING && size === 0)) {
      this.#rank[field] = rank;
      this.#textStart[field] = type === STRING ? payload : 0;
      this.#textSize[field] = size;
      this.#number[field] = type === STRING ? Number.NaN : type === BOOLEAN ? size : values.number();
    }
    return next;
  }
}

function plan(): Step {
  const root = stepOf(-1, 255);
  const place = (path: string, field: number, rank: number): void => {
    let step = root;
    for (const key of path.split(".")) {
      step.below ??= new Map();
      let next = step.below.get(key);
      if (next === undefined) step.below.set(key, (next = stepOf(-1, 255)));
      step = next;
    }
    step.field = field;
    step.rank = rank;
  };
  FIELD_PATHS.forEach(([field, path], rank) => {
    place(path, FIELDS.indexOf(field), rank);
  });
  FLAG_TAGS.forEach(([flag], f) => {
    const field = TEXT_FIELDS.length + NUMBER_FIELDS.length + f;
    place(flag, field, 0);
    place(`traits.${flag}`, field, 1);
  });
  return root;
}

const stepOf = (field: number, rank: number): Step => ({ field, rank, below: undefined, byOffset: new Map() });

const decoder = new TextDecoder();
