import { DAY_MS, HOUR_MS } from "../../../core/time.js";

/** Failures of one account are forgotten after a day. */
const MEMORY_MS = DAY_MS;
/** How many attempts an account's siege takes: failures, from so many addresses. */
const MIN_FAILURES = 10;
const MIN_ADDRESSES = 5;
/** … in so many countries, or else from so many addresses. */
const MIN_COUNTRIES = 2;
const MANY_ADDRESSES = 8;
const MAX_LISTED = 1_000;

/** Failed log-ins of one account, from anywhere. */
export interface Siege {
  readonly user: string;
  failures: number;
  startMs: number;
  endMs: number;
  /** When it was first enough to tell; NaN before. */
  detectedAtMs: number;
  /** Address key → text, spot and failures. */
  readonly sources: Map<number, { readonly text: string; readonly spot: number; failures: number }>;
  readonly countries: Set<number>;
  /** A log-in that went through from an address that had failed, or from a place new to the user; "" if none. */
  openedFrom: string;
}

/** A log-in that failed, as a siege counts it. */
export interface FailedLogin {
  /** The account's key, and its name where it is not known yet. */
  readonly user: number;
  readonly name: () => string;
  readonly timeMs: number;
  readonly source: { readonly key: number; readonly text: string; readonly spot: number };
  readonly country: number;
}

/** Watches accounts for failures out of many addresses, each of which tries too little to be noticed by itself. */
export class SiegeWatch {
  readonly #sieges = new Map<number, Siege>();
  readonly #done: Siege[] = [];
  readonly #maxAccounts: number;
  #sweptMs = 0;

  constructor(maxAccounts = 200_000) {
    this.#maxAccounts = maxAccounts;
  }

  /** Accounts under siege, so far. */
  sieges(): Siege[] {
    return [...this.#done, ...this.#sieges.values()].filter((s) => !Number.isNaN(s.detectedAtMs));
  }

  /** Counts a failed log-in. */
  fail({ user, name, timeMs, source, country }: FailedLogin): void {
    let siege = this.#sieges.get(user);
    if (siege !== undefined && timeMs > siege.endMs + MEMORY_MS) siege = this.#drop(user, siege);
    if (siege === undefined) {
      siege = newSiege(name(), timeMs);
      this.#sieges.set(user, siege);
      if (timeMs > this.#sweptMs + HOUR_MS || this.#sieges.size > this.#maxAccounts) this.#sweep(timeMs);
    }
    siege.failures++;
    siege.endMs = Math.max(siege.endMs, timeMs);
    siege.startMs = Math.min(siege.startMs, timeMs);
    const known = siege.sources.get(source.key);
    if (known !== undefined) known.failures++;
    else if (siege.sources.size < MAX_LISTED) siege.sources.set(source.key, { ...source, failures: 1 });
    if (country > 0) siege.countries.add(country);
    if (Number.isNaN(siege.detectedAtMs) && isSiege(siege)) siege.detectedAtMs = timeMs;
  }

  /** Notes a log-in that went through while its account is under siege. */
  succeed(user: number, timeMs: number, address: number, text: () => string, newPlace: boolean): void {
    const siege = this.#sieges.get(user);
    if (siege === undefined || Number.isNaN(siege.detectedAtMs) || timeMs > siege.endMs + 3 * HOUR_MS) return;
    if (siege.openedFrom === "" && (siege.sources.has(address) || newPlace)) siege.openedFrom = text();
  }

  #drop(user: number, siege: Siege): undefined {
    this.#sieges.delete(user);
    if (!Number.isNaN(siege.detectedAtMs) && this.#done.length < MAX_LISTED) this.#done.push(siege);
    return undefined;
  }

  /** Forgets accounts that are left alone; when there are too many, the oldest half. */
  #sweep(timeMs: number): void {
    this.#sweptMs = timeMs;
    for (const [user, siege] of this.#sieges) if (timeMs > siege.endMs + MEMORY_MS) this.#drop(user, siege);
    if (this.#sieges.size <= this.#maxAccounts) return;
    const oldest = [...this.#sieges].sort((a, b) => a[1].endMs - b[1].endMs).slice(0, this.#maxAccounts / 2);
    for (const [user, siege] of oldest) this.#drop(user, siege);
  }
}

const newSiege = (user: string, timeMs: number): Siege => ({
  user,
  failures: 0,
  startMs: timeMs,
  endMs: timeMs,
  detectedAtMs: Number.NaN,
  sources: new Map(),
  countries: new Set(),
  openedFrom: "",
});

function isSiege(siege: Siege): boolean {
  if (siege.failures < MIN_FAILURES || siege.sources.size < MIN_ADDRESSES) return false;
  return siege.countries.size >= MIN_COUNTRIES || siege.sources.size >= MANY_ADDRESSES;
}
