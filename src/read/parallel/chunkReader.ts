import type { Events } from "../../core/events.js";
import type { ColumnPool } from "../../core/pools/columnPool.js";
import type { LineMemory } from "../../core/pools/lineMemory.js";
import { batchBuffers } from "../columns/batchBuffers.js";
import type { ColumnLocator } from "../columns/eventColumns.js";
import { EventColumns } from "../columns/eventColumns.js";
import { countEvents } from "../columns/eventCounts.js";
import { takeStrayRows } from "../columns/strayRows.js";
import type { Format } from "../format/formats.js";
import { type DecodeOptions, makeDecoder } from "../format/makeDecoder.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import { type RejectedLine, type RejectReason, SAMPLES_A_REASON } from "../readReport.js";
import { sampleText } from "../sourceTally.js";
import { ChunkLoader, type PartLines } from "./chunkLoader.js";
import type { ChunkTask, PartColumns, PartResult } from "./chunkTask.js";
import type { ChunkWork } from "./chunkWork.js";

/** More rows than a part has bytes for. */
const MAX_ROWS = 1 << 24;
/** Of a line of a common log, to begin with. */
const LINE_BYTES = 128;
/** Rows of columns are a multiple of this. */
const ROWS_STEP = 1 << 12;

/** With more values than these, a reader forgets them: its memory is bounded. */
const MAX_KEPT_VALUES = 500_000;

export interface PartReaderOptions {
  /** The open file. */
  readonly fd: number;
  readonly format: Format;
  readonly decode: DecodeOptions;
  readonly routes: boolean;
  readonly locator: ColumnLocator;
  /** Where the columns of parts lie. */
  readonly columns: ColumnPool;
  /** Rows that parts are expected to have; by default as many as their bytes make likely. */
  readonly rows?: number | undefined;
  /** Where lines lie: of `PART_LINES_BYTES`, used by nobody else. */
  readonly lines: LineMemory;
  /** Whether the events are handed over, and not just what is made of them. */
  readonly keepsEvents: boolean;
  readonly keepsNames: boolean;
  /** Waits for a plan once the first part is read, and gives the work of it. */
  readonly awaitWork?: (() => ChunkWork) | undefined;
}

/** Reads parts of a file. What it learns of fields and values it keeps, and tells each value but once. */
export class ChunkReader {
  readonly #options: PartReaderOptions;
  readonly #loader: ChunkLoader;
  readonly #sink = new PartSink();
  #columns: EventColumns;
  #decoder: LineDecoder;
  /** What is made of each part's events, if anything. */
  work: ChunkWork | undefined;
  #rows: number;
  /** How many values of each dimension were told of. */
  #told: number[] = [];

  constructor(options: PartReaderOptions) {
    this.#options = options;
    this.#rows = options.rows ?? 0;
    this.#loader = new ChunkLoader(options.fd, options.lines);
    this.#columns = this.#newColumns();
    this.#decoder = this.#newDecoder();
  }

  /** Reads the lines that begin in a part. */
  read(task: ChunkTask): PartResult {
    const sink = this.#sink;
    const columns = this.#columns;
    sink.begin();
    columns.begin();
    const forwarded = columns.forwarded;
    const isFresh = this.#told.length === 0;
    if (isFresh) columns.reserve(this.#fittingRows((task.end - task.start) / LINE_BYTES));
    let readBytes = 0;
    for (const lines of this.#loader.blocks(task)) {
      this.#scan(lines);
      readBytes += lines.to - lines.from;
    }
    const stray = takeStrayRows(columns, 0, false);
    columns.room = this.#fittingRows(columns.length);
    const events = columns.take(this.#options.locator);
    const dimensions = [...events.dimensions].map(([name, { dictionary }], d) => {
      const values = dictionary.values.slice(this.#told[d] ?? 0);
      this.#told[d] = dictionary.size;
      return { name, values };
    });
    const counts = countEvents(events);
    this.work ??= this.#options.awaitWork?.();
    const made = this.work?.make(events);
    const isKept = this.work === undefined || this.#options.keepsEvents;
    if (!isKept) columns.memory.give(batchBuffers(events));
    this.#forgetValues();
    const part = {
      ...sink.counts,
      id: task.id,
      readBytes,
      isFresh,
      dimensions,
      counts,
      made,
      forwarded: columns.forwarded - forwarded,
      stray,
    };
    return { ...part, columns: isKept ? columnsOf(events) : undefined };
  }

  /** Uses the memory of a part again, which nobody reads any more. */
  reuse({ columns, made }: PartResult): void {
    if (made !== undefined) this.work?.reuse(made);
    if (columns === undefined) return;
    const all = [...Object.values(columns), ...columns.codes];
    const buffers = all.filter((column) => ArrayBuffer.isView(column)).map(({ buffer }) => buffer);
    this.#columns.memory.give(new Set(buffers));
  }

  /** Rows that there is room for. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows to make room for: as many as the largest part has, since memory is used again where it is as large. */
  #fittingRows(rows: number): number {
    if (this.#rows < rows) this.#rows = ROWS_STEP * Math.ceil((1.1 * rows) / ROWS_STEP + 1);
    return this.#rows;
  }

  #scan({ bytes, from, to, tooLong }: PartLines): void {
    const columns = this.#columns;
    const sink = this.#sink;
    if (tooLong !== undefined) {
      sink.line++;
      sink.reject("line-too-long", tooLong, 0, tooLong.length);
    }
    for (let at = from; at < to; ) {
      at = this.#decoder.scan(bytes, at, to, true);
      if (columns.length === columns.capacity && at < to) columns.grow();
    }
  }

  #newColumns(): EventColumns {
    const { routes, keepsNames, columns: memory } = this.#options;
    const maxValues = Number.POSITIVE_INFINITY;
    return new EventColumns({ capacity: MAX_ROWS, maxValues, routes, keepsNames, memory, takesPlaces: false });
  }

  #newDecoder(): LineDecoder {
    const { format, decode } = this.#options;
    return makeDecoder(format, this.#columns, decode, this.#sink, this.#loader.memory);
  }

  /** Begins anew where there are too many values. */
  #forgetValues(): void {
    if (this.#told.reduce((sum, count) => sum + count, 0) <= MAX_KEPT_VALUES) return;
    this.#told = [];
    this.#columns = this.#newColumns();
    this.#decoder = this.#newDecoder();
  }
}

/** Counts the lines of a part, and keeps its first rejected ones. */
class PartSink implements LineSink {
  line = 0;
  skipped = 0;
  reasons: Partial<Record<RejectReason, number>> = {};
  samples: Omit<RejectedLine, "file">[] = [];

  begin(): void {
    this.line = 0;
    this.skipped = 0;
    this.reasons = {};
    this.samples = [];
  }

  get counts() {
    return { lines: this.line, skipped: this.skipped, reasons: this.reasons, samples: this.samples };
  }

  reject(reason: RejectReason, bytes: Uint8Array, start: number, end: number): void {
    const count = (this.reasons[reason] ?? 0) + 1;
    this.reasons[reason] = count;
    if (count <= SAMPLES_A_REASON) this.samples.push({ line: this.line, reason, text: sampleText(bytes, start, end) });
  }
}

function columnsOf(events: Events): PartColumns {
  const { client, user } = events;
  return {
    length: events.length,
    timeMs: events.timeMs,
    family: client.family,
    address: client.value,
    words: client.words,
    place: events.place,
    network: events.network,
    status: events.status,
    latencyMs: events.latencyMs,
    bytes: events.bytes,
    weight: events.weight,
    userLow: user.low,
    userHigh: user.high,
    userStart: user.starts,
    userEnd: user.ends,
    names: user.bytes,
    codes: [...events.dimensions.values()].map(({ codes }) => codes),
  };
}
