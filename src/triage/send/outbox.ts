import type { Alert } from "../alert.js";
import type { CheckedReceiver } from "./receiver.js";
import type { SenderEntry } from "./senderState.js";

/** An entry at work. */
export interface OutboxEntry {
  receiver: string;
  alert: Alert;
  pending: boolean;
  told: Alert["status"] | null;
  resolvedAtMs: number | null;
  /** Requests since the last news. */
  attempts: number;
  /** When to send next, epoch milliseconds; Infinity for never. */
  dueMs: number;
  /** Counts news, so that what was sent can be told from what came meanwhile. */
  version: number;
  isSending: boolean;
}

/** What each receiver has to be told: the latest news of each alert, so that none is overtaken by an older one. */
export class Outbox {
  readonly #entries = new Map<string, OutboxEntry>();
  readonly #receivers: ReadonlyMap<string, CheckedReceiver>;

  constructor(receivers: ReadonlyMap<string, CheckedReceiver>, entries: readonly SenderEntry[], nowMs: number) {
    this.#receivers = receivers;
    for (const entry of entries) {
      const known = { ...entry, attempts: 0, version: 0, isSending: false, dueMs: nowMs };
      if (!entry.pending && !this.#isKeptAlive(entry.receiver)) known.dueMs = Number.POSITIVE_INFINITY;
      this.#entries.set(idOf(entry.receiver, entry.alert.key), known);
    }
  }

  /** Takes an alert for its receivers, and for those that heard of it before and are owed its end. */
  take(alert: Alert, nowMs: number): void {
    for (const receiver of this.#receivers.keys()) {
      const entry = this.#entries.get(idOf(receiver, alert.key));
      if (entry !== undefined) update(entry, alert, nowMs);
      else if (alert.receivers.includes(receiver) && !isOldEnd(alert)) this.#add(receiver, alert, nowMs);
    }
  }

  /** Those to be sent now, the gravest first. */
  due(nowMs: number): OutboxEntry[] {
    return [...this.#entries.values()]
      .filter((entry) => !entry.isSending && entry.dueMs <= nowMs && this.#receivers.has(entry.receiver))
      .sort((a, b) => rank(a.alert) - rank(b.alert) || a.alert.startMs - b.alert.startMs);
  }

  /** When the next has to be sent; Infinity for never. */
  nextDueMs(): number {
    const times = [...this.#entries.values()].filter((entry) => !entry.isSending).map((entry) => entry.dueMs);
    return Math.min(Number.POSITIVE_INFINITY, ...times);
  }

  remove(entry: OutboxEntry): void {
    this.#entries.delete(idOf(entry.receiver, entry.alert.key));
  }

  /** Everything that is not done with, those of receivers that are not configured now among them. */
  entries(): SenderEntry[] {
    return [...this.#entries.values()].map(({ receiver, alert, pending, told, resolvedAtMs }) => ({
      receiver,
      alert,
      pending,
      told,
      resolvedAtMs,
    }));
  }

  #add(receiver: string, alert: Alert, nowMs: number): void {
    const fresh = { pending: true, told: null, resolvedAtMs: null, attempts: 0, version: 0, isSending: false };
    this.#entries.set(idOf(receiver, alert.key), { receiver, alert, ...fresh, dueMs: nowMs });
  }

  #isKeptAlive(receiver: string): boolean {
    return this.#receivers.get(receiver)?.format === "alertmanager";
  }
}

function update(entry: OutboxEntry, alert: Alert, nowMs: number): void {
  const isNews = alert.change !== "unchanged" || alert.status !== entry.alert.status;
  entry.alert = alert;
  if (!isNews) return;
  entry.pending = true;
  entry.attempts = 0;
  entry.dueMs = nowMs;
  entry.version++;
  if (alert.status === "firing") entry.resolvedAtMs = null;
}

const idOf = (receiver: string, key: string): string => `${receiver}\u0000${key}`;

/** The end of what this receiver never heard of, told before. */
const isOldEnd = ({ status, change }: Alert): boolean => status === "resolved" && change === "unchanged";

const RANKS: readonly string[] = ["critical", "high", "medium", "low", "info"];
const rank = ({ severity }: Alert): number => RANKS.indexOf(severity);
