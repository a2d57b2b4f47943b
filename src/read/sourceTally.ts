import { readError } from "./errors.js";
import { detectFormat } from "./format/detectFormat.js";
import type { Format } from "./format/formats.js";
import type { DecodeOptions } from "./format/makeDecoder.js";
import type { LineSink } from "./lineDecoder.js";
import type { ReadOptions } from "./readOptions.js";
import type { ReadReportBuilder, RejectedPart, RejectReason } from "./readReport.js";

/** Lines after which a source without a single event is refused without reading on. */
const JUDGED_LINES = 2000;

/** Counts what becomes of one source's lines, and judges whether it is a log at all. */
export class SourceTally implements LineSink {
  line = 0;
  skipped = 0;
  events = 0;
  /** What the source was opened as; undefined while it has no line. */
  format: Format | undefined;
  /** The source's first lines, from which a refusal tells what it looks like. */
  head: Uint8Array = new Uint8Array(0);
  readonly name: string;
  #rejected = 0;
  readonly #reasons: Partial<Record<RejectReason, number>> = {};
  readonly #report: ReadReportBuilder;
  readonly #options: ReadOptions;
  readonly #decode: DecodeOptions;

  constructor(name: string, report: ReadReportBuilder, options: ReadOptions, decode: DecodeOptions) {
    this.name = name;
    this.#report = report;
    this.#options = options;
    this.#decode = decode;
  }

  reject(reason: RejectReason, bytes: Uint8Array, start: number, end: number): void {
    this.#count(reason, 1);
    this.#report.reject(this.name, this.line, reason, () => sampleText(bytes, start, end));
  }

  /** Rejects what is no line of bytes. */
  rejectText(reason: RejectReason, text: string): void {
    this.#count(reason, 1);
    this.#report.reject(this.name, this.line, reason, () => text);
  }

  /** Adds the rejected lines of the part that comes next. */
  addPart(part: RejectedPart): void {
    for (const [reason, count] of Object.entries(part.reasons)) this.#count(reason as RejectReason, count);
    this.#report.addPart(this.name, this.line, part);
  }

  /** Adds the source's lines to the report. */
  finish(): void {
    this.#report.lines += this.line;
    this.#report.skipped += this.skipped;
  }

  /** Throws `mostly-rejected` for a source that has not begun to be a log after many lines. */
  judgeEarly(): void {
    if (this.events === 0 && this.#rejected > JUDGED_LINES) this.judge();
  }

  /** Throws `mostly-rejected` if too many lines are no events. */
  judge(): void {
    const { maxRejectedShare = 0.5 } = this.#options;
    const judged = this.events + this.#rejected;
    if (this.#rejected <= maxRejectedShare * judged || this.format === undefined) return;
    const [worstReason = ""] = Object.entries(this.#reasons).sort((a, b) => b[1] - a[1])[0] ?? [];
    const likely = detectFormat(this.head, { ...this.#decode, map: undefined });
    throw readError("mostly-rejected", {
      file: this.name,
      format: this.format.title,
      lines: judged,
      rejected: this.#rejected,
      worstReason,
      likely: likely === undefined || likely.name === this.format.name ? "" : `${likely.title} (${likely.name})`,
    });
  }

  #count(reason: RejectReason, count: number): void {
    this.#rejected += count;
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + count;
  }
}

/** As much of a line as a report keeps. */
export function sampleText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, Math.min(end, start + MAX_SAMPLE_BYTES))).slice(0, SAMPLE_CHARACTERS);
}

const SAMPLE_CHARACTERS = 200;
const MAX_SAMPLE_BYTES = 4 * SAMPLE_CHARACTERS;
const decoder = new TextDecoder();
