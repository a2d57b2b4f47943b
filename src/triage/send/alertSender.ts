import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/time.js";
import type { Alert } from "../alert.js";
import type { PayloadOptions } from "../payloads/payloadOptions.js";
import { alertRequest } from "./alertRequest.js";
import { judgePost, type Verdict } from "./judgePost.js";
import { Outbox, type OutboxEntry } from "./outbox.js";
import { type Fetch, postRequest } from "./postRequest.js";
import { type CheckedReceiver, checkReceiver, type Receiver } from "./receiver.js";
import type { SenderClock } from "./senderClock.js";
import { checkSenderState, type SenderState } from "./senderState.js";

/** What became of one request, for a log: it names the receiver and its host, and nothing that may be secret. */
export interface Delivery {
  readonly receiver: string;
  readonly host: string;
  readonly key: string;
  readonly status: Alert["status"];
  readonly outcome: Verdict["outcome"];
  /** "HTTP 503", "ECONNREFUSED"; null where there is none. */
  readonly problem: string | null;
  /** How many requests this news took so far. */
  readonly attempts: number;
  readonly atMs: number;
}

export interface AlertSenderOptions {
  readonly receivers: readonly Receiver[];
  readonly clock: SenderClock;
  /** Default the platform's. */
  readonly fetch?: Fetch;
  /** What a sender before this one left undone. */
  readonly state?: SenderState | null;
  /** How long a receiver may take to answer. Default 10 s. */
  readonly timeoutMs?: number;
  /** How often Alertmanager hears again what goes on; at most 4 minutes, as it forgets after 5. Default 1 minute. */
  readonly resendMs?: number;
  /** Requests at a time to one receiver; Slack and Teams get one. Default 4. */
  readonly concurrency?: number;
  /** What payloads hold beside alerts. */
  readonly payload?: PayloadOptions;
  readonly onDelivery?: (delivery: Delivery) => void;
}

const FIRST_RETRY_MS = SECOND_MS;
const LONGEST_RETRY_MS = 5 * MINUTE_MS;
/** Receivers that ask for more (`Retry-After`) are asked again after this. */
const LONGEST_PAUSE_MS = HOUR_MS;
/** So long Alertmanager hears that something is over. */
const RESOLVED_RESENT_MS = 5 * MINUTE_MS;

/**
 * Sends alerts to receivers: the latest news of each, one request at a time for each key of a receiver, until it is
 * delivered. The end is told to whoever was told the beginning, also where the route is another one by now.
 *
 * It is retried with growing delays where nothing was taken, or where taking it twice does no harm. Alertmanager, which
 * forgets, is told again and again while an alert fires, and for five minutes after.
 *
 * @throws `bad-receiver`, `bad-sender-state`
 * @example
 * ```ts
 * const sender = new AlertSender({ receivers: [{ name: "sre", format: "slack", url: process.env.SLACK_URL }], clock });
 * sender.accept(triage(findings, policy).alerts);
 * await sender.close();
 * ```
 */
export class AlertSender {
  readonly #options: AlertSenderOptions;
  readonly #receivers = new Map<string, CheckedReceiver>();
  readonly #pausedUntilMs = new Map<string, number>();
  readonly #busy = new Map<string, number>();
  readonly #outbox: Outbox;
  readonly #abort = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  #cancelTimer: (() => void) | null = null;
  #isClosed = false;

  constructor(options: AlertSenderOptions) {
    this.#options = options;
    for (const receiver of options.receivers) this.#receivers.set(receiver.name, checkReceiver(receiver));
    const entries = options.state ? checkSenderState(options.state) : [];
    this.#outbox = new Outbox(this.#receivers, entries, options.clock.nowMs());
    if (this.#outbox.nextDueMs() < Number.POSITIVE_INFINITY)
      this.#cancelTimer = options.clock.after(1, () => this.#pump());
  }

  /** Takes what triage says, and sends what is news to a receiver. Alerts that are left out stay as they are. */
  accept(alerts: readonly Alert[]): void {
    const nowMs = this.#options.clock.nowMs();
    for (const alert of alerts) this.#outbox.take(alert, nowMs);
    this.#pump();
  }

  /**
   * Takes other receivers in place of those given before: what waits for a name goes to who has it now, and is kept where
   * nobody has. Throws `bad-receiver`, and goes on with those before then.
   */
  use(receivers: readonly Receiver[]): void {
    const checked = receivers.map(checkReceiver);
    this.#receivers.clear();
    for (const receiver of checked) this.#receivers.set(receiver.name, receiver);
    this.#pump();
  }

  /** What is not done with, for a sender after this one. */
  get state(): SenderState {
    return { schema: "geopivot.sender/1", entries: this.#outbox.entries() };
  }

  /** When requests that are on their way have ended; retries to come are not waited for. */
  async settled(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending);
  }

  /** Lets requests on their way end, for so long, and sends no more. What is left undone is in the state. */
  async close(graceMs = 10 * SECOND_MS): Promise<void> {
    const cancel = this.#options.clock.after(graceMs, () => this.#abort.abort());
    this.#cancelTimer?.();
    this.#isClosed = true;
    await this.settled();
    cancel();
  }

  /** Starts whatever is due and has room. */
  #pump(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const entry of this.#abort.signal.aborted ? [] : this.#outbox.due(nowMs)) {
      const receiver = this.#receivers.get(entry.receiver)!;
      if (this.#isClosed && entry.attempts > 0) continue;
      if ((this.#pausedUntilMs.get(receiver.name) ?? 0) > nowMs || this.#isFull(receiver)) continue;
      const sending = this.#send(entry, receiver).finally(() => {
        this.#sending.delete(sending);
        this.#pump();
      });
      this.#sending.add(sending);
    }
    this.#schedule();
  }

  #isFull({ name, format }: CheckedReceiver): boolean {
    const most = format === "slack" || format === "teams" ? 1 : (this.#options.concurrency ?? 4);
    return (this.#busy.get(name) ?? 0) >= most;
  }

  async #send(entry: OutboxEntry, receiver: CheckedReceiver): Promise<void> {
    const { clock, fetch = globalThis.fetch, timeoutMs = 10 * SECOND_MS, payload = {} } = this.#options;
    const { alert, version } = entry;
    entry.isSending = true;
    entry.attempts++;
    this.#busy.set(receiver.name, (this.#busy.get(receiver.name) ?? 0) + 1);
    const request = alertRequest(receiver, alert, { ...payload, nowMs: clock.nowMs() });
    const context = { fetch, clock, timeoutMs, signal: this.#abort.signal };
    const verdict = judgePost(await postRequest(receiver.url, request, context), receiver.format, alert.status);
    const { attempts } = entry;
    entry.isSending = false;
    this.#busy.set(receiver.name, this.#busy.get(receiver.name)! - 1);
    this.#settle(entry, alert, version, receiver, verdict);
    this.#report(attempts, alert, receiver, verdict);
  }

  #settle(entry: OutboxEntry, sent: Alert, version: number, receiver: CheckedReceiver, verdict: Verdict): void {
    const nowMs = this.#options.clock.nowMs();
    const isLatest = entry.version === version;
    if (verdict.outcome === "retry") {
      const pauseMs = Math.min(verdict.retryAfterMs ?? 0, LONGEST_PAUSE_MS);
      if (pauseMs > 0) this.#pausedUntilMs.set(receiver.name, nowMs + pauseMs);
      if (isLatest) entry.dueMs = nowMs + Math.max(retryMs(entry.attempts), pauseMs);
      return;
    }
    if (verdict.outcome === "refused") {
      // Not again by itself: by its next news, or by a sender after this one that is configured otherwise.
      if (isLatest) entry.dueMs = Number.POSITIVE_INFINITY;
      return;
    }
    entry.told = sent.status;
    if (isLatest) this.#done(entry, receiver, nowMs);
  }

  /** The latest news was told: what Alertmanager would forget is told again, what is over is let go. */
  #done(entry: OutboxEntry, receiver: CheckedReceiver, nowMs: number): void {
    const { resendMs = MINUTE_MS } = this.#options;
    entry.pending = false;
    entry.attempts = 0;
    const isOver = entry.alert.status === "resolved";
    if (isOver) entry.resolvedAtMs ??= nowMs;
    if (receiver.format !== "alertmanager") {
      entry.dueMs = Number.POSITIVE_INFINITY;
      if (isOver) this.#outbox.remove(entry);
    } else if (isOver && nowMs - entry.resolvedAtMs! >= RESOLVED_RESENT_MS) this.#outbox.remove(entry);
    else entry.dueMs = nowMs + Math.min(resendMs, 4 * MINUTE_MS);
  }

  #report(attempts: number, { key, status }: Alert, { name, url }: CheckedReceiver, verdict: Verdict): void {
    this.#options.onDelivery?.({
      receiver: name,
      host: url.host,
      key,
      status,
      outcome: verdict.outcome,
      problem: verdict.outcome === "delivered" ? null : verdict.problem,
      attempts,
      atMs: this.#options.clock.nowMs(),
    });
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const dueMs = this.#outbox.nextDueMs();
    if (this.#isClosed || dueMs === Number.POSITIVE_INFINITY) return;
    const nowMs = this.#options.clock.nowMs();
    const paused = [...this.#pausedUntilMs.values()].filter((time) => time > nowMs);
    // What is due and was not started waits for a pause to end, or for a request on its way to end, which pumps again.
    const atMs = dueMs > nowMs ? dueMs : Math.min(...paused, nowMs + MINUTE_MS);
    this.#cancelTimer = this.#options.clock.after(Math.max(1, atMs - nowMs), () => this.#pump());
  }
}

/** 1 s, 2 s, 4 s … 5 min. */
function retryMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
}
