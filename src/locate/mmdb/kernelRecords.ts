import { type WasmMemory, wasmKernel } from "../../core/wasmKernel.js";
import { readRecordsWasm } from "../wasm/readRecordsWasm.js";
import type { Step } from "./fieldSteps.js";
import { FILE_AT, RECORDS_AT } from "./fileMemory.js";
import type { MmdbFile } from "./mmdbFile.js";
import { FIELDS, type RecordColumns } from "./recordColumns.js";
import { RECORDS_AT_ONCE } from "./recordIds.js";

/** What wasm/readRecords.as.ts exports. */
interface Kernel {
  use(...numbers: number[]): void;
  read(starts: number, from: number, to: number): number;
  follow(field: number, to: number, failed: number): number;
}

/** Keys that the kernel knows for a step at most: a half of the slots that it has for them. */
const MOST_KEYS = 32;
const KEYS_BYTES = 2 * MOST_KEYS * 8;
const STEP_BYTES = 16;

/** Reads records to columns by a kernel, which is told of keys when they are first read. */
export class KernelRecords {
  readonly #kernel: Kernel;
  readonly #memory: WasmMemory;
  readonly #columns: RecordColumns;
  readonly #layout: Layout;
  /** How many keys the kernel knows of each step. */
  readonly #known: Uint8Array;
  #buffer: ArrayBuffer | undefined;

  /** Such a kernel for a file; undefined where there is none or the file does not lie in its memory. */
  static of(file: MmdbFile, steps: readonly Step[], columns: RecordColumns): KernelRecords | undefined {
    const { memory } = file;
    const kernel = memory === undefined ? undefined : wasmKernel<Kernel>(readRecordsWasm, memory);
    return memory === undefined || kernel === undefined
      ? undefined
      : new KernelRecords(kernel, memory, file, steps, columns);
  }

  private constructor(
    kernel: Kernel,
    memory: WasmMemory,
    file: MmdbFile,
    steps: readonly Step[],
    columns: RecordColumns,
  ) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#columns = columns;
    this.#known = new Uint8Array(steps.length);
    this.#layout = layoutOf(steps.length);
    const { keys, steps: stepsAt, texts, numbers, targets, contested, ranks } = this.#layout;
    kernel.use(
      ...[FILE_AT, FILE_AT + file.dataStart, FILE_AT + file.dataEnd, stepsAt, keys, texts, numbers],
      ...[RECORDS_AT_ONCE, targets, contested, ranks],
    );
    const about = new Int32Array(memory.buffer, stepsAt, (STEP_BYTES / 4) * steps.length);
    for (const { index, field, rank, below } of steps) {
      about.set([field, rank, below === undefined ? 0 : 1, below?.get("0")?.index ?? 0], 4 * index);
    }
  }

  /** Whether the memory has grown, or was never used: then it is to be used anew. */
  get isStale(): boolean {
    return this.#buffer !== this.#memory.buffer;
  }

  /** Lays the columns over the memory as it is now. */
  use(bytes: Uint8Array): void {
    this.#buffer = this.#memory.buffer;
    const { texts, numbers } = this.#layout;
    const rows = FIELDS * RECORDS_AT_ONCE;
    this.#columns.use(
      bytes,
      new Uint32Array(this.#buffer, texts, 2 * rows),
      new Float64Array(this.#buffer, numbers, rows),
    );
  }

  /** Tells the kernel of a key that leads to a step, or to nothing. */
  learn(step: Step, word: number, next: Step | null): void {
    // What the kernel does not know it leaves to others.
    if (this.#known[step.index]! >= MOST_KEYS) return;
    this.#known[step.index]!++;
    const table = new Uint32Array(this.#memory.buffer, this.#layout.keys + KEYS_BYTES * step.index, 4 * MOST_KEYS);
    let at = Math.imul(word, 0x9e3779b1) >>> 26;
    while (table[2 * at] !== 0) at = (at + 1) % (2 * MOST_KEYS);
    table.set([word, next?.index ?? 0], 2 * at);
  }

  /** Reads records to rows, which are clear; `readPlain` reads those that the kernel leaves to others. */
  read(starts: Float64Array, readPlain: (row: number) => void): void {
    const { buffer } = this.#memory;
    const { starts: startsAt, targets, failed } = this.#layout;
    const count = starts.length;
    new Uint32Array(buffer, startsAt, count).set(starts);
    const used = this.#columns.used;
    for (const field of used) new Uint32Array(buffer, targets + 4 * field * RECORDS_AT_ONCE, count).fill(0);
    const skipped: number[] = [];
    for (let row = 0; (row = this.#kernel.read(startsAt, row, count)) < count; row++) {
      // It may tell the kernel of keys that it lacked.
      readPlain(row);
      skipped.push(row);
    }
    // What is pointed at in their rows is not asked for.
    for (const field of used) {
      const column = new Uint32Array(buffer, targets + 4 * field * RECORDS_AT_ONCE, count);
      for (const row of skipped) column[row] = 0;
    }
    const rows = new Set<number>();
    for (const field of used) {
      const failures = this.#kernel.follow(field, count, failed);
      for (const row of new Uint32Array(buffer, failed, failures)) rows.add(row);
    }
    for (const row of rows) readPlain(row);
  }
}

/** Where the kernel finds what. */
interface Layout {
  readonly numbers: number;
  readonly texts: number;
  readonly targets: number;
  readonly starts: number;
  readonly failed: number;
  readonly keys: number;
  readonly steps: number;
  readonly contested: number;
  readonly ranks: number;
}

function layoutOf(stepCount: number): Layout {
  const numbers = RECORDS_AT;
  const texts = numbers + 8 * FIELDS * RECORDS_AT_ONCE;
  const targets = texts + 8 * FIELDS * RECORDS_AT_ONCE;
  const starts = targets + 4 * FIELDS * RECORDS_AT_ONCE;
  const failed = starts + 4 * RECORDS_AT_ONCE;
  const keys = failed + 4 * RECORDS_AT_ONCE;
  const steps = keys + KEYS_BYTES * stepCount;
  const contested = steps + STEP_BYTES * stepCount;
  const ranks = contested + RECORDS_AT_ONCE;
  return { numbers, texts, targets, starts, failed, keys, steps, contested, ranks };
}
