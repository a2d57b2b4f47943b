import { ALL_SUSPICIOUS_GUARDS, type SuspiciousGuards } from "../suspiciousGuards.js";
import type { UserHistory } from "../users/userHistory.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import { slotDays } from "../users/userRecord.js";
import { type AddressWindow, W_NETWORK, W_SPOT } from "../volume/addressWindow.js";
import { type BruteForce, BruteForceWatch } from "./bruteForceWatch.js";
import { EVERYWHERE, FailureLevels, type UnusualUnits } from "./failureLevels.js";
import { KnownSources } from "./knownSources.js";
import { type LoginOutage, LoginOutageWatch, type RefusedCountries } from "./loginOutageWatch.js";
import { FAILED, type LoginOutcomes, SUCCEEDED, UNCLEAR } from "./loginOutcomes.js";
import { tallyLogins, userKey } from "./loginTallies.js";
import type { LoginWindow } from "./loginWindow.js";
import { SlowSprayWatch } from "./slowSprayWatch.js";
import { addFailure, addSuccess, newAttack, type StuffingAttack } from "./stuffingAttack.js";

/** An attack is over after so many windows without a failure of its addresses. */
const QUIET_WINDOWS = 3;
/** At most so many attacks are kept. */
const MAX_ATTACKS = 1_000;
/** From so many countries at once, an attack is from everywhere. */
const MANY_COUNTRIES = 3;

/** A window that is over, as log-ins are judged in it. */
interface Moment {
  readonly window: number;
  readonly endMs: number;
  readonly logins: LoginWindow;
  readonly addresses: AddressWindow;
}

/**
 * Finds log-ins that fail for many names: out of one address, one city, one network, one country, or everywhere at once.
 *
 * Each is held against its own past share of failures, so an office of forgetful people is not an attack; and addresses
 * that log in day by day are accused only by what they do themselves.
 */
export class StuffingWatch {
  readonly closed: StuffingAttack[] = [];
  readonly #open = new Map<number, StuffingAttack>();
  readonly #levels = new FailureLevels();
  readonly #known = new KnownSources();
  readonly #locations: UserLocationTable;
  readonly #users: UserHistory;
  readonly #outcomes: LoginOutcomes;
  readonly #guards: SuspiciousGuards;
  readonly #bruteForces = new BruteForceWatch();
  readonly #slow = new SlowSprayWatch();
  readonly #outages = new LoginOutageWatch();

  constructor(users: UserHistory, outcomes: LoginOutcomes, guards: SuspiciousGuards = ALL_SUSPICIOUS_GUARDS) {
    this.#users = users;
    this.#locations = users.locations;
    this.#outcomes = outcomes;
    this.#guards = guards;
  }

  /** Attacks on many accounts, fast and slow. */
  attacks(): StuffingAttack[] {
    return [...this.closed, ...this.#open.values(), ...this.#slow.attacks()];
  }
  /** Attacks on one account each. */
  bruteForces(): BruteForce[] {
    return this.#bruteForces.bruteForces();
  }
  /** Log-ins refused to everybody. */
  outages(): LoginOutage[] {
    return this.#outages.outages();
  }

  /** Judges the log-ins of a window that is over. */
  close(window: number, startMs: number, endMs: number, logins: LoginWindow, addresses: AddressWindow): void {
    if (logins.length > 0) this.#judge({ window, endMs, logins, addresses }, startMs);
    this.#slow.advance(endMs);
    for (const [origin, attack] of this.#open) {
      if (attack.lastWindow === window) attack.expected += this.#levels.usual(origin, window);
      if (window - attack.lastWindow < QUIET_WINDOWS) continue;
      this.#open.delete(origin);
      if (this.closed.length < MAX_ATTACKS) this.closed.push(attack);
    }
  }

  #judge(moment: Moment, startMs: number): void {
    const { window, endMs, logins, addresses } = moment;
    for (let i = 0; i < logins.length; i++)
      logins.outcome[i] = this.#outcomes.of(logins.path[i]!, logins.status[i]!, logins.bytes[i]!);
    const refused = this.#refused(moment, startMs);
    const tallies = tallyLogins(logins, addresses, this.#locations);
    const unusual = this.#levels.judge(tallies, window, refused);
    for (let i = 0; i < logins.length; i++) if (logins.outcome[i] !== UNCLEAR) this.#take(i, moment, unusual, refused);
    if (!refused.everywhere) this.#levels.learn(tallies, window, unusual);
    if (unusual.calm && !refused.everywhere) this.#learnOutcomes(logins, addresses, endMs);
  }

  #refused({ window, endMs, logins, addresses }: Moment, startMs: number): RefusedCountries {
    if (!this.#guards.has("login-outage")) return { everywhere: false, countries: new Set() };
    const at = (i: number): number => logins.source[i]!;
    return this.#outages.judge(window, startMs, endMs, logins, {
      location: (i) => addresses.rows[at(i) + W_SPOT]!,
      country: (i) => this.#locations.country[addresses.rows[at(i) + W_SPOT]!]!,
      key: (i) => addresses.key(at(i)),
      text: (i) => addresses.text(at(i)),
      known: (i) => this.#known.has(addresses.key(at(i)), startMs),
    });
  }

  #learnOutcomes(logins: LoginWindow, addresses: AddressWindow, endMs: number): void {
    for (let i = 0; i < logins.length; i++) {
      const [low, high, timeMs] = [logins.userLow[i]!, logins.userHigh[i]!, logins.timeMs[i]!];
      const key = addresses.key(logins.source[i]!);
      const nameless = low === 0 && high === 0;
      // Who tries a name where it was never seen teaches nothing of how people fail.
      const location = addresses.rows[logins.source[i]! + W_SPOT]!;
      if (!nameless && location !== 0 && this.#users.stateAt(low, high, location) === 0) continue;
      const who = nameless ? -1 - key : userKey(low, high);
      this.#outcomes.learn({ path: logins.path[i]!, status: logins.status[i]!, bytes: logins.bytes[i]!, who, timeMs });
      if (logins.outcome[i] === SUCCEEDED) this.#known.add(key, endMs);
    }
  }

  /** Gives one log-in to the attack that it is part of, if any, and to the watches over single accounts. */
  #take(i: number, moment: Moment, unusual: UnusualUnits, refused: RefusedCountries): void {
    const { logins, addresses, window, endMs } = moment;
    const at = logins.source[i]!;
    const location = addresses.rows[at + W_SPOT]!;
    const country = this.#locations.country[location]!;
    const key = addresses.key(at);
    const known = this.#guards.has("own-place") && this.#known.has(key, endMs);
    const excused = refused.everywhere || refused.countries.has(country) || known;
    const accused = unusual.sources.has(at) || (!excused && this.#isUnusual(at, location, country, addresses, unusual));
    const spread = unusual.world || unusual.countries.size >= MANY_COUNTRIES;
    const origin = spread && !unusual.sources.has(at) ? EVERYWHERE : country;
    const begins = accused || (spread && !excused);
    const attack = this.#open.get(origin) ?? (begins ? this.#begin(origin, window, endMs) : undefined);
    const mine = attack !== undefined && (begins || attack.sources.has(key));
    if (logins.outcome[i] === FAILED) this.#failed(i, moment, key, location, mine ? attack : undefined, excused);
    else this.#succeeded(i, moment, key, location);
  }

  #begin(origin: number, window: number, endMs: number): StuffingAttack {
    const attack = newAttack(origin, window, endMs);
    this.#open.set(origin, attack);
    return attack;
  }

  /** A log-in that went through: of interest to every attack that its address may turn out to be part of. */
  #succeeded(i: number, { logins, addresses, endMs }: Moment, key: number, location: number): void {
    const [low, high, timeMs] = [logins.userLow[i]!, logins.userHigh[i]!, logins.timeMs[i]!];
    const days = slotDays(this.#users.stateAt(low, high, location)); // the log-in itself has made it one
    const familiar = this.#guards.has("own-place") && days > 1 && this.#known.has(key, endMs);
    for (const attack of this.#open.values())
      addSuccess(attack, { source: key, user: logins.name(i), low, high, timeMs, familiar });
    if (low === 0 && high === 0) return;
    const text = (): string => addresses.text(logins.source[i]!);
    this.#bruteForces.succeed(userKey(low, high), timeMs, key, text, days <= 1);
  }

  #failed(
    i: number,
    { logins, addresses, window }: Moment,
    key: number,
    location: number,
    attack: StuffingAttack | undefined,
    excused: boolean,
  ): void {
    const at = logins.source[i]!;
    const [low, high, timeMs] = [logins.userLow[i]!, logins.userHigh[i]!, logins.timeMs[i]!];
    const source = { key, text: addresses.text(at), location, network: addresses.rows[at + W_NETWORK]! };
    if (attack !== undefined) {
      addFailure(attack, source, low, high, logins.name(i), timeMs);
      attack.lastWindow = window;
    }
    if ((low === 0 && high === 0) || (excused && attack === undefined)) return;
    const country = this.#locations.country[location]!;
    const strange = this.#users.stateAt(low, high, location) === 0;
    this.#bruteForces.fail({ user: userKey(low, high), name: () => logins.name(i), timeMs, source, country });
    if (strange && attack === undefined) this.#slow.add({ timeMs, source, low, high, name: logins.name(i) });
  }

  #isUnusual(at: number, location: number, country: number, addresses: AddressWindow, unusual: UnusualUnits): boolean {
    if (unusual.cities.has(this.#locations.city[location]!)) return true;
    if (unusual.networks.has(addresses.rows[at + W_NETWORK]!)) return true;
    if (!unusual.countries.has(country)) return false;
    for (const city of unusual.cities) if (this.#locations.countryOfCity(city) === country) return false;
    return true;
  }
}
