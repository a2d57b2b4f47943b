import { subdivisionCode } from "../../grid/subdivisions.js";
import type { PlanState } from "../failover/planState.js";
import { meanRates } from "../failover/planState.js";
import type { DnsServer, SteeringTable } from "./steeringTable.js";

export interface SteeringOptions {
  readonly hostname: string;
  /** Default 60. */
  readonly ttlSeconds?: number;
  /** Addresses and AWS regions of the servers, by name. */
  readonly servers: readonly DnsServer[];
  /** Names of servers that nobody is to be sent to. */
  readonly down?: readonly string[];
  /** Networks that are led by themselves. */
  readonly networks?: SteeringTable["networks"];
  /** How many servers each list has at most. Default 3. */
  readonly k?: number;
}

/** A part of a country is named where it is better off elsewhere by this much, in milliseconds a request. */
const LEAST_GAIN_MS = 1;

/**
 * Who should be served by whom, by country and subdivision: servers in the order of the mean latency that the model
 * gives their clients, weighted by requests.
 */
export function steeringOf(state: PlanState, options: SteeringOptions): SteeringTable {
  const { hostname, ttlSeconds = 60, servers, down = [], networks = [], k = 3 } = options;
  const { cube, demand, names, costs } = state;
  const weights = meanRates(state);
  const sums = new Map<string, Float64Array>();
  const add = (key: string, row: number): void => {
    const own = sums.get(key) ?? new Float64Array(names.length + 1);
    for (let s = 0; s < names.length; s++) own[s]! += weights[row]! * costs.ms[row * names.length + s]!;
    own[names.length]! += weights[row]!;
    sums.set(key, own);
  };
  for (let row = 0; row < demand.rows; row++) {
    const place = demand.place[row]!;
    const country = cube.places.countries.value(cube.places.country[place]!);
    const region = cube.places.regions.value(cube.places.region[place]!);
    const told = cube.places.regionCodes.value(cube.places.regionCode[place]!);
    const subdivision = subdivisionOf(country, told, region);
    add("", row);
    if (country !== "") add(country, row);
    if (country !== "" && subdivision !== "") add(`${country}-${subdivision}`, row);
  }
  const order = (own: Float64Array): string[] =>
    Array.from(names.keys())
      .filter((s) => !down.includes(names[s]!))
      .sort((a, b) => own[a]! - own[b]! || a - b)
      .slice(0, k)
      .map((s) => names[s]!);
  const keys = [...sums.keys()].filter((key) => key !== "").sort();
  const countries = keys.filter((key) => !key.includes("-"));
  return {
    hostname,
    ttlSeconds,
    servers,
    fallback: order(sums.get("")!),
    countries: countries.map((country) => ({ country, servers: order(sums.get(country)!) })),
    subdivisions: keys.flatMap((key) => {
      const [country, subdivision] = key.split("-") as [string, string | undefined];
      if (subdivision === undefined) return [];
      const own = sums.get(key)!;
      const [usual, best] = [order(sums.get(country)!)[0]!, order(own)[0]!];
      const gain = (own[names.indexOf(usual)]! - own[names.indexOf(best)]!) / own[names.length]!;
      return gain >= LEAST_GAIN_MS ? [{ country, subdivision, servers: order(own) }] : [];
    }),
    networks,
  };
}

/** "CA" for what databases write "CA", "US-CA" or "California"; empty where none is known. */
function subdivisionOf(country: string, told: string, region: string): string {
  const code = told || (region === "" ? "" : (subdivisionCode(country, region) ?? ""));
  const own = code.startsWith(`${country}-`) ? code.slice(country.length + 1) : code;
  return /^[A-Z0-9]{1,3}$/.test(own) ? own : "";
}
