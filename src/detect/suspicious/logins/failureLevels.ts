import { DecayedRates } from "./decayedRates.js";
import type { RefusedCountries } from "./loginOutageWatch.js";
import type { LoginTallies, LoginTally } from "./loginTallies.js";

/** So many failures of one unit in a window are the least that is judged, of so many names. */
const MIN_FAILURES = 8;
const MIN_USERS = 5;
/** Where no names are told, from so many addresses. */
const MIN_NAMELESS = 30;
const MIN_ADDRESSES = 3;
/** Times the failures that are usual there. */
const MIN_RATIO = 5;
/** Standard deviations above what the unit's own share of failures explains. */
const MIN_DEVIATIONS = 5;
const WORLD = 0;
/** The origin of an attack that comes from everywhere. */
export const EVERYWHERE = -1;

/** Units with more failures in a window than their past explains. */
export interface UnusualUnits {
  /** Rows of the window of addresses. */
  readonly sources: ReadonlySet<number>;
  readonly cities: ReadonlySet<number>;
  readonly networks: ReadonlySet<number>;
  readonly countries: ReadonlySet<number>;
  /** Whether all countries together have, and none explains it. */
  readonly world: boolean;
  /** Whether nothing is unusual. */
  readonly calm: boolean;
}

/** The usual share of failed log-ins of cities, networks, countries and the world, and what is far above it. */
export class FailureLevels {
  readonly #cities = new DecayedRates();
  readonly #networks = new DecayedRates();
  readonly #countries = new DecayedRates();
  readonly #world = new DecayedRates();
  readonly #unseen = new DecayedRates();

  judge(tallies: LoginTallies, window: number, refused: RefusedCountries): UnusualUnits {
    const judge = (units: ReadonlyMap<number, LoginTally>, rates: DecayedRates, least: number): Set<number> => {
      const found = new Set<number>();
      for (const [unit, tally] of units)
        if (unit >= least && this.#isAttack(tally, rates, unit, window)) found.add(unit);
      return found;
    };
    const sources = judge(tallies.sources, this.#unseen, 0); // an address is held against the world alone
    const countries = judge(tallies.countries, this.#countries, 1);
    for (const country of refused.countries) countries.delete(country);
    const some = {
      sources,
      cities: judge(tallies.cities, this.#cities, 1),
      networks: judge(tallies.networks, this.#networks, 1),
      countries,
    };
    if (refused.everywhere) return { ...EMPTY, sources: new Set() };
    const explained = [...countries].reduce((sum, c) => sum + tallies.countries.get(c)!.failures, 0);
    const world = this.#isAttack(tallies.world, this.#world, WORLD, window);
    const calm = !world && sources.size + some.cities.size + some.networks.size + countries.size === 0;
    return { ...some, world: world && explained < tallies.world.failures / 2, calm };
  }

  /** Remembers the window as the past of the next ones; what is under attack keeps the past it had. */
  learn(tallies: LoginTallies, window: number, unusual: UnusualUnits): void {
    const learn = (units: ReadonlyMap<number, LoginTally>, rates: DecayedRates, under: ReadonlySet<number>): void => {
      for (const [unit, tally] of units) if (!under.has(unit)) rates.add(unit, window, tally.attempts, tally.failures);
    };
    learn(tallies.cities, this.#cities, unusual.cities);
    learn(tallies.networks, this.#networks, unusual.networks);
    learn(tallies.countries, this.#countries, unusual.countries);
    if (!unusual.world && unusual.countries.size === 0)
      this.#world.add(WORLD, window, tallies.world.attempts, tallies.world.failures);
  }

  /** Failures that a window of an origin has in peace. */
  usual(origin: number, window: number): number {
    if (origin === EVERYWHERE) return this.#world.failuresPerWindow(WORLD, window);
    return this.#countries.failuresPerWindow(origin, window);
  }

  #isAttack(tally: LoginTally, rates: DecayedRates, unit: number, window: number): boolean {
    const named = tally.users.size >= MIN_USERS;
    const nameless = tally.nameless >= MIN_NAMELESS && tally.addresses.size >= MIN_ADDRESSES;
    if (tally.failures < MIN_FAILURES || !(named || nameless)) return false;
    if (tally.failures < MIN_RATIO * (rates.failuresPerWindow(unit, window) + 0.5)) return false;
    const worldShare = (this.#world.failures(WORLD, window) + 1) / (this.#world.attempts(WORLD, window) + 10);
    const share = (rates.failures(unit, window) + 20 * worldShare) / (rates.attempts(unit, window) + 20);
    const expected = tally.attempts * share;
    return (tally.failures - expected) / Math.sqrt(expected * (1 - share) + 1) >= MIN_DEVIATIONS;
  }
}

const EMPTY: UnusualUnits = {
  sources: new Set(),
  cities: new Set(),
  networks: new Set(),
  countries: new Set(),
  world: false,
  calm: false,
};
