import type { Cube } from "../../../cube/cube.js";
import { groupQuantiles } from "../../../cube/measures/groupQuantiles.js";
import { sortGroupBy } from "../../../cube/segments/sortGroupBy.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";

export type UnitLevel = "country" | "subdivision" | "city";

/** A country, subdivision or city, and how long its requests take over the whole of a cube. */
export interface LatencyUnit {
  readonly level: UnitLevel;
  readonly country: string;
  readonly region: string;
  readonly city: string;
  /** Rows of the cube's places. */
  readonly places: readonly number[];
  /** Requests by place, in the order of `places`. */
  readonly requests: readonly number[];
  readonly clients: number;
  readonly medianMs: number;
  /** Medians of the first and of the second half of the time that the cube covers. */
  readonly halvesMs: readonly [number, number];
  /** Standard deviation of the logarithm, by the quantiles one deviation from the median. */
  readonly logSpread: number;
}

/** Quantiles one standard deviation below and above the median of a normal distribution. */
const QUANTILES = [0.158655, 0.5, 0.841345];

/** The units of a level that have coordinates and latencies. */
export function latencyUnits(cube: Cube, level: UnitLevel): LatencyUnit[] {
  const { segment, places } = cube;
  const { unitOf, members } = unitsOfPlaces(cube, level);
  const n = segment.length;
  const unit = new Uint32Array(n);
  const half = new Uint32Array(n);
  const requests = new Float64Array(places.length);
  for (let g = 0; g < n; g++) {
    const place = segment.place[g]!;
    // Without coordinates, or without latencies, a group belongs to no unit: 0.
    unit[g] = segment.latencies.count[g]! > 0 ? unitOf[place]! : 0;
    half[g] = segment.bucket[g]! * 2 >= cube.bucketCount ? 1 : 0;
    requests[place]! += segment.latencies.count[g]!;
  }
  const whole = sortGroupBy([unit], [members.length], n);
  const halves = sortGroupBy([unit, half], [members.length, 2], n);
  const [low, median, high] = groupQuantiles(segment.latencies, whole, QUANTILES);
  const [byHalf] = groupQuantiles(segment.latencies, halves, [0.5]);
  const halfOf = new Map<number, number>();
  for (let s = 0; s < halves.groups; s++) {
    const g = halves.order[halves.starts[s]!]!;
    halfOf.set(2 * unit[g]! + half[g]!, byHalf![s]!);
  }
  const units: LatencyUnit[] = [];
  for (let s = 0; s < whole.groups; s++) {
    const groups = whole.order.subarray(whole.starts[s]!, whole.starts[s + 1]!);
    const u = unit[groups[0]!]!;
    if (u === 0) continue;
    const rows = members[u]!.filter((row) => requests[row]! > 0);
    const first = rows[0]!;
    units.push({
      level,
      country: places.countries.value(places.country[first]!),
      region: level === "country" ? "" : places.regions.value(places.region[first]!),
      city: level === "city" ? places.cities.value(places.city[first]!) : "",
      places: rows,
      requests: rows.map((row) => requests[row]!),
      clients: clientsOf(cube, groups),
      medianMs: median![s]!,
      halvesMs: [halfOf.get(2 * u) ?? Number.NaN, halfOf.get(2 * u + 1) ?? Number.NaN],
      logSpread: low![s]! > 0 ? Math.log(high![s]! / low![s]!) / 2 : Number.NaN,
    });
  }
  return units;
}

/** Numbers the units from 1; places that name none, or lie nowhere, are in unit 0. */
function unitsOfPlaces({ places }: Cube, level: UnitLevel): { unitOf: Uint32Array; members: number[][] } {
  const unitOf = new Uint32Array(places.length);
  const members: number[][] = [[]];
  const numbers = new Map<string, number>();
  for (let row = 1; row < places.length; row++) {
    const codes = [places.country[row]!, places.region[row]!, places.city[row]!].slice(0, DEPTH[level]);
    if (Number.isNaN(places.lat[row]!) || codes.at(-1) === 0 || codes[0] === 0) continue;
    const key = codes.join(",");
    const unit = numbers.get(key) ?? members.length;
    if (unit === members.length) {
      numbers.set(key, unit);
      members.push([]);
    }
    unitOf[row] = unit;
    members[unit]!.push(row);
  }
  return { unitOf, members };
}

const DEPTH = { country: 1, subdivision: 2, city: 3 } as const;

/** Distinct clients; where the cube does not count them, one for ten requests, for lack of better. */
function clientsOf(cube: Cube, groups: Uint32Array): number {
  if (!cube.settings.measures.has("clients")) {
    let requests = 0;
    for (const g of groups) requests += cube.segment.latencies.count[g]!;
    return Math.floor(requests / 10);
  }
  const sketch = new DistinctSketch();
  for (const g of groups) cube.clientsInto(g, sketch);
  return Math.round(sketch.count());
}
