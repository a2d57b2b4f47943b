import type { Dictionary } from "../../core/dictionary.js";
import type { Events } from "../../core/events.js";
import { type CountersState, countLate } from "../health/monitorCounters.js";
import type { MonitorSettings } from "../monitorOptions.js";
import { DataGap, type GapState } from "./dataGap.js";
import { Deliveries } from "./deliveries.js";
import { DimensionCodes } from "./dimensionCodes.js";
import { SliceBuffer } from "./sliceBuffer.js";
import { Watermark, type WatermarkState } from "./watermark.js";

/** Events far ahead of all others are believed once so many say the same. */
const QUORUM = 20;
/** So many of them are kept until then. */
const MOST_AHEAD = 10_000;

/** What is kept of an intake when the monitor is saved. */
export interface IntakeState {
  readonly watermark: WatermarkState;
  /** Where each source is to go on, so that nothing is lost: what came before is in closed slices. */
  readonly offsets: readonly (readonly [source: string, nextOffset: number])[];
  /** The first slice that is still open to events; null before any was closed. */
  readonly openSlice: number | null;
  /** Slices of which part is not known. */
  readonly gap?: GapState | null;
}

/** A slice that is complete. */
export interface ClosedSlice {
  readonly slice: number;
  /** In the order of their times; null where none came. */
  readonly events: Events | null;
  /** Whether some may have been lost. */
  readonly isPartial: boolean;
}

/** Takes events in any order within the bound, and gives them back by slices of time once all of their time have come. */
export class Intake {
  readonly watermark: Watermark;
  readonly deliveries = new Deliveries();
  readonly gap: DataGap;
  /** Told where a gap begins and ends. */
  onGap: ((gap: GapState | null) => void) | undefined;
  readonly #settings: MonitorSettings;
  readonly #counts: CountersState;
  readonly #codes: DimensionCodes;
  readonly #buffer: SliceBuffer;
  readonly #ahead: SliceBuffer;
  #aheadCounts = new Map<number, number>();
  /** Events that waited when the monitor before was closed. */
  #returned: Events[] = [];
  /** The last slice that the events taken last are in; -Infinity where none was taken. */
  latestSlice = Number.NEGATIVE_INFINITY;
  /** The first slice that is still open to events. */
  #open = Number.NEGATIVE_INFINITY;
  /** The slice up to which all are complete because no more will come. */
  #endSlice = Number.NEGATIVE_INFINITY;

  constructor(settings: MonitorSettings, counts: CountersState) {
    this.#settings = settings;
    this.#counts = counts;
    this.watermark = new Watermark(settings);
    this.gap = new DataGap(settings.sliceMs);
    this.#codes = new DimensionCodes(settings.readDimensions);
    this.#buffer = new SliceBuffer(settings.sliceMs, this.#codes);
    this.#ahead = new SliceBuffer(settings.aheadMs, this.#codes);
  }

  /** How many events wait for their time to be complete. */
  get buffered(): number {
    return this.#buffer.rows + this.#ahead.rows;
  }

  /** Copies the rows of a batch that are neither late nor too far ahead; counts the others. */
  take(events: Events, source: string, from = 0): number {
    const rows = new Uint32Array(Math.max(0, events.length - from));
    const ahead: number[] = [];
    const { timeMs } = events;
    const { sliceMs, aheadMs, maxBufferedEvents } = this.#settings;
    const openMs = this.#open * sliceMs;
    let limitMs = this.#limitMs;
    let room = maxBufferedEvents - this.buffered;
    let [n, latestMs] = [0, Number.NEGATIVE_INFINITY];
    for (let i = from; i < events.length; i++) {
      const time = timeMs[i]!;
      if (Number.isNaN(time)) this.#counts.dropped["no-time"]++;
      else if (time < openMs) countLate(this.#counts, openMs - time);
      else if (time > limitMs) ahead.push(i);
      else if (room <= 0) this.#counts.dropped["buffer-full"]++;
      else {
        rows[n++] = i;
        room--;
        if (time <= latestMs) continue;
        latestMs = time;
        if (limitMs === Number.POSITIVE_INFINITY || latestMs + aheadMs > limitMs) limitMs = latestMs + aheadMs;
      }
    }
    this.#buffer.add(events, rows.subarray(0, n));
    if (n > 0) this.watermark.see(source, latestMs);
    else this.watermark.hear(source);
    this.latestSlice = n > 0 ? Math.floor(latestMs / sliceMs) : Number.NEGATIVE_INFINITY;
    if (n > 0 && this.gap.isOpen && this.deliveries.next(source) === undefined) {
      this.gap.end(this.latestSlice);
      this.onGap?.(this.gap.save());
    }
    if (ahead.length > 0) this.#takeAhead(events, Uint32Array.from(ahead), source);
    return n;
  }

  /** Up to when events are believed: not far beyond the latest, or what the clock shows. */
  get #limitMs(): number {
    const { presentMs } = this.watermark;
    return presentMs === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : presentMs + this.#settings.aheadMs;
  }

  /** Keeps events that are too far ahead to be believed, and believes them once there are many of one time. */
  #takeAhead(events: Events, rows: Uint32Array, source: string): void {
    const { aheadMs } = this.#settings;
    const room = Math.max(0, MOST_AHEAD - this.#ahead.rows);
    this.#counts.dropped.future += Math.max(0, rows.length - room);
    const kept = rows.subarray(0, room);
    this.#ahead.add(events, kept);
    for (const row of kept) {
      const span = Math.floor(events.timeMs[row]! / aheadMs);
      this.#aheadCounts.set(span, (this.#aheadCounts.get(span) ?? 0) + 1);
    }
    const believed = [...this.#aheadCounts].filter(([, count]) => count >= QUORUM).map(([span]) => span);
    for (const span of believed.sort((a, b) => a - b)) this.#believe(span, source);
  }

  #believe(span: number, source: string): void {
    this.#aheadCounts.delete(span);
    const events = this.#ahead.take(span);
    if (events === null) return;
    this.#buffer.add(
      events,
      Uint32Array.from({ length: events.length }, (_, row) => row),
    );
    this.watermark.see(source, events.timeMs[events.length - 1]!);
    this.#counts.accepted += events.length;
  }

  /** At the end, a few events behind a gap are a quiet log's; beyond all that is remembered, they are a wrong clock's. */
  #settleAhead(): void {
    for (const span of [...this.#aheadCounts.keys()].sort((a, b) => a - b)) {
      const isNear = span * this.#settings.aheadMs <= this.watermark.frontierMs + this.#settings.historyMs;
      if (isNear) this.#believe(span, "");
      else this.#counts.dropped.future += this.#ahead.take(span)?.length ?? 0;
    }
    this.#aheadCounts = new Map();
  }

  /** The first slice that is still open to events; -Infinity before the first is closed. */
  get openSlice(): number {
    return this.#open;
  }

  /** @param keepsWaiting - whether the events that wait are kept as well: then no source need repeat them */
  save(keepsWaiting = false): IntakeState {
    return {
      watermark: this.watermark.save(),
      offsets: this.deliveries.save(keepsWaiting ? Number.POSITIVE_INFINITY : this.#open),
      openSlice: Number.isFinite(this.#open) ? this.#open : null,
      gap: this.gap.save(),
    };
  }

  /** Goes on where another was saved. */
  restore({ watermark, offsets, openSlice, gap }: IntakeState): void {
    this.watermark.restore(watermark);
    this.deliveries.restore(offsets);
    this.gap.restore(gap);
    if (openSlice !== null) this.#open = openSlice;
  }

  /** Notes that all slices before one were counted elsewhere; returns how many events of theirs waited here. */
  skipTo(openSlice: number): number {
    this.#open = openSlice;
    let rows = 0;
    for (let first = this.#buffer.first; first !== undefined && first < openSlice; first = this.#buffer.first)
      rows += this.#buffer.take(first)?.length ?? 0;
    return rows;
  }

  /**
   * Begins anew after what was restored: sources whose offsets are known bring again what waited, and hold time back until they
   * have; of the others what waited is lost, and what came in between.
   */
  resume(): void {
    if (!Number.isFinite(this.#open)) return;
    const repeats = (source: string): boolean => this.deliveries.next(source) !== undefined;
    this.watermark.restore(this.watermark.save(), this.#open * this.#settings.sliceMs, repeats);
    if (!this.watermark.names.every(repeats)) this.gap.begin(this.#open);
  }

  /** Takes events back that waited when the monitor was closed. */
  putBack(events: Events): void {
    this.#returned.push(events);
    this.#buffer.add(
      events,
      Uint32Array.from({ length: events.length }, (_, row) => row),
    );
  }

  /** Those of the events that were put back that wait still: no source brings them again. */
  returned(): readonly Events[] {
    const openMs = this.#open * this.#settings.sliceMs;
    this.#returned = this.#returned.filter(({ timeMs }) => timeMs.some((time) => time >= openMs));
    return this.#returned;
  }

  /** One dictionary a dimension, for all events. */
  get dictionaries(): ReadonlyMap<string, Dictionary> {
    return this.#codes.dictionaries;
  }

  /** All events that wait, a batch a slice. */
  waiting(): Events[] {
    return this.#buffer.batches();
  }

  /** Whether a slice is complete that has not been taken. */
  get isDue(): boolean {
    const first = this.#next;
    if (first === undefined) return false;
    return first < this.#endSlice || (first + 1) * this.#settings.sliceMs <= this.watermark.timeMs;
  }

  /** The number of the slice after the last that was taken, or of the first with events; undefined before any. */
  get #next(): number | undefined {
    return Number.isFinite(this.#open) ? this.#open : this.#buffer.first;
  }

  /** Closes the next slice. */
  closeSlice(): ClosedSlice {
    const slice = this.#next!;
    this.#open = slice + 1;
    return { slice, events: this.#buffer.take(slice), isPartial: this.gap.covers(slice) };
  }

  /** Makes all slices due, to the end of the bucket of the last event: no more will come. */
  finish(): void {
    this.#settleAhead();
    const { sliceMs, bucketMs } = this.#settings;
    const last = this.#buffer.last;
    if (last !== undefined) this.#endSlice = (Math.floor((last * sliceMs) / bucketMs) + 1) * (bucketMs / sliceMs);
    else if (Number.isFinite(this.#open))
      this.#endSlice = Math.ceil((this.#open * sliceMs) / bucketMs) * (bucketMs / sliceMs);
  }
}
