import type { FailoverSolver } from "./failoverSolver.js";
import { LatencyMix, type LatencyParts } from "./latencyMix.js";
import { rateSpread } from "./loadSpread.js";
import { nearestShares } from "./nearestLoads.js";
import { type PlanState, rateOf, type Steering } from "./planState.js";

/** A value with its 90% interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ServerHour {
  readonly name: string;
  /** Requests a second. */
  readonly load: Interval;
  /** Milliseconds; null where the server has nobody or no latency is known. */
  readonly p50: number | null;
  readonly p95: Interval | null;
}

/** What a region's traffic does in an hour. */
export interface RegionFlow {
  readonly country: string;
  readonly region: string;
  readonly slot: number;
  /** Requests a second by server, those that serve any of it; "" is what is shed. */
  readonly to: readonly { readonly server: string; readonly rps: number }[];
}

/** One failure, hour by hour. */
export interface FailoverDetail {
  readonly down: readonly string[];
  readonly steering: Steering;
  readonly hours: readonly { readonly slot: number; readonly servers: readonly ServerHour[] }[];
  /** Regions of which traffic moves; by country, region and hour. */
  readonly regions: readonly RegionFlow[];
  /** Where each place's traffic goes in most hours: what DNS is to be told. */
  readonly places: readonly PlaceServer[];
}

export interface PlaceServer {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly lat: number;
  readonly lon: number;
  readonly server: string;
}

const HALF_OF_90 = 1.6449;
/** Share of the model's error that the predictions of one server have in common. */
const COMMON_ERROR = 0.5;

/** Looks into one failure: loads and latencies by hour with intervals, flows by region, the server of each place. */
export function failoverDetail(
  state: PlanState,
  solver: FailoverSolver,
  down: readonly number[],
  steering: Steering,
): FailoverDetail {
  const detail = new DetailTally(state, down);
  const shares = steering === "nearest" ? nearestShares(state, down) : null;
  for (const slot of state.slots) {
    if (shares) detail.add(slot, flowOfShares(state, shares, slot));
    else solver.without(slot, down, (flow) => detail.add(slot, flow));
  }
  return detail.result(steering);
}

function flowOfShares(state: PlanState, shares: Float64Array, slot: number): Float64Array {
  const servers = state.names.length;
  const rates = rateOf(state, slot);
  const flow = new Float64Array(rates.length * (servers + 1));
  for (let row = 0; row < rates.length; row++)
    for (let s = 0; s < servers; s++) flow[row * (servers + 1) + s] = rates[row]! * shares[row * servers + s]!;
  return flow;
}

class DetailTally {
  readonly #state: PlanState;
  readonly #down: readonly number[];
  readonly #parts: LatencyParts;
  readonly #hours: { slot: number; servers: ServerHour[] }[] = [];
  readonly #regions: RegionFlow[] = [];
  readonly #week: Float64Array;
  readonly #mix = new LatencyMix();
  readonly #regionOfRow: Uint32Array;
  readonly #regionNames: readonly (readonly [country: string, region: string])[];
  readonly #isMoved: Uint8Array;

  constructor(state: PlanState, down: readonly number[]) {
    this.#state = state;
    this.#down = down;
    const { costs, excess, demand, names } = state;
    this.#parts = { servers: names.length, ms: costs.ms, spread: costs.spread, excess };
    this.#week = new Float64Array(demand.rows * (names.length + 1));
    const { regionOfRow, regionNames } = regionsOf(state);
    this.#regionOfRow = regionOfRow;
    this.#regionNames = regionNames;
    this.#isMoved = movedRegions(state, down, regionOfRow, regionNames.length);
  }

  add(slot: number, flow: Float64Array): void {
    for (let at = 0; at < flow.length; at++) this.#week[at]! += flow[at]!;
    const servers = this.#state.names
      .map((name, s) => this.#serverHour(name, s, slot, flow))
      .filter((_, s) => !this.#down.includes(s));
    this.#hours.push({ slot, servers });
    this.#addRegions(slot, flow);
  }

  result(steering: Steering): FailoverDetail {
    const { names } = this.#state;
    const order = (a: RegionFlow, b: RegionFlow): number =>
      compared(a.country, b.country) || compared(a.region, b.region) || a.slot - b.slot;
    return {
      down: this.#down.map((server) => names[server]!),
      steering,
      hours: this.#hours,
      regions: this.#regions.sort(order),
      places: this.#places(),
    };
  }

  #serverHour(name: string, s: number, slot: number, flow: Float64Array): ServerHour {
    const { capacity, spread } = this.#state;
    const rps = this.#sum(flow, s);
    const half = HALF_OF_90 * rateSpread(rps, slot, spread);
    const load = { value: rps, low: Math.max(0, rps - half), high: Math.min(capacity[s]!, rps + half) };
    // Who asks in an hour is learnt from as many such hours as there were: chance moves the truth and what was learnt.
    const requests = (rps * 3600) / spread.dispersion / (1 + 1 / Math.max(0.1, spread.weeks[slot]!));
    const middle = this.#quantiles(flow, s, 0, requests);
    if (middle === null) return { name, load, p50: null, p95: null };
    const error = Math.sqrt(COMMON_ERROR + (1 - COMMON_ERROR) * this.#concentration(flow, s)) * HALF_OF_90;
    const faster = this.#quantiles(flow, s, -error, requests)!;
    const slower = this.#quantiles(flow, s, error, requests)!;
    const value = middle.p95;
    const low = value - Math.hypot(value - faster.p95, value - middle.low);
    const high = value + Math.hypot(slower.p95 - value, middle.high - value);
    return { name, load, p50: middle.p50, p95: { value, low: Math.max(0, low), high } };
  }

  /** The 95th percentile with what chance makes of it: order statistics of so many independent requests. */
  #quantiles(flow: Float64Array, s: number, errors: number, requests: number) {
    const { names, demand } = this.#state;
    this.#mix.clear();
    for (let row = 0; row < demand.rows; row++) {
      const amount = flow[row * (names.length + 1) + s]!;
      if (amount > 0) this.#mix.add(this.#parts, row, s, amount, errors);
    }
    const p95 = this.#mix.quantile(0.95);
    if (Number.isNaN(p95)) return null;
    const off = HALF_OF_90 * Math.sqrt((0.95 * 0.05) / Math.max(1, requests));
    return {
      p50: this.#mix.quantile(0.5),
      p95,
      low: this.#mix.quantile(0.95 - off),
      high: this.#mix.quantile(Math.min(0.9999, 0.95 + off)),
    };
  }

  #sum(flow: Float64Array, s: number): number {
    let sum = 0;
    for (let at = s; at < flow.length; at += this.#state.names.length + 1) sum += flow[at]!;
    return sum;
  }

  /** Sum of squares of the shares of a server's places: 1 if it has one, near 0 if it has many alike. */
  #concentration(flow: Float64Array, s: number): number {
    const sum = this.#sum(flow, s);
    let squares = 0;
    for (let at = s; at < flow.length; at += this.#state.names.length + 1) squares += (flow[at]! / sum) ** 2;
    return squares;
  }

  #addRegions(slot: number, flow: Float64Array): void {
    const width = this.#state.names.length + 1;
    const sums = new Float64Array(this.#regionNames.length * width);
    for (let at = 0; at < flow.length; at++)
      if (flow[at]! > 0) sums[this.#regionOfRow[Math.floor(at / width)]! * width + (at % width)]! += flow[at]!;
    this.#regionNames.forEach(([country, region], r) => {
      if (this.#isMoved[r] === 0) return;
      const to = [...this.#state.names, ""]
        .map((server, s) => ({ server, rps: sums[r * width + s]! }))
        .filter(({ rps }) => rps > 0);
      if (to.length > 0) this.#regions.push({ country, region, slot, to });
    });
  }

  #places(): PlaceServer[] {
    const { cube, demand, names } = this.#state;
    const { places } = cube;
    const width = names.length + 1;
    const seen = new Set<number>();
    return Array.from(demand.place).flatMap((place, row) => {
      if (seen.has(place) || !Number.isFinite(places.lat[place]!)) return [];
      seen.add(place);
      let best = 0;
      for (let s = 1; s < names.length; s++)
        if (this.#week[row * width + s]! > this.#week[row * width + best]!) best = s;
      if (!(this.#week[row * width + best]! > 0)) return [];
      return {
        country: places.countries.value(places.country[place]!),
        region: places.regions.value(places.region[place]!),
        city: places.cities.value(places.city[place]!),
        lat: places.lat[place]!,
        lon: places.lon[place]!,
        server: names[best]!,
      };
    });
  }
}

function regionsOf({ cube, demand }: PlanState) {
  const { places } = cube;
  const known = new Map<string, number>();
  const regionNames: [string, string][] = [];
  const regionOfRow = Uint32Array.from(demand.place, (place) => {
    const country = places.countries.value(places.country[place]!);
    const region = places.regions.value(places.region[place]!);
    const key = `${country}\n${region}`;
    if (!known.has(key)) {
      known.set(key, regionNames.length);
      regionNames.push([country, region]);
    }
    return known.get(key)!;
  });
  return { regionOfRow, regionNames };
}

/** Regions that a lost server serves anything of: by the log where it tells, else by distance. */
function movedRegions(state: PlanState, down: readonly number[], regionOfRow: Uint32Array, regions: number) {
  const isMoved = new Uint8Array(regions);
  const servers = state.names.length;
  const shares = nearestShares(state, []);
  regionOfRow.forEach((region, row) => {
    for (const s of down) {
      let isBest = true;
      for (let other = 0; other < servers; other++)
        if (state.costs.ms[row * servers + other]! < state.costs.ms[row * servers + s]!) isBest = false;
      if (isBest || shares[row * servers + s]! > 0) isMoved[region] = 1;
    }
  });
  return isMoved;
}

const compared = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
