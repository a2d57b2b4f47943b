import type { Events } from "../core/events.js";
import { EventColumns } from "./columns/eventColumns.js";
import { readError } from "./errors.js";
import { formatOf } from "./format/formats.js";
import type { DecodeOptions } from "./format/makeDecoder.js";
import { BATCH_ROWS, decodeOptions, type ReadOptions } from "./readOptions.js";
import { type ReadReport, ReadReportBuilder } from "./readReport.js";
import { expandGlobs } from "./source/expandGlobs.js";
import { lineBlocks } from "./source/lineBlocks.js";
import { type LogSource, openSource } from "./source/openSource.js";
import { SourceReader } from "./sourceReader.js";

/** Batches of events with the report of their reading. */
export interface EventBatches extends AsyncIterable<Events> {
  /** Grows while batches are read; complete after the last. */
  readonly report: ReadReport;
}

/**
 * Reads logs as batches of columns, in bounded memory. Several sources are one log, read one after the other.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`, `empty-input`, `binary-input`, `truncated-input`,
 *   `corrupt-input`, `unknown-format`, `mostly-rejected`, `bad-format`, `bad-format-string`, `bad-map`, `bad-option`;
 *   the signal's reason when it is aborted
 */
export function readBatches(sources: LogSource | readonly LogSource[], options: ReadOptions): EventBatches {
  const reader = new Reader(options);
  const list = Array.isArray(sources) ? (sources as readonly LogSource[]) : [sources as LogSource];
  return { report: reader.report, [Symbol.asyncIterator]: () => reader.read(list) };
}

class Reader {
  readonly report = new ReadReportBuilder();
  readonly #options: ReadOptions;
  readonly #decode: DecodeOptions;
  readonly #columns: EventColumns;
  #storedBytes = 0;
  #totalBytes: number | undefined = 0;

  constructor(options: ReadOptions) {
    const { batchRows = BATCH_ROWS, maxDimensionValues = 100_000, routes = true, format = "auto" } = options;
    this.#options = options;
    this.#decode = decodeOptions(options);
    if (format !== "auto") formatOf(format);
    this.#columns = new EventColumns({ capacity: batchRows, maxValues: maxDimensionValues, routes });
  }

  async *read(sources: readonly LogSource[]): AsyncGenerator<Events> {
    const { report } = this;
    const { signal } = this.#options;
    const names: string[] = [];
    const onStored = (bytes: number): void => {
      this.#storedBytes += bytes;
    };
    for (const source of await expandGlobs(sources)) {
      signal?.throwIfAborted();
      const { name, chunks, storedBytes } = await openSource(source, { signal, onStored });
      if (this.#totalBytes !== undefined)
        this.#totalBytes = storedBytes === undefined ? undefined : this.#totalBytes + storedBytes;
      names.push(name);
      yield* this.#source(name, chunks);
    }
    if (this.#columns.length > 0) yield this.#emit();
    if (report.events + report.rejected === 0) throw readError("empty-input", { files: names });
    for (const { name, values } of this.#columns.dimensions)
      if (values.overflowed)
        report.warn(`${name} has more than ${values.maxValues} values: those met later are "(other)"`);
  }

  async *#source(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Events> {
    const columns = this.#columns;
    const reader = new SourceReader(name, columns, this.report, this.#options, this.#decode);
    try {
      for await (const block of lineBlocks(chunks)) {
        this.#options.signal?.throwIfAborted();
        for (let more = true; more; ) {
          more = reader.read(block);
          if (columns.length >= columns.capacity) yield this.#emit();
        }
        this.#progress(name);
      }
    } finally {
      reader.finish();
    }
    reader.judge();
  }

  #emit(): Events {
    const events = this.#columns.take(this.#options.locator);
    this.report.countEvents(events);
    return events;
  }

  #progress(file: string): void {
    const { bytes, events, rejected } = this.report;
    this.#options.onProgress?.({
      bytes,
      storedBytes: this.#storedBytes,
      totalBytes: this.#totalBytes,
      events: events + this.#columns.length,
      rejected,
      file,
    });
  }
}
