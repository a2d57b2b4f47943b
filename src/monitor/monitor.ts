import type { Cube } from "../cube/cube.js";
import type { Finding } from "../detect/finding.js";
import { monitorError } from "./errors.js";
import { FleetMonitor, type FleetOptions } from "./fleet/fleetMonitor.js";
import { type CountersState, noCounts } from "./health/monitorCounters.js";
import { type MonitorHealth, monitorHealth } from "./health/monitorHealth.js";
import { TickTimes } from "./health/tickTimes.js";
import { Intake } from "./intake/intake.js";
import { Pushes, type PushResult } from "./intake/pushes.js";
import type { FindingChange } from "./journal/findingChange.js";
import { Teller } from "./journal/teller.js";
import { type ChainEvents, LiveChain, type Step } from "./liveChain.js";
import type { MonitorInput, PushOptions } from "./monitorInput.js";
import { type MonitorOptions, type MonitorSettings, monitorSettings } from "./monitorOptions.js";
import { Keeping, type Kept } from "./state/keeping.js";
import type { KeptState } from "./state/stateKeeper.js";
import { StepRunner } from "./stepRunner.js";

export type { PushResult } from "./intake/pushes.js";

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
  readonly #pushes: Pushes;
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
    this.#pushes = new Pushes(options, this.#settings, this.#counts, () => this.#intake);
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
      this.#intake.onGap = (gap) => this.#keeping?.gap(gap);
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
      onSlice: (slice) => {
        if (this.#isResumed) this.#keeping?.slice(slice);
      },
      onBucket: (startMs, changes) => this.#closed(startMs, changes),
      onClosing: () => this.#ticks.begin(),
      afterBucket: () => {
        if (!this.#isResumed) return undefined;
        this.#ticks.end();
        return this.#keeping?.snapshot(this.#kept);
      },
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
  push(input: MonitorInput, options: PushOptions = {}): PushResult {
    this.#mustBeOpen("push");
    const result = this.#pushes.push(input, options);
    this.#runner.start();
    return result;
  }

  /** Says what the clock shows, epoch milliseconds: buckets close in silence, too. */
  advance(nowMs: number): void {
    this.#mustBeOpen("advance");
    this.#pushes.drain();
    this.#intake.watermark.advance(nowMs);
    this.#runner.start();
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
      waiting: this.#pushes.waiting,
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
    if (!this.#isClosed) this.#pushes.drain();
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
    this.#pushes.drain();
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
    this.#pushes.drain();
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
    this.#counts.buckets++;
    this.#counts.changes += changes.length;
    const tell = (): void => {
      this.#handOver();
      this.#teller.tell(changes);
    };
    if (this.#keeping !== undefined) return this.#keeping.bucket(this.#kept, tell);
    tell();
    return undefined;
  }

  get #kept(): Kept {
    return { judgedMs: this.#judgedMs!, counts: this.#counts, intake: this.#intake, chain: this.#chain };
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
