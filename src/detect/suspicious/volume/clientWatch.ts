import { DAY_MS } from "../../../core/time.js";
import { ALL_SUSPICIOUS_GUARDS, type SuspiciousGuards } from "../suspiciousGuards.js";
import {
  type AddressWindow,
  distinctOf,
  W_COUNT,
  W_ERRORS,
  W_GAPS,
  W_KILOBYTES,
  W_LAST,
  W_NAMED,
  W_NETWORK,
  W_PATH_BITS,
  W_REFUSED,
  W_SPOT,
  W_USER_BITS,
  WINDOW_WORDS,
} from "./addressWindow.js";
import { BusiestClients } from "./busiestClients.js";
import type { BotSign } from "./surgeEpisode.js";

/** Requests in a window below which an address is not looked at: one a second over five minutes. */
const MIN_REQUESTS = 300;
/** … and times what the other addresses have on average. */
const MIN_RATIO = 20;
/** More different users than this behind an address make it a gateway of people. */
const MAX_USERS = 3;
/** An address that was as busy on so many days before is a customer of the interface, a monitor, a health check. */
const USUAL_DAYS = 2;
const QUIET_WINDOWS = 3;
const MAX_KNOWN = 50_000;
/** Bits of 32 that the paths must set for an address to be going through everything. */
const MANY_PATHS = 60;
/** Bursts of single clients reach so many nats once in about a hundred weeks of windows of five minutes. */
const BEYOND_BURSTS = 12.2;

/** One address that works like a machine. */
export interface ClientEpisode {
  readonly key: number;
  readonly text: string;
  readonly location: number;
  readonly network: number;
  readonly startMs: number;
  endMs: number;
  detectedAtMs: number;
  lastWindow: number;
  requests: number;
  errors: number;
  refused: number;
  named: number;
  kilobytes: number;
  windows: number;
  /** Requests of the mean address in the same windows. */
  others: number;
  /** Requests and failed requests of all addresses in the same windows. */
  worldRequests: number;
  worldErrors: number;
  /** The largest of all requests over those of the busiest quiet window before. */
  load: number;
  /** -ln of the chance that bursts of single clients explain it. */
  surprise: number;
  readonly signs: Map<BotSign, number>;
}

interface Busy {
  days: number;
  lastDay: number;
}

/** Finds single addresses with a machine's volume, steadiness or appetite, that are not known for it. */
export class ClientWatch {
  readonly closed: ClientEpisode[] = [];
  readonly #open = new Map<number, ClientEpisode>();
  readonly #busy = new Map<number, Busy>();
  readonly #busiest = new BusiestClients();
  #firstMs = Number.NaN;
  /** Requests of the busiest window without a busy address. */
  #peak = 0;

  readonly #guards: SuspiciousGuards;

  constructor(guards: SuspiciousGuards = ALL_SUSPICIOUS_GUARDS) {
    this.#guards = guards;
  }

  /** What no burst of a client of this log explains. */
  episodes(): ClientEpisode[] {
    const all = [...this.closed, ...this.#open.values()];
    return this.#guards.has("bursts") ? all.filter((e) => e.surprise >= BEYOND_BURSTS) : all;
  }

  /** Whether an address was found busy on several days. */
  isKnown(key: number): boolean {
    return (this.#busy.get(key)?.days ?? 0) >= USUAL_DAYS;
  }

  close(number: number, startMs: number, endMs: number, window: AddressWindow): void {
    if (Number.isNaN(this.#firstMs)) this.#firstMs = startMs;
    const all = sumOf(window);
    for (let row = 0; row < window.length; row++) {
      const at = row * WINDOW_WORDS;
      const requests = window.rows[at + W_COUNT]!;
      if (requests < MIN_REQUESTS || requests < MIN_RATIO * all.mean) continue;
      if (distinctOf(window.rows[at + W_USER_BITS]!) > MAX_USERS) continue;
      this.#take(number, startMs, endMs, window, at, all);
    }
    if (window.length > 0) this.#busiest.add(all.most);
    if (this.#open.size === 0) this.#peak = Math.max(this.#peak, all.requests);
    for (const [key, episode] of this.#open) {
      if (number - episode.lastWindow < QUIET_WINDOWS) continue;
      this.#open.delete(key);
      if (this.closed.length < 5_000) this.closed.push(episode);
    }
  }

  #take(number: number, startMs: number, endMs: number, window: AddressWindow, at: number, all: WindowSum): void {
    const key = window.key(at);
    const fromTheStart = this.#guards.has("from-the-start") && startMs < this.#firstMs + DAY_MS;
    if (this.#isUsual(key, Math.floor(startMs / DAY_MS), fromTheStart) && !this.#open.has(key)) return;
    let episode = this.#open.get(key);
    if (episode === undefined) {
      episode = newClient(window, at, startMs, endMs);
      this.#open.set(key, episode);
    }
    const { rows, floats } = window;
    if (episode.surprise < BEYOND_BURSTS) episode.detectedAtMs = endMs;
    episode.surprise += this.#busiest.surprise(rows[at + W_COUNT]!);
    episode.endMs = endMs;
    episode.lastWindow = number;
    episode.windows++;
    episode.requests += rows[at + W_COUNT]!;
    episode.errors += rows[at + W_ERRORS]!;
    episode.refused += rows[at + W_REFUSED]!;
    episode.named += rows[at + W_NAMED]!;
    episode.kilobytes += floats[at + W_KILOBYTES]!;
    episode.others += all.mean;
    episode.worldRequests += all.requests;
    episode.worldErrors += all.errors;
    episode.load = Math.max(episode.load, all.requests / Math.max(1, this.#peak));
    for (const sign of signsOf(window, at)) episode.signs.set(sign, (episode.signs.get(sign) ?? 0) + 1);
  }

  /** Whether the address was busy on earlier days, or when the log began; remembers that it is today. */
  #isUsual(key: number, day: number, fromTheStart: boolean): boolean {
    const known = this.#busy.get(key);
    if (known === undefined) {
      if (this.#busy.size >= MAX_KNOWN) this.#busy.delete(this.#busy.keys().next().value!);
      this.#busy.set(key, { days: fromTheStart ? USUAL_DAYS : 0, lastDay: day });
      return fromTheStart;
    }
    if (day > known.lastDay) {
      known.days++;
      known.lastDay = day;
    }
    return known.days >= USUAL_DAYS;
  }
}

/** All requests of a window, and those of its mean address but the busiest. */
interface WindowSum {
  readonly requests: number;
  readonly errors: number;
  readonly mean: number;
  /** Those of the busiest address. */
  readonly most: number;
}

function sumOf(window: AddressWindow): WindowSum {
  let [requests, errors, most] = [0, 0, 0];
  for (let row = 0; row < window.length; row++) {
    const count = window.rows[row * WINDOW_WORDS + W_COUNT]!;
    requests += count;
    errors += window.rows[row * WINDOW_WORDS + W_ERRORS]!;
    if (count > most) most = count;
  }
  return { requests, errors, most, mean: (requests - most) / Math.max(1, window.length - 1) };
}

function signsOf(window: AddressWindow, at: number): BotSign[] {
  const { rows, floats } = window;
  const count = rows[at + W_COUNT]!;
  const signs: BotSign[] = [];
  if (rows[at + W_NAMED] === 0) signs.push("no-users");
  if (rows[at + W_REFUSED]! > count / 10) signs.push("refused");
  if (distinctOf(rows[at + W_PATH_BITS]!) > MANY_PATHS) signs.push("many-paths");
  const meanGap = rows[at + W_LAST]! / 1_000 / count;
  const variance = floats[at + W_GAPS]! / count - meanGap * meanGap;
  if (variance < (meanGap / 2) ** 2) signs.push("clockwork"); // people and queues vary by the mean or more
  return signs;
}

const newClient = (window: AddressWindow, at: number, startMs: number, endMs: number): ClientEpisode => ({
  key: window.key(at),
  text: window.text(at),
  location: window.rows[at + W_SPOT]!,
  network: window.rows[at + W_NETWORK]!,
  startMs,
  endMs,
  detectedAtMs: endMs,
  lastWindow: 0,
  requests: 0,
  errors: 0,
  refused: 0,
  named: 0,
  kilobytes: 0,
  windows: 0,
  others: 0,
  worldRequests: 0,
  worldErrors: 0,
  load: 0,
  surprise: 0,
  signs: new Map(),
});
