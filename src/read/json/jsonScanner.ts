import type { LineMemory } from "../../core/pools/lineMemory.js";
import type { EventColumns } from "../columns/eventColumns.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import { JsonKernel } from "./jsonKernel.js";
import { JsonLine } from "./jsonLine.js";
import type { JsonRow } from "./jsonRow.js";
import { readJsonLine } from "./readJsonLine.js";

const NEWLINE = 10;

/** Less than this is read before a kernel is compiled and has learned. */
const KERNEL_AFTER_BYTES = 1 << 18;

export interface JsonScanOptions {
  /** Bytes of lines after which a kernel is started; `Infinity` for the plain path alone. Default 256 KiB. */
  readonly kernelAfter?: number;
  /** Where the lines mostly lie, if kernels can read them there. */
  readonly memory?: LineMemory | undefined;
}

/**
 * Reads NDJSON straight from its bytes to columns, by three ways that give the same answer.
 *
 * Lines whose shape was met before are read by the kernel; others, and what is not plain enough for it, by
 * {@link JsonLine}; what is not plain enough for that (a list, a bad value, damage) by `JSON.parse`.
 */
export class JsonScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #row: JsonRow;
  readonly #sink: LineSink;
  readonly #line: JsonLine;
  readonly #memory: LineMemory | undefined;
  #kernel: JsonKernel | undefined;
  /** Bytes to come until the kernel is started. */
  #kernelAfter: number;

  constructor(columns: EventColumns, row: JsonRow, sink: LineSink, options: JsonScanOptions = {}) {
    const { kernelAfter = KERNEL_AFTER_BYTES, memory } = options;
    this.#memory = memory;
    this.#columns = columns;
    this.#row = row;
    this.#sink = sink;
    this.#line = new JsonLine(columns, row);
    this.#kernelAfter = kernelAfter;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const columns = this.#columns;
    const line = this.#line;
    line.begin(bytes);
    this.#startKernel(end - start);
    let at = start;
    while (at < end) {
      const from = this.#byKernel(bytes, at, end);
      at = from;
      if (at >= end || columns.length >= columns.capacity) break;
      at = line.read(from);
      if (at < 0) at = this.#plainly(bytes, from, end);
      else {
        this.#sink.line++;
        if (!line.isWritten) this.#kernel?.learnLine(bytes, from);
      }
    }
    line.end();
    return at;
  }

  #startKernel(bytes: number): void {
    this.#kernelAfter -= bytes;
    if (this.#kernelAfter <= 0) {
      this.#kernel = JsonKernel.over(this.#line.slots, this.#memory?.claim());
      this.#kernelAfter = Number.POSITIVE_INFINITY;
    }
    this.#kernel?.forgetBytes();
  }

  /** Reads as many lines as the kernel can; returns where the first begins that it cannot. */
  #byKernel(bytes: Uint8Array, start: number, end: number): number {
    if (this.#kernel === undefined || this.#line.isWritten) return start;
    const columns = this.#columns;
    const before = columns.length;
    const at = this.#kernel.read(columns, bytes, start, end);
    this.#sink.line += columns.length - before;
    return at;
  }

  /** Reads the line by `JSON.parse`. */
  #plainly(bytes: Uint8Array, start: number, end: number): number {
    this.#columns.clearRow();
    const newline = bytes.indexOf(NEWLINE, start);
    const stop = newline < 0 || newline >= end ? end : newline;
    this.#sink.line++;
    readJsonLine(bytes, start, stop, this.#row, this.#sink);
    return stop + 1;
  }
}
