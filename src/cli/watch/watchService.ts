import type { Finding } from "../../detect/finding.js";
import type { FindingChange } from "../../monitor/journal/findingChange.js";
import type { Monitor } from "../../monitor/monitor.js";
import type { AlertDesk } from "./alertDesk.js";
import type { ChangeJournal } from "./changeJournal.js";
import { currentFindings } from "./livePicture.js";
import type { LogBatch, LogItem } from "./logs/logBatch.js";
import { ReplayPace } from "./logs/replayPace.js";
import type { EventHub } from "./serve/eventHub.js";

/** The clock closes buckets once the log was so close to it. */
const LIVE_MS = 300_000;
const TICK_MS = 1_000;
/** Alerts are judged anew so often without news: silences end, alerts are escalated. */
const JUDGE_MS = 60_000;

export interface WatchServiceOptions {
  readonly monitor: Monitor;
  readonly desk: AlertDesk | undefined;
  readonly journal: ChangeJournal | undefined;
  readonly hub: EventHub | undefined;
  /** How many times as fast as it was a log is played; undefined where it is taken as it comes. */
  readonly speed: number | undefined;
  /** Whether what is read first is the past, whose alerts are told only where they still fire. */
  readonly beginsWithHistory: boolean;
  readonly signal: AbortSignal;
  /** Tells people what changed. */
  readonly onChange: (change: FindingChange) => void;
  readonly onWarning: (text: string) => void;
}

/** The chain at work: batches into the monitor, its changes into the journal, to browsers and through triage to receivers. */
export class WatchService {
  readonly #options: WatchServiceOptions;
  readonly #pace: ReplayPace | undefined;
  #isHistory: boolean;
  #isLive = false;
  #isIdle = false;
  #isDirty = false;
  #buckets = 0;
  #judgedAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchServiceOptions) {
    this.#options = options;
    this.#isHistory = options.beginsWithHistory;
    if (options.speed !== undefined) this.#pace = new ReplayPace(options.speed, options.signal);
  }

  /** Takes a change that the monitor tells. */
  take(change: FindingChange): void {
    const { journal, hub, onChange } = this.#options;
    journal?.write(change);
    onChange(change);
    hub?.send("change", { change: change.change, id: change.finding.id, title: change.finding.title });
    this.#isDirty = true;
  }

  /** Works until the logs end or the signal is raised; then the monitor has judged all it can, or kept it for later. */
  async run(items: AsyncIterable<LogItem>): Promise<void> {
    const { monitor, signal } = this.#options;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    try {
      for await (const item of items) {
        if (signal.aborted) break;
        if (item === "idle") await this.#idle();
        else await this.#push(item);
      }
      clearInterval(this.#timer);
      if (signal.aborted) await monitor.close();
      else await monitor.finish();
    } finally {
      clearInterval(this.#timer);
    }
    this.#isHistory = false;
    this.#isDirty = true;
    this.#judge();
  }

  async #push({ source, events, offsets }: LogBatch): Promise<void> {
    const { monitor } = this.#options;
    this.#isIdle = false;
    if (this.#pace === undefined) monitor.push(events, { source, ...offsets });
    else
      for await (const due of this.#pace.play(events, (nowMs) => this.#advance(nowMs))) {
        monitor.push(due, { source });
        this.#afterBuckets();
      }
    // One block at a time: what is read is judged before more is, so that a log is taken as fast as it can be, and no faster.
    await monitor.drained();
    this.#afterBuckets();
  }

  async #idle(): Promise<void> {
    const { monitor } = this.#options;
    await monitor.flush();
    this.#isIdle = true;
    if (this.#isHistory) {
      this.#isHistory = false;
      this.#options.desk?.judge(this.#findings(), this.#nowMs(), true);
    }
    this.#afterBuckets();
  }

  #tick(): void {
    const { monitor, desk, signal } = this.#options;
    if (signal.aborted) return;
    const { latestMs } = monitor.health();
    const now = Date.now();
    this.#isLive ||=
      this.#isIdle && this.#pace === undefined && latestMs !== null && Math.abs(now - latestMs) < LIVE_MS;
    if (this.#isLive && this.#isIdle) this.#advance(now);
    if (desk && !this.#isHistory && now - this.#judgedAtMs >= JUDGE_MS) this.#isDirty = true;
    this.#afterBuckets();
  }

  #advance(nowMs: number): void {
    try {
      this.#options.monitor.advance(nowMs);
    } catch (error) {
      this.#options.onWarning(String(error));
    }
  }

  /** What is due once buckets may have been closed. */
  #afterBuckets(): void {
    const { buckets, judgedMs } = this.#options.monitor.health();
    if (buckets !== this.#buckets) this.#options.hub?.send("bucket", { judgedMs });
    this.#isDirty ||= buckets !== this.#buckets;
    this.#buckets = buckets;
    this.#judge();
  }

  #judge(): void {
    if (!this.#isDirty || this.#isHistory) return;
    this.#isDirty = false;
    this.#judgedAtMs = Date.now();
    this.#options.desk?.judge(this.#findings(), this.#nowMs());
  }

  /** Judges alerts anew, as the policy is another one. */
  judgeAgain(): void {
    this.#isDirty = true;
    this.#judge();
  }

  #findings(): Finding[] {
    return currentFindings(this.#options.monitor);
  }

  /** What time it is for alerts: of the log, unless that is live. */
  #nowMs(): number {
    const { judgedMs, latestMs } = this.#options.monitor.health();
    return this.#isLive ? Date.now() : (judgedMs ?? latestMs ?? 0);
  }
}
