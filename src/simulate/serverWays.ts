import { hash32 } from "../core/hash32.js";
import { Random } from "../core/random.js";
import { greatCircleKm } from "../grid/distance.js";
import type { SimulatedCity } from "./cityWorld.js";
import type { ServerSpec } from "./trafficSpec.js";

/** What every way takes, and a kilometre of it: public cloud regions' own (Theil–Sen), before detours. */
const BASE_MS = 8;
const MS_PER_KM = 0.0115;
/** Cables are not straight: a detour of some tenths, different for each pair and the same whenever it is asked for. */
const DETOUR_SPREAD = 0.2;
/** Light in fibre, there and back. */
const LIGHT_MS_PER_KM = 2 / 204.2;

/** Positions of servers from the nearest to a city to the farthest. */
export function nearestOf(city: SimulatedCity, servers: readonly ServerSpec[]): number[] {
  const km = servers.map(({ lat, lon }) => greatCircleKm(city.lat, city.lon, lat, lon));
  return Array.from(servers.keys()).sort((a, b) => km[a]! - km[b]! || a - b);
}

/** Milliseconds there and back between a city and each server. */
export function roundTripsMs(city: SimulatedCity, servers: readonly ServerSpec[]): number[] {
  return servers.map(({ name, lat, lon }) => {
    const km = greatCircleKm(city.lat, city.lon, lat, lon);
    const random = new Random(pairSeed(`${city.country}/${city.region}/${city.city}/${name}`));
    const detour = Math.exp(DETOUR_SPREAD * random.normal() + DETOUR_SPREAD);
    return Math.max(BASE_MS + MS_PER_KM * km * detour, LIGHT_MS_PER_KM * km);
  });
}

function pairSeed(text: string): number {
  let seed = 0;
  for (const character of text) seed = hash32(seed, character.codePointAt(0)!) >>> 0;
  return seed;
}
