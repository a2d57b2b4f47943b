import { KERNEL_BYTES } from "../../core/pools/lineMemory.js";
import { type WasmMemory, wasmKernel, wasmMemory } from "../../core/wasmKernel.js";
import type { EventColumns } from "../columns/eventColumns.js";
import { jsonLinesWasm } from "../wasm/jsonLinesWasm.js";
import { JsonShapes } from "./jsonShapes.js";
import type { JsonSlots } from "./jsonSlots.js";
import { KernelLayout } from "./kernelLayout.js";
import { type StagedAddresses, StagedColumns } from "./stagedColumns.js";

/** Bytes of lines that are read at a time: with their columns, few enough for the second cache. */
const PIECE_BYTES = 1 << 16;
const MAX_TARGETS = 1024;
/** What vectors read before the first line and behind the last. */
const SLACK_BYTES = 64;

/** What stops the kernel costs as much as so many lines of gain. */
const COST = { otherLine: 3, newValue: 10, newShape: 50 };
/** The gain that is remembered, and the loss at which the kernel is left alone. */
const MAX_CREDIT = 5000;
const MIN_CREDIT = -2000;
/** Lines for which the kernel is then left alone. */
const REST_LINES = 50_000;

interface Kernel extends StagedAddresses {
  /** What lies below is the kernel's own. */
  readonly END: { readonly value: number };
  bindShapes(root: number): void;
  bindNames(at: number): void;
  bindFields(stamps: number, ranks: number): void;
  valueBytes(): number;
  bindValues(at: number): void;
  learnValue(dimension: number, start: number, end: number, code: number, derived: number): void;
  startRows(dimensions: number, path: number, route: number, namesBefore: number): void;
  readLines(from: number, end: number, room: number): number;
  readonly rows: { readonly value: number };
  readonly nameBytes: { readonly value: number };
  readonly isNewShape: { readonly value: number };
  readonly missed: { readonly value: number };
  readonly missedStart: { readonly value: number };
  readonly missedEnd: { readonly value: number };
}

/**
 * Reads NDJSON lines whose shape is known by a WebAssembly kernel, a piece at a time: the bytes are copied to its memory,
 * if they are not there, and the columns of their rows from there to the batch's. Shapes and values are learned from what the plain path reads.
 */
export class JsonKernel {
  readonly #kernel: Kernel;
  readonly #memory: Uint8Array;
  readonly #shapes: JsonShapes;
  readonly #piece: number;
  readonly #staged: StagedColumns;
  /** Lines up to `end` of what {@link read} was given last are in memory, `offset` bytes from where they are there. */
  #offset = 0;
  #end = 0;
  #credit = 0;
  /** Lines that the plain path is to read before the kernel is asked again. */
  #rest = 0;

  private constructor(kernel: Kernel, memory: Uint8Array, slots: JsonSlots) {
    const buffer = memory.buffer as ArrayBuffer;
    const layout = new KernelLayout(buffer, kernel.END.value);
    this.#kernel = kernel;
    this.#memory = memory;
    this.#shapes = new JsonShapes(slots, layout);
    this.#piece = layout.place(Uint8Array, PIECE_BYTES + 2 * SLACK_BYTES).byteOffset + SLACK_BYTES;
    const names = layout.place(Uint8Array, PIECE_BYTES + SLACK_BYTES);
    this.#staged = new StagedColumns(buffer, kernel, names);
    kernel.bindNames(names.byteOffset);
    kernel.bindShapes(this.#shapes.root);
    kernel.bindFields(
      layout.place(Int32Array, MAX_TARGETS).byteOffset,
      layout.place(Float64Array, MAX_TARGETS).byteOffset,
    );
    kernel.bindValues(layout.place(Uint8Array, kernel.valueBytes()).byteOffset);
  }

  /**
   * A kernel for lines with the keys in `slots`; undefined where there is no WebAssembly.
   *
   * @param own - memory whose first {@link KERNEL_BYTES} are the kernel's; lines that lie in it are not copied
   */
  static over(slots: JsonSlots, own?: WasmMemory): JsonKernel | undefined {
    const memory = own ?? wasmMemory(KERNEL_BYTES);
    const kernel = memory && wasmKernel<Kernel>(jsonLinesWasm, memory);
    return kernel && new JsonKernel(kernel, new Uint8Array(memory.buffer), slots);
  }

  /** Forgets the bytes of the last call: others are at their place now. */
  forgetBytes(): void {
    this.#end = 0;
  }

  /** Reads lines of bytes[start, end) to rows until one is not for the kernel, and returns where that one begins. */
  read(columns: EventColumns, bytes: Uint8Array, start: number, end: number): number {
    if (this.#rest > 0 || columns.dimensions.length > this.#kernel.MAX_DIMENSIONS.value) {
      this.#rest--;
      return start;
    }
    this.#shapes.refresh();
    let at = start;
    while (at < end && columns.length < columns.wholeCapacity) {
      if (at >= this.#end && !this.#load(bytes, at, end)) break;
      at = this.#run(columns, at);
      if (at < this.#end && columns.length < columns.wholeCapacity && !this.#learnValue(columns)) break;
    }
    return at;
  }

  /** Learns the shape of the line at `start`, which the plain path has read, if it was that which the kernel stopped at. */
  learnLine(bytes: Uint8Array, start: number): void {
    if (this.#rest > 0) return;
    const isNew = this.#kernel.isNewShape.value !== 0;
    if (isNew) this.#shapes.learn(bytes, start);
    this.#spend(isNew ? COST.newShape : COST.otherLine);
  }

  /** Has the next complete lines in the kernel's memory; false if there are none short enough. */
  #load(bytes: Uint8Array, start: number, end: number): boolean {
    const most = Math.min(end, start + PIECE_BYTES);
    const stop = most === end ? end : bytes.lastIndexOf(10, most - 1) + 1;
    if (stop <= start) return false;
    const isThere = bytes.buffer === this.#memory.buffer;
    if (!isThere) this.#memory.set(bytes.subarray(start, stop), this.#piece);
    this.#offset = isThere ? bytes.byteOffset : this.#piece - start;
    this.#end = stop;
    return true;
  }

  #run(columns: EventColumns, at: number): number {
    const kernel = this.#kernel;
    const { dimensions } = columns;
    const path = dimensions.findIndex(({ route }) => route !== undefined);
    const route = path < 0 ? -1 : dimensions.indexOf(dimensions[path]!.route!);
    kernel.startRows(dimensions.length, path, route, columns.nameBytes);
    const room = Math.min(kernel.MAX_ROWS.value, columns.wholeCapacity - columns.length);
    const offset = this.#offset;
    const stop = kernel.readLines(at + offset, this.#end + offset, room) - offset;
    const rows = kernel.rows.value;
    if (rows > 0) this.#staged.copyTo(columns, rows, kernel.nameBytes.value);
    this.#credit = Math.min(MAX_CREDIT, this.#credit + rows);
    return stop;
  }

  /** Learns the value that the kernel stopped at; false if it stopped at something else. */
  #learnValue(columns: EventColumns): boolean {
    const kernel = this.#kernel;
    const dimension = kernel.missed.value;
    if (dimension < 0) return false;
    const { values } = columns.dimensions[dimension]!;
    const start = kernel.missedStart.value;
    const end = kernel.missedEnd.value;
    const code = values.codeOf(this.#memory, start, end);
    kernel.learnValue(dimension, start, end, code, values.derived);
    this.#spend(COST.newValue);
    return this.#rest === 0;
  }

  /** Files whose lines stop the kernel at every turn are read by the plain path for a while. */
  #spend(lines: number): void {
    this.#credit -= lines;
    if (this.#credit > MIN_CREDIT) return;
    this.#credit = 0;
    this.#rest = REST_LINES;
  }
}
