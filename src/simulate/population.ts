import type { Random } from "../core/random.js";
import type { Locator } from "../locate/locator.js";
import { drawCities, type SimulatedCity } from "./cityWorld.js";
import { nearestOf, roundTripsMs } from "./serverWays.js";
import type { TrafficSpec } from "./trafficSpec.js";

/** A city with the people in it who use the service. */
export interface Community extends SimulatedCity {
  /** Mean requests per day. */
  readonly perDay: number;
  /** Milliseconds that every request from here takes beside the server's work. */
  readonly roundTripMs: number;
  readonly users: readonly SimulatedUser[];
}

export interface SimulatedUser {
  readonly name: string;
  readonly home: Community;
  /** IPv4 address as an unsigned integer. */
  readonly address: number;
}

/** Rough shares of a product with users on every continent; not a fact about the world. */
export const DEFAULT_COUNTRIES: Readonly<Record<string, number>> = {
  ...{ US: 20, DE: 11, GB: 9, FR: 7, BR: 7, IN: 7, JP: 6, NL: 4, CA: 4, ES: 4, IT: 4, PL: 3, AU: 3, MX: 3 },
  ...{ KR: 2, SE: 2, CH: 2, AT: 2, TR: 2, ID: 2, VN: 2, ZA: 2, AR: 2, SG: 1, UA: 1, NG: 1 },
};

/** A user makes some this many requests a day. */
const REQUESTS_PER_USER = 12;

/** Settles users in the cities of the spec's countries. */
export function settle(
  spec: TrafficSpec,
  locator: Locator,
  random: Random,
  drawn?: ReadonlyMap<string, readonly SimulatedCity[]>,
): Community[] {
  const weights = spec.countries ?? DEFAULT_COUNTRIES;
  const total = Object.values(weights).reduce((a, b) => a + b, 0);
  const perCountry = spec.citiesPerCountry ?? 12;
  const cities = drawn ?? drawCities(locator, random, Object.keys(weights), perCountry);
  let users = 0;
  return Object.entries(weights).flatMap(([country, weight]) => {
    const list = (cities.get(country) ?? []).slice(0, perCountry);
    // Zipf's law of city sizes, flattened: a B2B product sells less to capitals than they have people.
    const shares = list.map((_, rank) => 1 / (rank + 2) ** 0.8);
    const sum = shares.reduce((a, b) => a + b, 0);
    return list.map((city, rank): Community => {
      const perDay = (spec.requestsPerDay * weight * shares[rank]!) / (total * sum);
      const inhabitants: SimulatedUser[] = [];
      const usual = 12 + 140 * random.next() ** 2;
      const roundTripMs = spec.servers ? roundTripsMs(city, spec.servers)[nearestOf(city, spec.servers)[0]!]! : usual;
      const community = { ...city, perDay, roundTripMs, users: inhabitants };
      const count = Math.max(8, Math.round(perDay / REQUESTS_PER_USER));
      for (let i = 0; i < count; i++) {
        inhabitants.push({ name: `user-${++users}`, home: community, address: random.pick(city.addresses) });
      }
      return community;
    });
  });
}
