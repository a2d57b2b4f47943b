import { DAY_MS, HOUR_MS } from "../../../core/time.js";

/** Failures of one account are forgotten after a day. */
const MEMORY_MS = DAY_MS;
/** How many attempts an account's bruteForce takes: failures, from so many addresses. */
const MIN_FAILURES = 10;
const MIN_ADDRESSES = 5;
/** … in so many countries, or else from so many addresses. */
const MIN_COUNTRIES = 2;
const MANY_ADDRESSES = 8;
const MAX_LISTED = 1_000;

/** Failed log-ins of one account, from anywhere. */
export interface BruteForce {
  readonly user: string;
  failures: number;
  startMs: number;
  endMs: number;
  /** When it was first enough to tell; NaN before. */
  detectedAtMs: number;
  /** Address key → text, location and failures. */
  readonly sources: Map<number, { readonly text: string; readonly location: number; failures: number }>;
  readonly countries: Set<number>;
  /** A log-in that went through from an address that had failed, or from a place new to the user; "" if none. */
  openedFrom: string;
}

/** A log-in that failed, as a bruteForce counts it. */
export interface FailedLogin {
  /** The account's key, and its name where it is not known yet. */
  readonly user: number;
  readonly name: () => string;
  readonly timeMs: number;
  readonly source: { readonly key: number; readonly text: string; readonly location: number };
  readonly country: number;
}

/** Watches accounts for failures out of many addresses, each of which tries too little to be noticed by itself. */
export class BruteForceWatch {
  readonly #bruteForces = new Map<number, BruteForce>();
  readonly #done: BruteForce[] = [];
  readonly #maxAccounts: number;
  #sweptMs = 0;

  constructor(maxAccounts = 200_000) {
    this.#maxAccounts = maxAccounts;
  }

  /** Accounts under bruteForce, so far. */
  bruteForces(): BruteForce[] {
    return [...this.#done, ...this.#bruteForces.values()].filter((s) => !Number.isNaN(s.detectedAtMs));
  }

  /** Counts a failed log-in. */
  fail({ user, name, timeMs, source, country }: FailedLogin): void {
    let bruteForce = this.#bruteForces.get(user);
    if (bruteForce !== undefined && timeMs > bruteForce.endMs + MEMORY_MS) bruteForce = this.#drop(user, bruteForce);
    if (bruteForce === undefined) {
      bruteForce = newBruteForce(name(), timeMs);
      this.#bruteForces.set(user, bruteForce);
      if (timeMs > this.#sweptMs + HOUR_MS || this.#bruteForces.size > this.#maxAccounts) this.#sweep(timeMs);
    }
    bruteForce.failures++;
    bruteForce.endMs = Math.max(bruteForce.endMs, timeMs);
    bruteForce.startMs = Math.min(bruteForce.startMs, timeMs);
    const known = bruteForce.sources.get(source.key);
    if (known !== undefined) known.failures++;
    else if (bruteForce.sources.size < MAX_LISTED) bruteForce.sources.set(source.key, { ...source, failures: 1 });
    if (country > 0) bruteForce.countries.add(country);
    if (Number.isNaN(bruteForce.detectedAtMs) && isBruteForce(bruteForce)) bruteForce.detectedAtMs = timeMs;
  }

  /** Notes a log-in that went through while its account is under bruteForce. */
  succeed(user: number, timeMs: number, address: number, text: () => string, newPlace: boolean): void {
    const bruteForce = this.#bruteForces.get(user);
    if (bruteForce === undefined || Number.isNaN(bruteForce.detectedAtMs) || timeMs > bruteForce.endMs + 3 * HOUR_MS)
      return;
    if (bruteForce.openedFrom === "" && (bruteForce.sources.has(address) || newPlace)) bruteForce.openedFrom = text();
  }

  #drop(user: number, bruteForce: BruteForce): undefined {
    this.#bruteForces.delete(user);
    if (!Number.isNaN(bruteForce.detectedAtMs) && this.#done.length < MAX_LISTED) this.#done.push(bruteForce);
    return undefined;
  }

  /** Forgets accounts that are left alone; when there are too many, the oldest half. */
  #sweep(timeMs: number): void {
    this.#sweptMs = timeMs;
    for (const [user, bruteForce] of this.#bruteForces)
      if (timeMs > bruteForce.endMs + MEMORY_MS) this.#drop(user, bruteForce);
    if (this.#bruteForces.size <= this.#maxAccounts) return;
    const oldest = [...this.#bruteForces].sort((a, b) => a[1].endMs - b[1].endMs).slice(0, this.#maxAccounts / 2);
    for (const [user, bruteForce] of oldest) this.#drop(user, bruteForce);
  }
}

const newBruteForce = (user: string, timeMs: number): BruteForce => ({
  user,
  failures: 0,
  startMs: timeMs,
  endMs: timeMs,
  detectedAtMs: Number.NaN,
  sources: new Map(),
  countries: new Set(),
  openedFrom: "",
});

function isBruteForce(bruteForce: BruteForce): boolean {
  if (bruteForce.failures < MIN_FAILURES || bruteForce.sources.size < MIN_ADDRESSES) return false;
  return bruteForce.countries.size >= MIN_COUNTRIES || bruteForce.sources.size >= MANY_ADDRESSES;
}
