import type { EventColumns } from "./columns/eventColumns.js";
import { detectEnvelope } from "./envelope/detectEnvelope.js";
import type { Envelope } from "./envelope/envelope.js";
import { EnvelopeClock } from "./envelope/envelopeClock.js";
import { Unwrapper } from "./envelope/unwrapper.js";
import { readError } from "./errors.js";
import { looksBinary } from "./format/looksBinary.js";
import { type DecodeOptions, makeDecoder } from "./format/makeDecoder.js";
import { headLines, openFormat } from "./format/openFormat.js";
import type { LineDecoder, LineSink } from "./lineDecoder.js";
import type { ReadReportBuilder } from "./readReport.js";
import type { LineBlock } from "./source/lineBlocks.js";
import type { SourceTally } from "./sourceTally.js";

/** Reads the blocks of one source into the columns, in the format that the first block tells. */
export class SourceReader {
  readonly #tally: SourceTally;
  readonly #columns: EventColumns;
  readonly #report: ReadReportBuilder;
  readonly #format: string;
  #decode: DecodeOptions;
  #decoder: LineDecoder | undefined;
  #at = 0;
  #unwrapper: Unwrapper | undefined;
  /** What is being read of a block: itself, or the lines inside of its lines. */
  #inner: LineBlock | undefined;

  /** @param format - name of the format or a format string; `auto` to tell it */
  constructor(
    tally: SourceTally,
    columns: EventColumns,
    report: ReadReportBuilder,
    format: string,
    decode: DecodeOptions,
  ) {
    this.#tally = tally;
    this.#columns = columns;
    this.#report = report;
    this.#format = format;
    this.#decode = decode;
  }

  /** Reads of a block until the columns are full or it ends; tells whether there is more of it to read. */
  read(block: LineBlock): boolean {
    const tally = this.#tally;
    if (this.#inner === undefined) {
      if (block.tooLong !== undefined) this.#tooLong(block.tooLong);
      this.#inner = this.#innerOf(block);
    }
    const inner = this.#inner;
    if (inner.end > 0) {
      this.#decoder ??= this.#open(inner);
      const columns = this.#columns;
      const before = columns.length;
      this.#at = this.#decoder.scan(inner.bytes, this.#at, inner.end, inner.last);
      tally.events += columns.length - before;
      if (this.#at < inner.end && columns.length >= columns.capacity) {
        if (!columns.isFull) columns.grow();
        return true;
      }
      // What is left needs the bytes that follow it.
      inner.used = Math.min(this.#at, inner.end);
      if (this.#unwrapper === undefined) block.used = inner.used;
      else this.#unwrapper.keep(inner);
      this.#report.bytes += block.used;
    }
    this.#inner = undefined;
    this.#at = 0;
    tally.judgeEarly();
    return false;
  }

  #tooLong(line: Uint8Array): void {
    const tally = this.#tally;
    const binary = this.#decoder === undefined ? looksBinary(line) : undefined;
    if (binary !== undefined) throw readError("binary-input", { file: tally.name, looksLike: binary });
    tally.line++;
    tally.reject("line-too-long", line, 0, line.length);
  }

  /** The block itself, or the lines inside of its lines; the first block that has lines tells which. */
  #innerOf(block: LineBlock): LineBlock {
    if (block.end > 0 && this.#decoder === undefined && this.#unwrapper === undefined) {
      const head = headLines(block.bytes.subarray(0, block.end));
      const isText = looksBinary(head) === undefined;
      const envelopes = isText ? detectEnvelope(head, this.#format, this.#decode) : [];
      if (envelopes.length > 0) this.#unwrap(envelopes);
    }
    return this.#unwrapper === undefined || block.end === 0 ? block : this.#unwrapper.unwrap(block);
  }

  #unwrap(envelopes: readonly Envelope[]): void {
    const clock = new EnvelopeClock(this.#decode.localToUtc);
    clock.follow(() => this.#tally.line);
    this.#unwrapper = new Unwrapper(envelopes, clock);
    this.#decode = { ...this.#decode, localToUtc: (wallMs) => clock.toUtc(wallMs), envelope: clock };
  }

  #open(block: LineBlock): LineDecoder {
    const tally = this.#tally;
    tally.head = headLines(block.bytes.subarray(0, block.end));
    const format = openFormat(tally.name, tally.head, this.#format, this.#decode);
    if (format === undefined) return blankLines(tally);
    tally.format = format;
    this.#report.startFile(tally.name, format.name);
    return makeDecoder(format, this.#columns, this.#decode, tally, block.memory);
  }
}

function blankLines(sink: LineSink): LineDecoder {
  return {
    scan(_bytes, _start, end) {
      sink.skipped++;
      return end;
    },
  };
}
