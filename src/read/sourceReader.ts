import type { EventColumns } from "./columns/eventColumns.js";
import { readError } from "./errors.js";
import { detectFormat } from "./format/detectFormat.js";
import { type Format, formatOf } from "./format/formats.js";
import { looksBinary } from "./format/looksBinary.js";
import { type DecodeOptions, makeDecoder } from "./format/makeDecoder.js";
import type { LineDecoder, LineSink } from "./lineDecoder.js";
import type { ReadOptions } from "./readOptions.js";
import type { ReadReportBuilder, RejectReason } from "./readReport.js";
import type { LineBlock } from "./source/lineBlocks.js";

/** Lines after which a source that is mostly rejected is refused without reading on. */
const JUDGED_LINES = 2000;
const HEAD_BYTES = 65_536;

/** Reads the blocks of one source into the columns, in the format that the first block tells. */
export class SourceReader implements LineSink {
  line = 0;
  skipped = 0;
  #rejected = 0;
  #events = 0;
  #format: Format | undefined;
  #decoder: LineDecoder | undefined;
  #head: Uint8Array = new Uint8Array(0);
  #at = 0;
  readonly #reasons: Partial<Record<RejectReason, number>> = {};
  readonly #name: string;
  readonly #columns: EventColumns;
  readonly #report: ReadReportBuilder;
  readonly #options: ReadOptions;
  readonly #decode: DecodeOptions;

  constructor(
    name: string,
    columns: EventColumns,
    report: ReadReportBuilder,
    options: ReadOptions,
    decode: DecodeOptions,
  ) {
    this.#name = name;
    this.#columns = columns;
    this.#report = report;
    this.#options = options;
    this.#decode = decode;
  }

  /** Reads of a block until the columns are full or it ends; tells whether there is more of it to read. */
  read(block: LineBlock): boolean {
    const { tooLong, bytes, end, last } = block;
    if (this.#at === 0 && tooLong !== undefined) {
      this.line++;
      this.reject("line-too-long", tooLong, 0, tooLong.length);
    }
    if (end > 0) {
      this.#decoder ??= this.#open(block);
      const columns = this.#columns;
      const before = columns.length;
      this.#at = this.#decoder.scan(bytes, this.#at, end, last);
      this.#events += columns.length - before;
      if (this.#at < end && columns.length >= columns.capacity) return true;
      // What is left needs the bytes that follow it.
      block.used = Math.min(this.#at, end);
      this.#report.bytes += block.used;
    }
    this.#at = 0;
    if (this.#rejected > JUDGED_LINES) this.judge();
    return false;
  }

  reject(reason: RejectReason, bytes: Uint8Array, start: number, end: number): void {
    this.#rejected++;
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
    const text = (): string => decoder.decode(bytes.subarray(start, Math.min(end, start + 800)));
    this.#report.reject(this.#name, this.line, reason, text);
  }

  /** Adds the source's lines to the report. */
  finish(): void {
    this.#report.lines += this.line;
    this.#report.skipped += this.skipped;
  }

  /** Throws `mostly-rejected` if too many lines are no events. */
  judge(): void {
    const { maxRejectedShare = 0.5 } = this.#options;
    const judged = this.#events + this.#rejected;
    if (this.#rejected <= maxRejectedShare * judged || this.#format === undefined) return;
    const [worstReason = ""] = Object.entries(this.#reasons).sort((a, b) => b[1] - a[1])[0] ?? [];
    const likely = detectFormat(this.#head, { ...this.#decode, map: undefined });
    throw readError("mostly-rejected", {
      file: this.#name,
      format: this.#format.title,
      lines: judged,
      rejected: this.#rejected,
      worstReason,
      likely: likely === undefined || likely.name === this.#format.name ? "" : `${likely.title} (${likely.name})`,
    });
  }

  #open(block: LineBlock): LineDecoder {
    const head = block.bytes.slice(0, Math.min(block.end, HEAD_BYTES));
    const file = this.#name;
    const binary = looksBinary(head);
    if (binary !== undefined) throw readError("binary-input", { file, looksLike: binary });
    this.#head = head.subarray(0, head.lastIndexOf(10) + 1 || head.length);
    const { format: asked = "auto" } = this.#options;
    const format = asked === "auto" ? detectFormat(this.#head, this.#decode) : formatOf(asked);
    const text = decoder.decode(this.#head).trimStart();
    if (format === undefined) {
      if (text === "") return blankLines(this);
      throw readError("unknown-format", { file, firstLine: text.split("\n", 1)[0]!.slice(0, 200) });
    }
    this.#format = format;
    this.#report.startFile(file, format.name);
    return makeDecoder(format, this.#columns, this.#decode, this);
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

const decoder = new TextDecoder();
