import type { UserHistory } from "../users/userHistory.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import { slotDays } from "../users/userRecord.js";
import { type AddressWindow, W_NETWORK, W_SPOT } from "../volume/addressWindow.js";
import { type BruteForce, BruteForceWatch } from "./bruteForceWatch.js";
import { DecayedRates } from "./decayedRates.js";
import { type LoginTallies, type LoginTally, tallyLogins, userKey } from "./loginTallies.js";
import type { LoginWindow } from "./loginWindow.js";
import { SlowSprayWatch } from "./slowSprayWatch.js";
import { addFailure, addSuccess, newAttack, type StuffingAttack } from "./stuffingAttack.js";

/** So many failures of one unit in a window are the least that is judged, of so many names. */
const MIN_FAILURES = 8;
const MIN_USERS = 5;
/** Times the failures that are usual there. */
const MIN_RATIO = 5;
/** Standard deviations above what the unit's own share of failures explains. */
const MIN_DEVIATIONS = 5;
/** An attack is over after so many windows without a failure of its addresses. */
const QUIET_WINDOWS = 3;
/** At most so many attacks are kept. */
const MAX_ATTACKS = 1_000;
const WORLD = 0;
/** The origin of an attack that comes from everywhere. */
export const EVERYWHERE = -1;

/**
 * Finds log-ins that fail for many names: out of one address, one city, one network, one country, or everywhere at once.
 *
 * Each is held against its own past share of failures, so an office of forgetful people is not an attack.
 */
export class StuffingWatch {
  readonly closed: StuffingAttack[] = [];
  readonly #open = new Map<number, StuffingAttack>();
  readonly #cities = new DecayedRates();
  readonly #networks = new DecayedRates();
  readonly #countries = new DecayedRates();
  readonly #world = new DecayedRates();
  readonly #unseen = new DecayedRates();
  readonly #locations: UserLocationTable;
  readonly #users: UserHistory;
  readonly #bruteForces = new BruteForceWatch();
  readonly #slow = new SlowSprayWatch();

  constructor(users: UserHistory) {
    this.#users = users;
    this.#locations = users.locations;
  }

  /** Attacks on many accounts, fast and slow. */
  attacks(): StuffingAttack[] {
    return [...this.closed, ...this.#open.values(), ...this.#slow.attacks()];
  }
  /** Attacks on one account each. */
  bruteForces(): BruteForce[] {
    return this.#bruteForces.bruteForces();
  }

  /** Judges the log-ins of a window that is over. */
  close(window: number, endMs: number, logins: LoginWindow, addresses: AddressWindow): void {
    if (logins.length > 0) {
      const tallies = tallyLogins(logins, addresses, this.#locations);
      const flagged = this.#flag(tallies, window);
      for (let i = 0; i < logins.length; i++) this.#take(i, window, endMs, logins, addresses, flagged);
      this.#learn(tallies, window, flagged);
    }
    this.#slow.advance(endMs);
    for (const [origin, attack] of this.#open) {
      if (attack.lastWindow === window) attack.expected += this.#usual(origin, window);
      if (window - attack.lastWindow < QUIET_WINDOWS) continue;
      this.#open.delete(origin);
      if (this.closed.length < MAX_ATTACKS) this.closed.push(attack);
    }
  }

  #flag(tallies: LoginTallies, window: number): Flagged {
    const judge = (units: ReadonlyMap<number, LoginTally>, rates: DecayedRates, least: number): Set<number> => {
      const found = new Set<number>();
      for (const [unit, tally] of units)
        if (unit >= least && this.#isAttack(tally, rates, unit, window)) found.add(unit);
      return found;
    };
    const flagged = {
      sources: judge(tallies.sources, this.#unseen, 0), // an address is held against the world alone
      cities: judge(tallies.cities, this.#cities, 1),
      networks: judge(tallies.networks, this.#networks, 1),
      countries: judge(tallies.countries, this.#countries, 1),
    };
    const explained = [...flagged.countries].reduce((sum, c) => sum + tallies.countries.get(c)!.failures, 0);
    const world = this.#isAttack(tallies.world, this.#world, WORLD, window);
    return { ...flagged, world: world && explained < tallies.world.failures / 2 };
  }

  /** Failures that a window of an origin has in peace. */
  #usual(origin: number, window: number): number {
    if (origin === EVERYWHERE) return this.#world.failuresPerWindow(WORLD, window);
    return this.#countries.failuresPerWindow(origin, window);
  }

  #isAttack(tally: LoginTally, rates: DecayedRates, unit: number, window: number): boolean {
    if (tally.failures < MIN_FAILURES || tally.users.size < MIN_USERS) return false;
    if (tally.failures < MIN_RATIO * (rates.failuresPerWindow(unit, window) + 0.5)) return false;
    const worldShare = (this.#world.failures(WORLD, window) + 1) / (this.#world.attempts(WORLD, window) + 10);
    const share = (rates.failures(unit, window) + 20 * worldShare) / (rates.attempts(unit, window) + 20);
    const expected = tally.attempts * share;
    return (tally.failures - expected) / Math.sqrt(expected * (1 - share) + 1) >= MIN_DEVIATIONS;
  }

  /** Gives one log-in to the attack that it is part of, if any, and to the watches over single accounts. */
  #take(
    i: number,
    window: number,
    endMs: number,
    logins: LoginWindow,
    addresses: AddressWindow,
    flagged: Flagged,
  ): void {
    const at = logins.source[i]!;
    const location = addresses.rows[at + W_SPOT]!;
    const country = this.#locations.country[location]!;
    const key = addresses.key(at);
    const unusual = this.#isUnusual(at, location, country, addresses, flagged);
    const origin = unusual || !flagged.world ? country : EVERYWHERE;
    const begins = unusual || flagged.world;
    const attack = this.#open.get(origin) ?? (begins ? this.#begin(origin, window, endMs) : undefined);
    const mine = attack !== undefined && (unusual || origin === EVERYWHERE || attack.sources.has(key));
    if (logins.failed[i] === 0) this.#succeeded(i, logins, addresses, key, location, attack);
    else this.#failed(i, logins, addresses, key, location, mine ? attack : undefined, window);
  }

  #begin(origin: number, window: number, endMs: number): StuffingAttack {
    const attack = newAttack(origin, window, endMs);
    this.#open.set(origin, attack);
    return attack;
  }

  #succeeded(
    i: number,
    logins: LoginWindow,
    addresses: AddressWindow,
    key: number,
    location: number,
    attack: StuffingAttack | undefined,
  ): void {
    const [low, high, timeMs] = [logins.userLow[i]!, logins.userHigh[i]!, logins.timeMs[i]!];
    if (attack !== undefined) addSuccess(attack, { source: key, user: logins.name(i), low, high, timeMs });
    const text = (): string => addresses.text(logins.source[i]!);
    const days = slotDays(this.#users.stateAt(low, high, location)); // the log-in itself has made it one
    this.#bruteForces.succeed(userKey(low, high), timeMs, key, text, days <= 1);
  }

  #failed(
    i: number,
    logins: LoginWindow,
    addresses: AddressWindow,
    key: number,
    location: number,
    attack: StuffingAttack | undefined,
    window: number,
  ): void {
    const at = logins.source[i]!;
    const [low, high, timeMs] = [logins.userLow[i]!, logins.userHigh[i]!, logins.timeMs[i]!];
    const source = { key, text: addresses.text(at), location, network: addresses.rows[at + W_NETWORK]! };
    if (attack !== undefined) {
      addFailure(attack, source, low, high, logins.name(i), timeMs);
      attack.lastWindow = window;
    }
    if (low === 0 && high === 0) return;
    const country = this.#locations.country[location]!;
    const strange = this.#users.stateAt(low, high, location) === 0;
    this.#bruteForces.fail({ user: userKey(low, high), name: () => logins.name(i), timeMs, source, country });
    if (strange && attack === undefined) this.#slow.add({ timeMs, source, low, high, name: logins.name(i) });
  }

  #isUnusual(at: number, location: number, country: number, addresses: AddressWindow, flagged: Flagged): boolean {
    if (flagged.sources.has(at) || flagged.cities.has(this.#locations.city[location]!)) return true;
    if (flagged.networks.has(addresses.rows[at + W_NETWORK]!)) return true;
    if (!flagged.countries.has(country)) return false;
    for (const city of flagged.cities) if (this.#locations.countryOfCity(city) === country) return false;
    return true;
  }

  /** Remembers the window as the past of the next ones; what is under attack keeps the past it had. */
  #learn(tallies: LoginTallies, window: number, flagged: Flagged): void {
    const learn = (units: ReadonlyMap<number, LoginTally>, rates: DecayedRates, unusual: ReadonlySet<number>): void => {
      for (const [unit, tally] of units)
        if (!unusual.has(unit)) rates.add(unit, window, tally.attempts, tally.failures);
    };
    learn(tallies.cities, this.#cities, flagged.cities);
    learn(tallies.networks, this.#networks, flagged.networks);
    learn(tallies.countries, this.#countries, flagged.countries);
    const calm = !flagged.world && flagged.countries.size === 0;
    if (calm) this.#world.add(WORLD, window, tallies.world.attempts, tallies.world.failures);
  }
}

interface Flagged {
  readonly sources: ReadonlySet<number>;
  readonly cities: ReadonlySet<number>;
  readonly networks: ReadonlySet<number>;
  readonly countries: ReadonlySet<number>;
  readonly world: boolean;
}
