import { logIncompleteBeta } from "../../../stats/incompleteBeta.js";
import { FAILED, UNCLEAR } from "./loginOutcomes.js";
import type { LoginWindow } from "./loginWindow.js";

/** So many known addresses are judged at the least, back to so many windows; of which so many are refused. */
const MIN_ADDRESSES = 8;
const MAX_WINDOWS = 6;
const REFUSED_SHARE = 0.6;
/** … more than chance lets be refused so seldom. */
const CHANCE = Math.log(1e-8);
const MAX_LISTED = 1_000;
const MAX_OUTAGES = 200;
/** Two stretches with fewer windows between them are one outage. */
const QUIET_WINDOWS = 3;
/** The unit of everybody. */
const WORLD = -1;

/** Log-ins refused to those who always log in. */
export interface LoginOutage {
  readonly startMs: number;
  endMs: number;
  readonly detectedAtMs: number;
  lastWindow: number;
  attempts: number;
  failures: number;
  /** Countries of the log-ins that were refused: location → failures. */
  readonly locations: Map<number, number>;
  readonly addresses: Map<number, string>;
  readonly statuses: Map<number, number>;
  everywhere: boolean;
}

/** One log-in of a known address. */
interface KnownLogin {
  readonly country: number;
  readonly key: number;
  readonly failed: boolean;
}

/** What a watch of log-ins knows of the row of a window. */
export interface LoginContext {
  country(row: number): number;
  location(row: number): number;
  key(row: number): number;
  text(row: number): string;
  /** Whether log-ins of the row's address went through before. */
  known(row: number): boolean;
}

/**
 * Tells an outage of log-ins from an attack on them: in an attack strangers are refused, in an outage everybody is.
 *
 * Judged are log-ins from addresses whose log-ins went through before, of the world and of each country.
 */
export class LoginOutageWatch {
  readonly #past: KnownLogin[][] = [];
  readonly #closed: LoginOutage[] = [];
  #open: LoginOutage | undefined;
  /** Known addresses that tried, window by window, and those that were refused. */
  #tried = 0;
  #refused = 0;

  outages(): LoginOutage[] {
    return this.#open === undefined ? [...this.#closed] : [...this.#closed, this.#open];
  }

  /** Countries in which log-ins are refused to everybody in a window that is over; all of them where it is everywhere. */
  judge(window: number, startMs: number, endMs: number, logins: LoginWindow, of: LoginContext): RefusedCountries {
    const known: KnownLogin[] = [];
    for (let i = 0; i < logins.length; i++)
      if (logins.outcome[i] !== UNCLEAR && of.known(i))
        known.push({ country: of.country(i), key: of.key(i), failed: logins.outcome[i] === FAILED });
    this.#past.push(known);
    if (this.#past.length > MAX_WINDOWS) this.#past.shift();
    const everywhere = this.#isRefused(WORLD) && isEverywhere(known);
    const countries = new Set([...new Set(known.map((k) => k.country))].filter((c) => this.#isRefused(c)));
    const refused = { everywhere, countries };
    if (everywhere || countries.size > 0) this.#extend(window, startMs, endMs, logins, of, refused);
    else this.#learn(known);
    if (this.#open !== undefined && window - this.#open.lastWindow >= QUIET_WINDOWS) this.#close();
    return refused;
  }

  /** Whether the addresses that tried last in a country, in no more windows than it takes, were refused. */
  #isRefused(country: number): boolean {
    const last = new Map<number, boolean>();
    for (let at = this.#past.length - 1; at >= 0 && last.size < MIN_ADDRESSES; at--)
      for (const { key, failed, country: c } of this.#past[at]!)
        if (country === WORLD || c === country) last.set(key, (last.get(key) ?? false) || failed);
    const n = last.size;
    const refused = [...last.values()].filter((failed) => failed).length;
    if (n < MIN_ADDRESSES || refused < REFUSED_SHARE * n) return false;
    const usual = (this.#refused + 1) / (this.#tried + 20);
    return logIncompleteBeta(refused, n - refused + 1, usual).lower < CHANCE; // the binomial's upper tail
  }

  /** Learns how often known addresses are refused in peace. */
  #learn(known: readonly KnownLogin[]): void {
    this.#tried += new Set(known.map((k) => k.key)).size;
    this.#refused += new Set(known.filter((k) => k.failed).map((k) => k.key)).size;
  }

  #extend(
    window: number,
    startMs: number,
    endMs: number,
    logins: LoginWindow,
    of: LoginContext,
    refused: RefusedCountries,
  ): void {
    this.#open ??= newOutage(startMs, endMs);
    const outage = this.#open;
    outage.endMs = endMs;
    outage.lastWindow = window;
    outage.everywhere ||= refused.everywhere;
    for (let i = 0; i < logins.length; i++) {
      if (logins.outcome[i] === UNCLEAR || !(refused.everywhere || refused.countries.has(of.country(i)))) continue;
      outage.attempts++;
      if (logins.outcome[i] !== FAILED) continue;
      outage.failures++;
      const location = of.location(i);
      outage.locations.set(location, (outage.locations.get(location) ?? 0) + 1);
      outage.statuses.set(logins.status[i]!, (outage.statuses.get(logins.status[i]!) ?? 0) + 1);
      if (outage.addresses.size < MAX_LISTED && !outage.addresses.has(of.key(i)))
        outage.addresses.set(of.key(i), of.text(i));
    }
  }

  #close(): void {
    if (this.#closed.length < MAX_OUTAGES) this.#closed.push(this.#open!);
    this.#open = undefined;
  }
}

/** Whether log-ins fail in most of the countries that they are from, and in more than one. */
function isEverywhere(known: readonly KnownLogin[]): boolean {
  const countries = new Map<number, boolean>();
  for (const { country, failed } of known) countries.set(country, (countries.get(country) ?? false) || failed);
  const failing = [...countries.values()].filter((failed) => failed).length;
  return failing > 1 && failing >= REFUSED_SHARE * countries.size;
}

/** Where log-ins are refused to everybody. */
export interface RefusedCountries {
  readonly everywhere: boolean;
  readonly countries: ReadonlySet<number>;
}

const newOutage = (startMs: number, endMs: number): LoginOutage => ({
  startMs,
  endMs,
  detectedAtMs: endMs,
  lastWindow: 0,
  attempts: 0,
  failures: 0,
  locations: new Map(),
  addresses: new Map(),
  statuses: new Map(),
  everywhere: false,
});
