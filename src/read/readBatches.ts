import type { Events } from "../core/events.js";
import { type ColumnLocator, EventColumns } from "./columns/eventColumns.js";
import { readError } from "./errors.js";
import { anyField, type FieldNames, keepDimensions, mapFields } from "./fields/fieldMap.js";
import { IGNORED, meaning, ROLE } from "./fields/role.js";
import { RowWriter } from "./fields/rowWriter.js";
import { detectFormat, FORMATS, type FormatName } from "./format/detectFormat.js";
import { looksBinary } from "./format/looksBinary.js";
import { JsonRow } from "./json/jsonRow.js";
import { JsonScanner } from "./json/jsonScanner.js";
import type { LineDecoder, LineSink } from "./lineDecoder.js";
import { type ReadReport, ReadReportBuilder, type RejectReason } from "./readReport.js";
import { type LineBlock, lineBlocks } from "./source/lineBlocks.js";
import { type LogSource, openSource } from "./source/openSource.js";
import { CombinedScanner } from "./text/combinedScanner.js";

export interface ReadOptions {
  /** Finds the places of addresses: a `Locator`. */
  readonly locator: ColumnLocator;
  /** Name of the format; by default it is told from the content of each source. */
  readonly format?: string;
  /** Which field holds what, by geopivot's name: `{ ip: "remote_addr", latency_s: "took" }`. */
  readonly map?: FieldNames;
  /** The dimensions to keep; all by default. */
  readonly dimensions?: readonly string[];
  /** How many values of a dimension are kept apart; those met later are `(other)`. Default 100,000. */
  readonly maxDimensionValues?: number;
  /** Rows of a batch, at most. Default 8,192. */
  readonly batchRows?: number;
  /** A source is refused when more than this share of its lines is rejected. Default 0.5; 1 refuses none. */
  readonly maxRejectedShare?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
}

export interface ReadProgress {
  /** Uncompressed bytes read so far, of all sources. */
  readonly bytes: number;
  readonly events: number;
  readonly rejected: number;
  readonly file: string;
}

/** Batches of events with the report of their reading. */
export interface EventBatches extends AsyncIterable<Events> {
  /** Grows while batches are read; complete after the last. */
  readonly report: ReadReport;
}

/** Lines after which a source that is mostly rejected is refused without reading on. */
const JUDGED_LINES = 2000;

/**
 * Reads logs as batches of columns, in bounded memory. Several sources are one log, read one after the other.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`, `empty-input`, `binary-input`, `truncated-input`,
 *   `corrupt-input`, `unknown-format`, `mostly-rejected`, `bad-format`, `bad-map`; an `AbortError` when the signal says so
 */
export function readBatches(sources: LogSource | readonly LogSource[], options: ReadOptions): EventBatches {
  const reader = new Reader(options);
  const list = Array.isArray(sources) ? (sources as readonly LogSource[]) : [sources as LogSource];
  return { report: reader.report, [Symbol.asyncIterator]: () => reader.read(list) };
}

class Reader {
  readonly report = new ReadReportBuilder();
  readonly #options: ReadOptions;
  readonly #columns: EventColumns;

  constructor(options: ReadOptions) {
    const { batchRows = 8192, maxDimensionValues = 100_000 } = options;
    if (!(Number.isInteger(batchRows) && batchRows >= 1))
      throw readError("bad-option", { option: "batchRows", why: "a whole number from 1" });
    if (
      options.format !== undefined &&
      !(FORMATS as readonly string[]).includes(options.format) &&
      options.format !== "auto"
    )
      throw readError("bad-format", { format: options.format, known: FORMATS });
    this.#options = options;
    this.#columns = new EventColumns(batchRows, maxDimensionValues);
  }

  async *read(sources: readonly LogSource[]): AsyncGenerator<Events> {
    const { report } = this;
    const { signal } = this.#options;
    const names: string[] = [];
    for (const source of sources) {
      signal?.throwIfAborted();
      const { name, chunks } = await openSource(source, signal);
      names.push(name);
      yield* this.#source(name, chunks);
    }
    if (this.#columns.length > 0) yield this.#emit();
    if (report.events + report.rejected === 0) throw readError("empty-input", { files: names });
    for (const { name, values } of this.#columns.dimensions)
      if (values.overflowed) report.warn(`${name}: more than ${values.maxValues} values; the rest are "(other)"`);
  }

  async *#source(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Events> {
    const { report } = this;
    const columns = this.#columns;
    const sink = new SourceSink(name, report);
    let decoder: LineDecoder | undefined;
    for await (const block of lineBlocks(chunks)) {
      this.#options.signal?.throwIfAborted();
      if (block.tooLong !== undefined) {
        sink.line++;
        sink.reject("line-too-long", block.tooLong, 0, block.tooLong.length);
      }
      decoder ??= this.#decoder(name, block, sink);
      for (let at = 0; at < block.end; ) {
        const before = columns.length;
        at = decoder.scan(block.bytes, at, block.end);
        sink.events += columns.length - before;
        if (columns.length === columns.capacity) yield this.#emit();
      }
      report.bytes += block.end;
      if (sink.rejected > JUDGED_LINES) this.#judge(sink);
      this.#progress(name);
    }
    report.lines += sink.line;
    report.skipped += sink.skipped;
    this.#judge(sink);
  }

  #decoder(name: string, block: LineBlock, sink: SourceSink): LineDecoder {
    const head = block.bytes.subarray(0, Math.min(block.end, 65_536));
    const binary = looksBinary(head);
    if (binary !== undefined) throw readError("binary-input", { file: name, looksLike: binary });
    const { format: asked = "auto" } = this.#options;
    const text = new TextDecoder().decode(head);
    const format = asked === "auto" ? detectFormat(text) : (asked as FormatName);
    if (format === undefined) {
      if (text.trim() === "") return blankLines(sink);
      throw readError("unknown-format", { file: name, firstLine: text.trimStart().split("\n", 1)[0]!.slice(0, 200) });
    }
    this.report.startFile(name, format);
    sink.format = format;
    return this.#decoderOf(format, sink);
  }

  #decoderOf(format: FormatName, sink: LineSink): LineDecoder {
    const { map, dimensions } = this.#options;
    const columns = this.#columns;
    const meanings = keepDimensions(mapFields(anyField, map), dimensions);
    const keep = (name: string): boolean => dimensions === undefined || dimensions.includes(name);
    const writer = new RowWriter(columns, { keepMethod: keep("method"), keepPath: keep("path") });
    if (format === "ndjson") return new JsonScanner(columns, new JsonRow(writer, meanings), sink);
    const dimension = (name: string) =>
      writer.field(keep(name) ? meaning(ROLE.dimension, { dimension: name }) : IGNORED);
    return new CombinedScanner(
      columns,
      writer,
      {
        time: writer.field(meaning(ROLE.time)),
        address: writer.field(meaning(ROLE.address)),
        user: writer.field(meaning(ROLE.user)),
        request: writer.field(meaning(ROLE.request)),
        status: writer.field(meaning(ROLE.status)),
        bytes: writer.field(meaning(ROLE.bytes)),
        referrer: dimension("referrer"),
        userAgent: dimension("user_agent"),
      },
      sink,
    );
  }

  #emit(): Events {
    const events = this.#columns.take(this.#options.locator);
    this.report.countEvents(events);
    return events;
  }

  #judge(sink: SourceSink): void {
    const { maxRejectedShare = 0.5 } = this.#options;
    const judged = sink.events + sink.rejected;
    if (sink.rejected <= maxRejectedShare * judged || maxRejectedShare >= 1) return;
    const [worstReason = ""] = Object.entries(sink.reasons).sort((a, b) => b[1] - a[1])[0] ?? [];
    const detail = {
      file: sink.file,
      format: sink.format,
      lines: judged,
      rejected: sink.rejected,
      worstReason,
      likely: "",
    };
    throw readError("mostly-rejected", detail);
  }

  #progress(file: string): void {
    const { report } = this;
    const events = report.events + this.#columns.length;
    this.#options.onProgress?.({ bytes: report.bytes, events, rejected: report.rejected, file });
  }
}

/** Tells a report of the rejected lines of one source. */
class SourceSink implements LineSink {
  line = 0;
  skipped = 0;
  rejected = 0;
  events = 0;
  format = "";
  readonly reasons: Record<string, number> = {};
  readonly file: string;
  readonly #report: ReadReportBuilder;

  constructor(file: string, report: ReadReportBuilder) {
    this.file = file;
    this.#report = report;
  }

  reject(reason: RejectReason, bytes: Uint8Array, start: number, end: number): void {
    this.rejected++;
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    this.#report.reject(this.file, this.line, reason, () =>
      decoder.decode(bytes.subarray(start, Math.min(end, start + 800))),
    );
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
