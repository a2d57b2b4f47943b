import { closeSync, openSync } from "node:fs";
import type { Events } from "../core/events.js";
import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import { nearestName } from "../core/options/nearestName.js";
import type { Shapes } from "../core/options/shape.js";
import type { LineMemory } from "../core/pools/lineMemory.js";
import { Session } from "../core/pools/session.js";
import type { Locator } from "../locate/locator.js";
import { batchBuffers } from "./columns/batchBuffers.js";
import { concatEvents } from "./columns/concatEvents.js";
import { type ColumnLocator, EventColumns } from "./columns/eventColumns.js";
import { countEvents, type EventCounts, timeBounds } from "./columns/eventCounts.js";
import { takeStrayRows } from "./columns/strayRows.js";
import { readError } from "./errors.js";
import { keepDimensions, mapFields, noteNames } from "./fields/fieldMap.js";
import { knownField } from "./fields/knownFields.js";
import { RowWriter } from "./fields/rowWriter.js";
import { formatOf } from "./format/formats.js";
import type { DecodeOptions } from "./format/makeDecoder.js";
import { JsonRow } from "./json/jsonRow.js";
import { chunkBounds } from "./parallel/chunkBounds.js";
import { type ChunkedFile, chunkedFile } from "./parallel/chunkedFile.js";
import { PART_LINES_BYTES } from "./parallel/chunkLoader.js";
import { ChunkReader } from "./parallel/chunkReader.js";
import { ChunkReducer } from "./parallel/chunkReducer.js";
import { ChunkScheduler } from "./parallel/chunkScheduler.js";
import type { PartResult } from "./parallel/chunkTask.js";
import type { ChunkPlan, ChunkPlanner, FirstPart } from "./parallel/chunkWork.js";
import { workerUrl } from "./parallel/workerUrl.js";
import { BATCH_ROWS, decodeOptions, READ_OPTIONS, type ReadOptions } from "./readOptions.js";
import { type ReadReport, ReadReportBuilder } from "./readReport.js";
import { expandGlobs } from "./source/expandGlobs.js";
import type { LineBlock } from "./source/lineBlocks.js";
import { type LogSource, openSource, sourceName } from "./source/openSource.js";
import { contentIdentity, isVendorsObject } from "./source/sourceIdentity.js";
import { LOG_SOURCES } from "./source/sourceShape.js";
import { type TableKind, tableKindOf, tableRows } from "./source/tableRows.js";
import { SourceReader } from "./sourceReader.js";
import { SourceTally } from "./sourceTally.js";

/** Batches of events with the report of their reading. */
export interface EventBatches extends AsyncIterable<Events> {
  /** Grows while batches are read; complete after the last. */
  readonly report: ReadReport;
}

/**
 * Reads logs as batches of columns, in bounded memory. Several sources are one log, read one after the other.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`, `empty-input`, `binary-input`, `truncated-input`,
 *   `unknown-option`, `wrong-option`, `wrong-argument`, `corrupt-input`, `unknown-format`, `mostly-rejected`, `bad-format`, `bad-format-string`, `bad-map`, `bad-option`;
 *   the signal's reason when it is aborted
 *
 * @example
 * ```ts
 * const cube = new Cube({ bucketSeconds: 300 });
 * for await (const batch of readBatches("50-GB.log.zst", { locator, reuse: true })) cube.add(batch);
 * ```
 */
export function readBatches(sources: LogSource | readonly LogSource[], options: ReadOptions): EventBatches {
  checkReading("readBatches", sources, options);
  return readPlanned(sources, options);
}

/** Checks what a reading is asked for. Throws `wrong-argument`, `unknown-option`, `wrong-option`. */
export function checkReading(
  call: string,
  sources: unknown,
  options: unknown,
  shapes: Shapes<Omit<ReadOptions, "reuse">> = READ_OPTIONS,
): void {
  checkArgument(call, "the log", sources, LOG_SOURCES);
  checkOptions(call, options, shapes, ["locator"]);
}

/**
 * {@link readBatches}, but for the files that several threads read: what those make of their events goes to the plans, and
 * such events are in none of the batches.
 */
export function readPlanned(
  sources: LogSource | readonly LogSource[],
  options: ReadOptions,
  planner?: ChunkPlanner,
): EventBatches {
  const reader = new Reader(options, planner);
  const list = Array.isArray(sources) ? (sources as readonly LogSource[]) : [sources as LogSource];
  return { report: reader.report, [Symbol.asyncIterator]: () => reader.read(list) };
}

/** A file has at least so many rows that each of its lines would be this long: room is made for those at once. */
const LONG_LINE_BYTES = 256;

const NO_FORWARDED =
  "no record has X-Forwarded-For or Forwarded, so the trusted proxies changed nothing: clients are the peers (if the log has such a field under another name, name it by --map forwarded_for=NAME)";

class Reader {
  readonly report = new ReadReportBuilder();
  readonly #options: ReadOptions;
  readonly #decode: DecodeOptions;
  readonly #planner: ChunkPlanner | undefined;
  readonly #keepsNames: boolean;
  readonly #columns: EventColumns;
  readonly #batchRows: number;
  /** The caller's, or this reader's alone. */
  readonly #session: Session;
  /** The first row of the source that is being read. */
  #sourceRow = 0;
  /** Rows of parts in which a proxy names its client. */
  #forwarded = 0;
  #storedBytes = 0;
  #totalBytes: number | undefined = 0;

  constructor(options: ReadOptions, planner?: ChunkPlanner) {
    const { batchRows = BATCH_ROWS, maxDimensionValues = 100_000, routes = true, format = "auto" } = options;
    this.#options = options;
    const { locator } = options;
    this.#session = options.session ?? new Session();
    // Threads that cannot find places can make nothing of them.
    this.#planner = isShared(locator) ? planner : undefined;
    this.#decode = decodeOptions(options);
    if (format !== "auto") formatOf(format);
    this.#batchRows = batchRows;
    this.#keepsNames = planner?.keepsNames ?? true;
    this.#columns = new EventColumns({
      capacity: batchRows,
      maxValues: maxDimensionValues,
      routes,
      keepsNames: this.#keepsNames,
      memory: this.#session.memory.columns,
    });
  }

  async *read(sources: readonly LogSource[]): AsyncGenerator<Events> {
    // What a reading before has taken from the columns may be another's by now.
    this.#columns.begin();
    try {
      yield* this.#readAll(sources);
    } finally {
      if (this.#options.session === undefined) await this.#session.close();
      else this.#session.memory.rest();
    }
  }

  async *#readAll(sources: readonly LogSource[]): AsyncGenerator<Events> {
    const { report } = this;
    const { signal } = this.#options;
    const names: string[] = [];
    const onStored = (bytes: number): void => {
      this.#storedBytes += bytes;
    };
    const expanded = await expandGlobs(sources);
    await this.#tellSame(expanded);
    for (const source of expanded) {
      signal?.throwIfAborted();
      if (isVendorsObject(source)) {
        names.push(sourceName(source));
        report.warn(`${sourceName(source)} is no log, but what a service puts among them: skipped`);
        continue;
      }
      const kind = await tableKindOf(source);
      if (kind !== undefined) {
        names.push(sourceName(source));
        yield* this.#table(source as string | URL, kind);
        continue;
      }
      const worker = this.#planner === undefined ? workerUrl("readWorker.cjs") : this.#planner.worker;
      const parted = await chunkedFile(source, worker, this.#options, this.#decode);
      if (parted !== undefined) {
        names.push(parted.path);
        if (this.#totalBytes !== undefined) this.#totalBytes += parted.size;
        yield* this.#parts(parted);
        continue;
      }
      const { name, blocks, storedBytes } = await openSource(source, {
        signal,
        onStored,
        memory: this.#session.memory,
      });
      if (this.#totalBytes !== undefined)
        this.#totalBytes = storedBytes === undefined ? undefined : this.#totalBytes + storedBytes;
      names.push(name);
      if (storedBytes !== undefined) this.#columns.reserve(Math.min(this.#batchRows, likelyRows(storedBytes)));
      const before = this.#storedBytes;
      yield* this.#source(name, blocks);
      if (this.#storedBytes - before < (storedBytes ?? 0)) report.warn(`${name} became shorter while it was read`);
    }
    if (this.#columns.length > 0) yield* this.#take();
    report.tellStray();
    if (report.events + report.rejected === 0) throw readError("empty-input", { files: names });
    checkMapped(this.#decode);
    if (this.#decode.trusted !== undefined && this.#forwarded + this.#columns.forwarded === 0)
      report.warn(NO_FORWARDED);
    for (const { name, values } of this.#columns.dimensions)
      if (values.overflowed)
        report.warn(`${name} has more than ${values.maxValues} values: those met later are "(other)"`);
  }

  /** Warns of files that are read twice under two names. */
  async #tellSame(sources: readonly LogSource[]): Promise<void> {
    if (sources.length < 2) return;
    const known = new Map<string, string>();
    for (const source of sources) {
      const identity = await contentIdentity(source);
      if (identity === undefined) continue;
      const first = known.get(identity);
      if (first === undefined) known.set(identity, sourceName(source));
      else this.report.warn(`${first} and ${sourceName(source)} have the same content: its events count twice`);
    }
  }

  async *#source(name: string, blocks: AsyncIterable<LineBlock>): AsyncGenerator<Events> {
    const columns = this.#columns;
    const tally = new SourceTally(name, this.report, this.#options, this.#decode);
    const reader = new SourceReader(tally, columns, this.report, this.#options.format ?? "auto", this.#decode);
    try {
      for await (const block of blocks) {
        this.#options.signal?.throwIfAborted();
        for (let more = true; more; ) {
          more = reader.read(block);
          if (columns.isFull) yield* this.#emit(tally);
        }
        this.#progress(name);
      }
      this.#takeStray(tally, true);
    } finally {
      tally.finish();
    }
    tally.judge();
  }

  /** Leaves out the rows of a source whose times cannot be. */
  #takeStray(tally: SourceTally, isEnd: boolean): void {
    const columns = this.#columns;
    const stray = takeStrayRows(columns, this.#sourceRow, isEnd);
    const from = this.#sourceRow;
    this.report.addSpan(tally.name, {
      events: columns.length - from,
      ...timeBounds(columns.timeMs, from, columns.length),
    });
    this.#sourceRow = isEnd ? columns.length : 0;
    if (stray === undefined) return;
    tally.events -= stray.count;
    this.report.addStray(stray);
  }

  /** Reads a large file by several threads; the events are those that {@link #source} gives, in other batches. */
  async *#parts({ path, size, head, format, worker }: ChunkedFile): AsyncGenerator<Events> {
    const { report } = this;
    const { locator, signal, reuse } = this.#options;
    const tally = new SourceTally(path, report, this.#options, this.#decode);
    tally.format = format;
    tally.head = head;
    report.startFile(path, format.name);
    if (this.#columns.length > 0) yield* this.#emit();
    const fd = openSync(path, "r");
    const lines = this.#session.memory.takeLines(PART_LINES_BYTES);
    const pool = this.#openPool({ path, size, format, worker }, fd, lines);
    try {
      const adopter = new ChunkReducer(this.#columns, locator, isShared(locator));
      let plan: ChunkPlan | undefined;
      for (let id = 0; id < pool.count; id++) {
        const { part, thread } = await pool.part(id);
        signal?.throwIfAborted();
        adopter.adoptValues(part, thread);
        const events = part.columns && adopter.adopt(part, part.columns, thread);
        this.#countPart(part, tally, isShared(locator) ? part.counts : countEvents(events!));
        this.#progress(path);
        if (this.#planner !== undefined) {
          const textOf = (dimension: string, code: number) => adopter.textOf(thread, dimension, code);
          plan ??= this.#startPlan(pool, { events: events!, textOf, fileParts: size / part.readBytes });
          const made = id === 0 ? plan.work.make(events!) : part.made;
          const { keepsEvents } = this.#planner;
          plan.take({ isFirst: id === 0, made, thread, textOf, events: keepsEvents ? events : undefined });
        } else if (events !== undefined && events.length > 0) {
          // The memory of another thread is written to again.
          yield reuse || thread === 0 ? events : concatEvents([events], events);
        }
      }
    } finally {
      await pool.close();
      this.#session.memory.giveLines(lines);
      closeSync(fd);
      tally.finish();
    }
    tally.judge();
  }

  #startPlan(pool: ChunkScheduler, first: FirstPart): ChunkPlan {
    const plan = this.#planner!.plan(first, pool.threads);
    pool.start(plan);
    return plan;
  }

  #openPool({ path, size, format, worker }: Omit<ChunkedFile, "head">, fd: number, lines: LineMemory): ChunkScheduler {
    const { locator, workers: threads = 1, reuse = false } = this.#options;
    const { routes = true, map, dimensions, trustedProxies, timeZone } = this.#options;
    const { table, lacksIpv6 = false } = isShared(locator) ? locator.tableSoFar() : {};
    const complete = isShared(locator) && lacksIpv6 ? () => locator.shareTable() : undefined;
    const name = format.name === "custom" ? this.#options.format! : format.name;
    const keepsEvents = this.#planner?.keepsEvents ?? true;
    const keeps = { keepsEvents, keepsNames: this.#keepsNames };
    const decoding = { map, dimensions, trustedProxies, timeZone, routes };
    const data = { file: path, format: name, ...decoding, table, lacksIpv6, ...keeps };
    const { places, networks } = locator;
    const own = table === undefined ? { places, networks, locateColumn() {} } : locator;
    const { columns } = this.#session.memory;
    const decode = this.#decode;
    const reader = new ChunkReader({ fd, format, decode, routes, locator: own, ...keeps, columns, lines });
    const { threads: kept } = this.#session;
    const bounds = chunkBounds(size, threads);
    return new ChunkScheduler({ url: worker, kept, data, complete, bounds, threads, reader, reuse });
  }

  #countPart(part: PartResult, tally: SourceTally, counts: EventCounts): void {
    this.report.addCounts(counts);
    this.report.addSpan(tally.name, counts);
    tally.addPart(part);
    this.#forwarded += part.forwarded;
    if (part.stray !== undefined) this.report.addStray(part.stray);
    tally.line += part.lines;
    tally.skipped += part.skipped;
    tally.events += counts.events;
    this.report.bytes += part.readBytes;
    this.#storedBytes += part.readBytes;
    tally.judgeEarly();
  }

  /** Reads a Parquet or Arrow file, whose rows are objects with the fields of NDJSON. */
  async *#table(path: string | URL, kind: TableKind): AsyncGenerator<Events> {
    const { report } = this;
    const columns = this.#columns;
    const name = sourceName(path);
    const { map, dimensions, met } = this.#decode;
    const row = new JsonRow(
      new RowWriter(columns, this.#decode),
      noteNames(keepDimensions(mapFields(knownField, map), dimensions), met),
    );
    const tally = new SourceTally(name, report, this.#options, this.#decode);
    tally.format = { kind: "document", name: kind, title: kind };
    report.startFile(name, kind);
    for await (const rows of tableRows(path, kind, name)) {
      this.#options.signal?.throwIfAborted();
      for (const object of rows) {
        tally.line++;
        const reason = row.write(object);
        if (reason === undefined) tally.events++;
        else
          tally.rejectText(
            reason,
            JSON.stringify(object, (_, value) => (typeof value === "bigint" ? String(value) : value)),
          );
        if (columns.isFull) yield* this.#emit(tally);
      }
      this.#progress(name);
    }
    this.#takeStray(tally, true);
    tally.finish();
    tally.judge();
  }

  *#emit(tally?: SourceTally): Generator<Events> {
    if (tally !== undefined) this.#takeStray(tally, false);
    this.#sourceRow = 0;
    yield* this.#take();
    this.#columns.begin();
  }

  *#take(): Generator<Events> {
    const events = this.#columns.take(this.#options.locator);
    this.report.addCounts(countEvents(events));
    yield events;
    if (this.#options.reuse) this.#session.memory.columns.give(batchBuffers(events));
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

/** Throws `no-such-field` for a mapping to a field that no line had. */
function checkMapped({ map = {}, met }: DecodeOptions): void {
  if (met === undefined || met.size === 0) return;
  for (const [name, field] of Object.entries(map)) {
    if (met.has(field)) continue;
    const near = nearestName(field, [...met]);
    throw readError("no-such-field", { name, field, has: [...met], ...(near === undefined ? {} : { near }) });
  }
}

/** A power of two, so that memory which one log has left fits another that is about as large. */
function likelyRows(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, bytes / LONG_LINE_BYTES)));
}

/** Whether the locator can be used by other threads. */
function isShared(locator: ColumnLocator): locator is Locator {
  return "shareTable" in locator;
}
