import { type AddressColumn, IPV4 } from "../core/addressColumn.js";
import type { Random } from "../core/random.js";
import type { Locator } from "../locate/locator.js";

/** A city with some of the real addresses that the location database places there. */
export interface SimulatedCity {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly lat: number;
  readonly lon: number;
  /** IPv4 addresses as unsigned integers. */
  readonly addresses: readonly number[];
}

/** So many random addresses show every city of note: a city with a millionth of all addresses is met 1.5 times. */
const DRAWS = 1_500_000;
const MAX_ADDRESSES = 400;

/**
 * Finds the cities with the most addresses by asking the database where random addresses are, so that the simulated
 * traffic is located by the same database as the real one.
 *
 * @returns the largest cities of each country, `perCountry` at most, largest first
 */
export function drawCities(
  locator: Locator,
  random: Random,
  countries: Iterable<string>,
  perCountry: number,
): Map<string, SimulatedCity[]> {
  const column = randomAddresses(random);
  const place = new Uint32Array(column.length);
  locator.locateColumn(column, place, new Uint32Array(column.length));
  const wanted = new Set(countries);
  const cities = new Map<string, { city: SimulatedCity; addresses: number[]; draws: number }>();
  for (let i = 0; i < column.length; i++) {
    const id = place[i]!;
    if (id === 0) continue;
    const at = locator.places.at(id)!;
    if (!wanted.has(at.country) || at.city === "" || Number.isNaN(at.lat)) continue;
    const key = `${at.country}|${at.region}|${at.city}`;
    let known = cities.get(key);
    if (!known) {
      const addresses: number[] = [];
      const { country, region, city, lat, lon } = at;
      known = { city: { country, region, city, lat, lon, addresses }, addresses, draws: 0 };
      cities.set(key, known);
    }
    known.draws++;
    if (known.addresses.length < MAX_ADDRESSES) known.addresses.push(column.value[i]!);
  }
  const largest = [...cities.values()].sort((a, b) => b.draws - a.draws || (a.city.city < b.city.city ? -1 : 1));
  const byCountry = new Map<string, SimulatedCity[]>();
  for (const { city } of largest) {
    const list = byCountry.get(city.country);
    if (!list) byCountry.set(city.country, [city]);
    else if (list.length < perCountry) list.push(city);
  }
  return byCountry;
}

function randomAddresses(random: Random): AddressColumn {
  const value = new Uint32Array(DRAWS);
  for (let i = 0; i < DRAWS; i++) value[i] = random.uint32();
  return { length: DRAWS, family: new Uint8Array(DRAWS).fill(IPV4), value, words: new Uint32Array(0) };
}
