import { Random } from "../../core/random.js";
import type { Interval } from "../failover/failoverDetail.js";
import { meanRates, type PlanState } from "../failover/planState.js";

/** What opening sites changes, in mean milliseconds a request. */
export interface SiteGain {
  /** As the log has it; null where it does not tell who is served by whom. */
  readonly todayMs: number | null;
  /** If everybody went to the best of the existing servers. */
  readonly beforeMs: number;
  /** If everybody goes to the best, the opened ones among them. */
  readonly afterMs: number;
  /** before − after, with a 90% interval. */
  readonly savedMs: Interval;
  /** Share of requests that are served faster than before. */
  readonly helpedShare: number;
  /** If everybody is sent to the nearest server: before and after. */
  readonly byDistanceMs: { readonly before: number; readonly after: number };
  /** Regions that gain, by what they gain in all, most first. */
  readonly regions: readonly RegionGain[];
}

export interface RegionGain {
  readonly country: string;
  readonly region: string;
  /** Share of all requests. */
  readonly share: number;
  /** The opened site that serves most of what gains. */
  readonly server: string;
  /** Mean milliseconds a request of the region. */
  readonly savedMs: Interval;
}

const DRAWS = 400;
/** Share of the variance of the model's error that all predictions of one server have in common. */
const COMMON = 0.5;

interface Move {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly region: number;
  readonly weight: number;
}

/** Compares the best of the existing servers with the best when some sites are opened. */
export function counterfactual(
  state: PlanState,
  { existing, opened, seed }: { readonly existing: number; readonly opened: readonly number[]; readonly seed: number },
): SiteGain {
  const { costs, names, demand } = state;
  const sites = names.length;
  const weights = meanRates(state);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const old = Array.from({ length: existing }, (_, s) => s);
  const best = (values: Float64Array, row: number, among: readonly number[]): number =>
    among.reduce((least, s) => (least < 0 || values[row * sites + s]! < values[row * sites + least]! ? s : least), -1);
  const { regionOfRow, regions } = regionsOf(state);
  const moves: Move[] = [];
  const sums = { before: 0, after: 0, nearBefore: 0, nearAfter: 0 };
  const all = [...old, ...opened];
  for (let row = 0; row < demand.rows; row++) {
    const weight = weights[row]! / total;
    const msOf = (s: number): number => (s < 0 ? 0 : weight * costs.ms[row * sites + s]!);
    const [from, to] = [best(costs.ms, row, old), best(costs.ms, row, all)];
    sums.before += msOf(from);
    sums.after += msOf(to);
    sums.nearBefore += msOf(best(costs.km, row, old));
    sums.nearAfter += msOf(best(costs.km, row, all));
    if (from >= 0 && from !== to) moves.push({ row, from, to, region: regionOfRow[row]!, weight });
  }
  const draws = drawnGains(state, moves, regions.length, seed);
  return {
    todayMs: todayMs(state, weights, total),
    beforeMs: sums.before,
    afterMs: sums.after,
    savedMs: { value: sums.before - sums.after, ...ends(draws.map((draw) => draw[regions.length]!)) },
    helpedShare: moves.reduce((sum, { weight }) => sum + weight, 0),
    byDistanceMs: { before: sums.nearBefore, after: sums.nearAfter },
    regions: regionGains(state, moves, draws, regions, regionOfRow, weights),
  };
}

/**
 * What the moves gain if the model errs as it says it may: lognormal errors, half of the variance in common to all
 * predictions of a server, so that many places do not make a server's own error vanish. Of each region, and in all last.
 */
function drawnGains(
  { costs, names }: PlanState,
  moves: readonly Move[],
  regions: number,
  seed: number,
): Float64Array[] {
  const random = new Random(seed);
  const sites = names.length;
  return Array.from({ length: DRAWS }, () => {
    const common = Float64Array.from({ length: sites }, () => Math.sqrt(COMMON) * random.normal());
    const gains = new Float64Array(regions + 1);
    const drawn = (row: number, s: number): number => {
      const at = row * sites + s;
      return costs.ms[at]! * Math.exp(costs.spread[at]! * (common[s]! + Math.sqrt(1 - COMMON) * random.normal()));
    };
    for (const { row, from, to, region, weight } of moves) {
      const gain = weight * (drawn(row, from) - drawn(row, to));
      gains[region]! += gain;
      gains[regions]! += gain;
    }
    return gains;
  });
}

function ends(values: readonly number[]): { low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { low: sorted[Math.floor(0.05 * sorted.length)]!, high: sorted[Math.ceil(0.95 * sorted.length) - 1]! };
}

function todayMs({ knowsToday, demand, costs, names }: PlanState, weights: Float64Array, total: number): number | null {
  if (!knowsToday) return null;
  const sites = names.length;
  let [sum, known] = [0, 0];
  for (let row = 0; row < demand.rows; row++) {
    let requests = 0;
    for (let s = 0; s <= sites; s++) requests += demand.today[row * (sites + 1) + s]!;
    for (let s = 0; s < sites; s++) {
      const share = (weights[row]! * demand.today[row * (sites + 1) + s]!) / requests;
      sum += share * costs.ms[row * sites + s]!;
      known += share;
    }
  }
  return known > 0.5 * total ? sum / known : null;
}

function regionsOf({ cube, demand }: PlanState) {
  const { places } = cube;
  const codes = new Map<string, number>();
  const regions: [string, string][] = [];
  const regionOfRow = Uint32Array.from(demand.place, (place) => {
    const country = places.countries.value(places.country[place]!);
    const region = places.regions.value(places.region[place]!);
    const known = codes.get(`${country}\n${region}`);
    if (known !== undefined) return known;
    codes.set(`${country}\n${region}`, regions.length);
    return regions.push([country, region]) - 1;
  });
  return { regionOfRow, regions };
}

function regionGains(
  { costs, names }: PlanState,
  moves: readonly Move[],
  draws: readonly Float64Array[],
  regions: readonly (readonly [string, string])[],
  regionOfRow: Uint32Array,
  weights: Float64Array,
): RegionGain[] {
  const sites = names.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = new Float64Array(regions.length);
  for (let row = 0; row < weights.length; row++) shares[regionOfRow[row]!]! += weights[row]! / total;
  const gain = new Float64Array(regions.length);
  const served = new Float64Array(regions.length * sites);
  for (const { row, from, to, region, weight } of moves) {
    gain[region]! += weight * (costs.ms[row * sites + from]! - costs.ms[row * sites + to]!);
    served[region * sites + to]! += weight;
  }
  return regions
    .flatMap(([country, region], r): RegionGain[] => {
      if (!(gain[r]! > 0)) return [];
      const own = served.subarray(r * sites, (r + 1) * sites);
      const { low, high } = ends(draws.map((draw) => draw[r]! / shares[r]!));
      const savedMs = { value: gain[r]! / shares[r]!, low, high };
      return [{ country, region, share: shares[r]!, server: names[own.indexOf(Math.max(...own))]!, savedMs }];
    })
    .sort((a, b) => b.share * b.savedMs.value - a.share * a.savedMs.value);
}
