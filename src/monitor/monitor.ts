import type { Events } from "../core/events.js";
import type { Cube } from "../cube/cube.js";
import type { Finding } from "../detect/finding.js";
import type { RejectReason } from "../read/readReport.js";
import { monitorError } from "./errors.js";
import { FleetMonitor, type FleetOptions } from "./fleet/fleetMonitor.js";
import { type CountersState, noCounts } from "./health/monitorCounters.js";
import { type MonitorHealth, monitorHealth } from "./health/monitorHealth.js";
import { TickTimes } from "./health/tickTimes.js";
import { Inputs } from "./intake/inputs.js";
import { Intake } from "./intake/intake.js";
import type { FindingChange } from "./journal/findingChange.js";
import { Teller } from "./journal/teller.js";
import { type ChainEvents, LiveChain, type Step } from "./liveChain.js";
import { knownInput, type MonitorInput, type PushOptions, rowsOf, withoutFirst } from "./monitorInput.js";
import { type MonitorOptions, type MonitorSettings, monitorSettings } from "./monitorOptions.js";
import { Keeping } from "./state/keeping.js";
import type { KeptState } from "./state/stateKeeper.js";
import { StepRunner } from "./stepRunner.js";

/** What became of a push. */
export interface PushResult {
  /** Rows given. */
  readonly rows: number;
  /** Rows among them that were delivered before. */
  readonly duplicates: number;
  /** Lines and objects among them that are no events. */
  readonly rejected: number;
  /** Whether the caller had better wait for `drained()` before the next push, lest events are dropped. */
  readonly isFull: boolean;
}

/** Windows of time for {@link Monitor.cube}, epoch milliseconds. */
export interface CubeWindow {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/**
 * The chain of `analyze`, live: events are pushed as they come, and findings are told as soon as they can be.
 *
 * Events may come out of order by `maxDelaySeconds`. Buckets close by the time of events: once the slowest source that is not
 * idle has passed their end by that delay. What comes later is counted, not judged. Where nothing comes at all, time stands
 * still unless the caller says what the clock shows: call `advance(Date.now())` every some seconds.
 *
 * @example
 * ```ts
 * await using monitor = new Monitor({ locator, bucketSeconds: 60, state: "/var/lib/geopivot" });
 * app.use((request, response, next) => {
 *   response.on("finish", () => monitor.push({ ts: Date.now(), ip: request.ip, status: response.statusCode }));
 *   next();
 * });
 * for await (const finding of monitor.findings()) console.log(finding.severity, finding.title);
 * ```
 */
export class Monitor implements AsyncDisposable {
  readonly #options: MonitorOptions;
  readonly #settings: MonitorSettings;
  readonly #counts: CountersState = noCounts();
  readonly #inputs: Inputs;
  readonly #keeping: Keeping | undefined;
  #intake!: Intake;
  #chain!: LiveChain;
  readonly #teller: Teller;
  readonly #runner: StepRunner;
  readonly #warnings: string[] = [];
  #judgedMs: number | null = null;
  /** Changes that the journal brought again, and those of them that nobody was told of. */
  readonly #replayed: FindingChange[] = [];
  readonly #untold: FindingChange[] = [];
  #isResumed = false;
  /** The last slice that the events of this push are in. */
  #lastSlice = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  #databaseMs: number | null = null;
  readonly #ticks: TickTimes;

  /** Throws `bad-monitor-option`, and what `new Cube` and `new SuspiciousDetector` throw. */
  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#settings = monitorSettings(options);
    this.#teller = new Teller(options);
    this.#ticks = new TickTimes(options.clock);
    this.#runner = new StepRunner(
      () => this.#work(),
      (error) => this.#fail(error),
    );
    this.#inputs = new Inputs(options, this.#settings.readDimensions, (reason) => this.#reject(reason));
    if (options.state !== undefined)
      this.#keeping = new Keeping(options, this.#settings, (error, sentence) => this.#trouble(error, sentence));
    this.#begin();
    options.signal?.addEventListener("abort", () => void this.close(), { once: true });
    if (options.signal?.aborted) void this.close();
  }

  /** Goes on where the last monitor with this folder of state was stopped, or begins without a past. */
  #begin(): void {
    const make = (kept: KeptState | null): LiveChain => {
      Object.assign(this.#counts, noCounts());
      this.#intake = new Intake(this.#settings, this.#counts);
      const tables = { tables: kept?.state?.tables, users: kept?.users ?? null };
      this.#chain = new LiveChain(this.#options, this.#settings, this.#events(), kept && tables);
      return this.#chain;
    };
    const untold = this.#keeping?.resume((kept) => ({ chain: make(kept), intake: this.#intake, counts: this.#counts }));
    if (untold === undefined) make(null);
    else this.#judgedMs = this.#chain.log.endMs;
    for (const change of this.#replayed.splice(0))
      if (untold !== undefined && change.number >= untold) this.#untold.push(change);
    this.#isResumed = true;
    // What was closed last may not have been handed over before the end.
    if (untold !== undefined) this.#handOver();
    if (this.#untold.length > 0) this.#runner.start();
  }

  #events(): ChainEvents {
    return {
      onSlice: (slice, events) => {
        if (this.#isResumed && events !== null) this.#keeping?.slice(slice, events);
      },
      onBucket: (startMs, changes) => this.#closed(startMs, changes),
    };
  }

  #trouble(error: unknown, sentence: string): void {
    if (!this.#warnings.includes(sentence)) this.#warnings.push(sentence);
    this.#options.onError?.(error);
  }

  /**
   * Where each source with offsets is to go on after a restart, so that nothing is lost and nothing counts twice.
   * Sources without an entry begin at their beginning.
   */
  get offsets(): ReadonlyMap<string, number> {
    return new Map(this.#intake.save().offsets);
  }

  /**
   * Takes events in any form. Objects and lines that are no events are counted; so are events that are too late.
   *
   * @throws `monitor-closed`; `foreign-places` for events that another locator placed; what reading lines throws where their
   *   format is not known
   */
  push(input: MonitorInput, { source = "", offset, nextOffset }: PushOptions = {}): PushResult {
    this.#mustBeOpen("push");
    const known = knownInput(input);
    const rows = rowsOf(known);
    const next = nextOffset ?? (offset ?? 0) + rows;
    const taken = offset === undefined ? 0 : this.#intake.deliveries.known(source, offset, next - offset);
    // Offsets that count something else than rows say of the whole alone whether it came before.
    const duplicates = offset === undefined ? 0 : next - offset === rows ? taken : taken === next - offset ? rows : 0;
    this.#counts.dropped.duplicate += duplicates;
    const before = this.#rejected;
    this.#lastSlice = Number.NEGATIVE_INFINITY;
    if (duplicates < rows) {
      const fresh = withoutFirst(known, duplicates);
      const from = fresh.kind === "events" ? duplicates : 0;
      this.#inputs.read(fresh, source, (events, at) => this.#take(events, at, from));
    }
    if (offset !== undefined) this.#intake.deliveries.take(source, offset, next, this.#lastSlice);
    this.#runner.start();
    const isFull = this.#intake.buffered >= this.#settings.maxBufferedEvents / 2;
    return { rows, duplicates, rejected: this.#rejected - before, isFull };
  }

  /** Says what the clock shows, epoch milliseconds: buckets close in silence, too. */
  advance(nowMs: number): void {
    this.#mustBeOpen("advance");
    this.#inputs.drain((events, source) => this.#take(events, source, 0));
    this.#intake.watermark.advance(nowMs);
    this.#runner.start();
  }

  #take(events: Events, source: string, from: number): void {
    if (events.places !== this.#options.locator.places) throw monitorError("foreign-places", { source });
    this.#counts.accepted += this.#intake.take(events, source, from);
    this.#lastSlice = Math.max(this.#lastSlice, this.#intake.latestSlice);
  }

  #reject(reason: RejectReason): void {
    this.#counts.rejected[reason] = (this.#counts.rejected[reason] ?? 0) + 1;
  }

  get #rejected(): number {
    return Object.values(this.#counts.rejected).reduce((sum, count) => sum + count, 0);
  }

  /** Each finding when it is told for the first time. The iterator ends when the monitor is closed or finished. */
  findings(): AsyncIterableIterator<Finding> {
    return this.#teller.findings();
  }

  /** Each change of a finding. The iterator ends when the monitor is closed or finished. */
  changes(): AsyncIterableIterator<FindingChange> {
    return this.#teller.changes();
  }

  /** The findings that are open, as they are known now. */
  get open(): readonly Finding[] {
    return this.#chain.journal.open;
  }

  /** All findings that are remembered: the open ones, and those that ended within a day. */
  get known(): readonly Finding[] {
    return this.#chain.journal.all;
  }

  /** Recent traffic for `pivot`, `compare` and `explain`: a cube of its own. Default all that is kept. */
  cube(window: CubeWindow = {}): Cube {
    const { bucketMs } = this.#settings;
    const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = window;
    return this.#chain.log.window(Math.ceil(fromMs / bucketMs), Math.ceil(toMs / bucketMs) - 1);
  }

  /** Counters and what is the case now. */
  health(): MonitorHealth {
    return monitorHealth({
      counts: this.#counts,
      intake: this.#intake,
      waiting: this.#inputs.length,
      chain: this.#chain,
      judgedMs: this.#judgedMs,
      databaseMs: this.#databaseMs,
      warnings: this.#warnings,
      ticks: this.#ticks,
    });
  }

  /** The monitor of a fleet: instances hand their closed buckets to it, and it judges them as one. */
  static merge(options: FleetOptions): FleetMonitor {
    return new FleetMonitor(options);
  }

  /** Counts alerts that a sender sent on, for {@link health}. */
  countAlerts(sent: number, failed = 0): void {
    this.#counts.alertsSent += sent;
    this.#counts.alertsFailed += failed;
  }

  /** Says of when the location database is, epoch milliseconds, for {@link health}. */
  set databaseMs(timeMs: number | null) {
    this.#databaseMs = timeMs;
  }

  /** Resolves once there is room for as many events again as may wait. Rejects with what broke the monitor. */
  drained(): Promise<void> {
    return this.flush();
  }

  /** Resolves once all buckets that are complete are judged. Rejects with what broke the monitor. */
  async flush(): Promise<void> {
    if (!this.#isClosed) this.#inputs.drain((events, source) => this.#take(events, source, 0));
    await this.#runner.idle();
  }

  /**
   * Says that no more will come, at the end of a log: closes and judges what is left as `analyze` would, leaves findings open
   * that last to the end, and ends all iterators. The findings are then `known`.
   */
  async finish(): Promise<void> {
    await this.flush();
    this.#intake.finish();
    await this.flush();
    const changes = this.#chain.finish();
    this.#counts.changes += changes.length;
    this.#teller.tell(changes);
    await this.#keeping?.close(this.#intake);
    this.#isClosed = true;
    this.#teller.close();
  }

  /** Ends the monitor: writes its state, if it keeps one, and ends all iterators. Buckets that are open are kept for later. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#inputs.drain((events, source) => this.#take(events, source, 0));
    this.#isClosed = true;
    await this.#runner.stop();
    await this.#keeping?.close(this.#intake);
    this.#teller.close(this.#runner.error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #mustBeOpen(method: string): void {
    if (this.#isClosed) throw monitorError("monitor-closed", { method });
  }

  *#work(): Generator<Step, void> {
    this.#inputs.drain((events, source) => this.#take(events, source, 0));
    this.#teller.tell(this.#untold.splice(0));
    yield* this.#ticks.timed(this.#chain.work(this.#intake));
  }

  /** Writes what a bucket brought before it is told, and that it was. */
  #closed(startMs: number, changes: readonly FindingChange[]): Promise<void> | undefined {
    if (!this.#isResumed) {
      this.#replayed.push(...changes);
      return undefined;
    }
    this.#judgedMs = startMs + this.#settings.bucketMs;
    this.#ticks.end();
    this.#counts.buckets++;
    this.#counts.changes += changes.length;
    const tell = (): void => {
      this.#handOver();
      this.#teller.tell(changes);
    };
    if (this.#keeping !== undefined)
      return this.#keeping.bucket(
        { judgedMs: this.#judgedMs, counts: this.#counts, intake: this.#intake, chain: this.#chain },
        tell,
      );
    tell();
    return undefined;
  }

  /** Gives the last bucket to those who merge it with others'. */
  #handOver(): void {
    const { onBucket, instance = "", onError } = this.#options;
    const part = onBucket && this.#chain.lastPart(instance);
    try {
      if (part) onBucket(part);
    } catch (error) {
      onError?.(error);
    }
  }

  #fail(error: unknown): void {
    this.#options.onError?.(error);
    this.#teller.close(error);
  }
}
