import { fieldSteps, type Step } from "./fieldSteps.js";
import type { MmdbFile } from "./mmdbFile.js";
import { ARRAY, BOOLEAN, MAP, MmdbValueReader, STRING } from "./mmdbValue.js";
import { FIELDS, type RecordColumns } from "./recordColumns.js";

/**
 * Reads the fields that geopivot uses out of records, without decoding the rest: a city's names in seven other
 * languages are stepped over.
 */
export class ScalarRecordReader {
  readonly steps: readonly Step[] = fieldSteps();
  /** Told of each key that is a pointer of at most four bytes: the pointer as it stands in the file, and its step. */
  onKey: ((step: Step, word: number, next: Step | null) => void) | undefined;
  readonly #values: MmdbValueReader;
  readonly #columns: RecordColumns;
  /** Per field: the record that set it last, by its number, and with what rank. */
  readonly #setBy = new Uint32Array(FIELDS);
  readonly #rank = new Uint8Array(FIELDS);
  #record = 0;
  #row = 0;

  constructor(file: MmdbFile, columns: RecordColumns) {
    this.#values = new MmdbValueReader(file.bytes, file.dataStart, file.dataEnd);
    this.#columns = columns;
  }

  /** Says where the file's bytes are now. */
  use(bytes: Uint8Array): void {
    this.#values.use(bytes);
  }

  /** Reads the record at an offset of the file to a row of the columns, which is clear. Throws a plain Error where the bytes make no sense. */
  read(offset: number, row: number): void {
    this.#record++;
    this.#row = row;
    const values = this.#values;
    values.open(offset);
    if (values.type === MAP) this.#map(values.payload, values.size, this.steps[0]!);
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
    step.byOffset.set(key, next);
    const pointed = values.head(offset);
    const bytes = values.next - offset;
    if (next !== null) for (const field of fieldsAt(next)) this.#columns.willUse(field);
    if (pointed && bytes <= 4) this.onKey?.(step, lowest(values.word(offset), bytes), next);
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
    if (type === STRING) this.#columns.setText(field, this.#row, payload, size);
    else this.#columns.setNumber(field, this.#row, type === BOOLEAN ? size : this.#values.number());
  }
}

/** The fields that a value at a step, or the first entry of an array there, may give. */
function fieldsAt(step: Step): number[] {
  const first = step.below?.get("0");
  return [...(step.field < 0 ? [] : [step.field]), ...(first === undefined ? [] : fieldsAt(first))];
}

const lowest = (word: number, bytes: number): number => (word & (0xffffffff >>> (32 - 8 * bytes))) >>> 0;
