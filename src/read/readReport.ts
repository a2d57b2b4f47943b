import type { EventCounts } from "./columns/eventCounts.js";

/** A line that could not be read. */
export interface RejectedLine {
  readonly file: string;
  /** Counted from 1 in the uncompressed file. */
  readonly line: number;
  readonly reason: RejectReason;
  /** The first 200 characters of the line. */
  readonly text: string;
}

/** Why a line is no event. */
export type RejectReason =
  | "not-an-event"
  | "no-time"
  | "bad-time"
  | "no-address"
  | "bad-address"
  | "line-too-long"
  /** Far from all other times of the log: a clock that was not set. */
  | "stray-time"
  | "not-text";

/** What became of the input. Counts grow while batches are read and are complete after the last. */
export interface ReadReport {
  /** Names of the inputs in the order read. */
  readonly files: readonly string[];
  /** Format of the first input. */
  readonly format: string;
  /** Format of each input, by its name. */
  readonly formats: Readonly<Record<string, string>>;
  /** Uncompressed bytes. */
  readonly bytes: number;
  readonly lines: number;
  readonly events: number;
  readonly rejected: number;
  /** Blank lines, comments and headers. */
  readonly skipped: number;
  /** Events whose address has no known place. */
  readonly unlocated: number;
  /** Time of the earliest and the latest event, epoch milliseconds UTC; NaN while there is none. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Events of each input by its name, and the times of the earliest and the latest. */
  readonly spans: Readonly<Record<string, FileSpan>>;
  readonly reasons: Readonly<Partial<Record<RejectReason, number>>>;
  /** The first few rejected lines of each reason. */
  readonly samples: readonly RejectedLine[];
  readonly warnings: readonly string[];
}

/** What an input covers: times are epoch milliseconds UTC. */
export interface FileSpan {
  readonly events: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The rejected lines of a part of a file. */
export interface RejectedPart {
  readonly reasons: Readonly<Partial<Record<RejectReason, number>>>;
  readonly samples: readonly Omit<RejectedLine, "file">[];
}

/** How many rejected lines are kept of each reason. */
export const SAMPLES_A_REASON = 5;
const SAMPLE_CHARACTERS = 200;

/** Lines whose times cannot be, and which times those are. */
export interface StrayTimes {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

const day = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

/** The report while it grows. */
export class ReadReportBuilder implements ReadReport {
  readonly files: string[] = [];
  readonly formats: Record<string, string> = {};
  format = "";
  bytes = 0;
  lines = 0;
  events = 0;
  rejected = 0;
  skipped = 0;
  unlocated = 0;
  fromMs = Number.NaN;
  toMs = Number.NaN;
  readonly spans: Record<string, FileSpan> = {};
  readonly reasons: Partial<Record<RejectReason, number>> = {};
  readonly samples: RejectedLine[] = [];
  readonly warnings: string[] = [];
  #stray: StrayTimes = { count: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY };

  startFile(file: string, format: string): void {
    if (this.files.length === 0) this.format = format;
    this.files.push(file);
    this.formats[file] = format;
  }

  /** Counts a rejected line and keeps it while few of its reason are kept. */
  reject(file: string, line: number, reason: RejectReason, text: () => string): void {
    this.rejected++;
    const count = (this.reasons[reason] ?? 0) + 1;
    this.reasons[reason] = count;
    if (count > SAMPLES_A_REASON) return;
    this.samples.push({ file, line, reason, text: text().slice(0, SAMPLE_CHARACTERS) });
  }

  /** Adds what another thread counted of a part of a file; its samples' lines are counted from the part's first. */
  addPart(file: string, linesBefore: number, part: RejectedPart): void {
    for (const sample of part.samples) {
      const kept = this.samples.filter((one) => one.reason === sample.reason).length;
      if (kept < SAMPLES_A_REASON) this.samples.push({ ...sample, file, line: linesBefore + sample.line });
    }
    for (const [reason, count] of Object.entries(part.reasons)) {
      this.rejected += count;
      this.reasons[reason as RejectReason] = (this.reasons[reason as RejectReason] ?? 0) + count;
    }
  }

  /** Adds events to the counts. */
  addCounts({ events, unlocated, fromMs, toMs }: EventCounts): void {
    if (events === 0) return;
    this.fromMs = this.events === 0 ? fromMs : Math.min(this.fromMs, fromMs);
    this.toMs = this.events === 0 ? toMs : Math.max(this.toMs, toMs);
    this.events += events;
    this.unlocated += unlocated;
  }

  /** Adds events of one input to what it covers. */
  addSpan(file: string, { events, fromMs, toMs }: FileSpan): void {
    if (events === 0) return;
    const known = this.spans[file];
    this.spans[file] =
      known === undefined
        ? { events, fromMs, toMs }
        : {
            events: known.events + events,
            fromMs: Math.min(known.fromMs, fromMs),
            toMs: Math.max(known.toMs, toMs),
          };
  }

  /** Counts lines whose times cannot be. */
  addStray({ count, firstMs, lastMs }: StrayTimes): void {
    this.rejected += count;
    this.reasons["stray-time"] = (this.reasons["stray-time"] ?? 0) + count;
    this.#stray = {
      count: this.#stray.count + count,
      firstMs: Math.min(this.#stray.firstMs, firstMs),
      lastMs: Math.max(this.#stray.lastMs, lastMs),
    };
  }

  /** Says which times were left out. */
  tellStray(): void {
    const { count, firstMs, lastMs } = this.#stray;
    if (count === 0) return;
    const times = count === 1 ? day(firstMs) : `${day(firstMs)} to ${day(lastMs)}`;
    this.warn(
      `${count} ${count === 1 ? "line is" : "lines are"} far from all other times of the log (${times}) and left out`,
    );
  }

  warn(text: string): void {
    if (!this.warnings.includes(text)) this.warnings.push(text);
  }
}
