import { DAY_MS } from "../core/time.js";
import type { Cube } from "../cube/cube.js";
import { groupQuantiles } from "../cube/measures/groupQuantiles.js";
import { sortGroupBy } from "../cube/segments/sortGroupBy.js";
import { countryName } from "../grid/countries.js";
import { DistinctSketch } from "../stats/distinctSketch.js";

/** A part of the traffic in figures. */
export interface TrafficPart {
  readonly name: string;
  readonly requests: number;
  /** Of all requests, in [0, 1]. */
  readonly share: number;
  /** Of those that have a status; NaN where none has. */
  readonly errorRate: number;
  /** NaN where there are no latencies. */
  readonly p95Ms: number;
  /** Requests of the last 24 hours over those of a mean day before, minus 1; null where there are no two days of them. */
  readonly change: number | null;
}

/** What a log looks like at a glance. */
export interface Overview {
  readonly total: TrafficPart;
  /** Distinct; NaN where the cube does not count them. */
  readonly clients: number;
  /** The busiest first. */
  readonly countries: readonly TrafficPart[];
  /** By organization; empty where the databases tell none. */
  readonly networks: readonly TrafficPart[];
}

/** The traffic of a cube at a glance: in all, and its busiest countries and networks. */
export function overview(cube: Cube, most = 5): Overview {
  const { groups, places } = cube;
  const everything = new Uint32Array(groups.length).fill(1);
  const countries = Uint32Array.from({ length: groups.length }, (_, g) => places.country[groups.place[g]!]!);
  const organization = cube.dimensions.findIndex(({ name }) => name === "organization");
  const [total = NOTHING] = partsOf(cube, everything, 2, () => "all");
  const named = (parts: readonly TrafficPart[]): TrafficPart[] =>
    parts
      .filter(({ name }) => name !== "")
      .sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
      .slice(0, most);
  const nameOf = (code: number): string => countryName(places.countries.value(code));
  const own = organization < 0 ? undefined : cube.dimensions[organization]!.dictionary;
  return {
    total,
    clients: clientsOf(cube),
    countries: named(partsOf(cube, countries, places.countries.size, nameOf)),
    networks: own ? named(partsOf(cube, groups.codes[organization]!, own.size, (code) => own.value(code))) : [],
  };
}

const NOTHING: TrafficPart = {
  name: "all",
  requests: 0,
  share: 1,
  errorRate: Number.NaN,
  p95Ms: Number.NaN,
  change: null,
};

function partsOf(cube: Cube, codes: Uint32Array, size: number, nameOf: (code: number) => string): TrafficPart[] {
  const { groups, segment, bucketMs, bucketCount } = cube;
  const sums = sortGroupBy([codes], [size], groups.length);
  const [p95] = groupQuantiles(segment.latencies, sums, [0.95]);
  const day = Math.round(DAY_MS / bucketMs);
  const daysBefore = (bucketCount - day) / day;
  let all = 0;
  for (let g = 0; g < groups.length; g++) all += groups.count[g]!;
  return Array.from({ length: sums.groups }, (_, s) => {
    let [requests, errors, answered, last] = [0, 0, 0, 0];
    for (let k = sums.starts[s]!; k < sums.starts[s + 1]!; k++) {
      const g = sums.order[k]!;
      requests += groups.count[g]!;
      errors += groups.errors[g]!;
      answered += groups.count[g]! - segment.statusless[g]!;
      if (groups.bucket[g]! >= bucketCount - day) last += groups.count[g]!;
    }
    const usual = daysBefore >= 1 ? (requests - last) / daysBefore : 0;
    return {
      name: nameOf(codes[sums.order[sums.starts[s]!]!]!),
      requests,
      share: all > 0 ? requests / all : 0,
      errorRate: answered > 0 ? errors / answered : Number.NaN,
      p95Ms: p95![s]!,
      change: usual > 0 ? last / usual - 1 : null,
    };
  });
}

function clientsOf(cube: Cube): number {
  if (!cube.settings.measures.has("clients")) return Number.NaN;
  const sketch = new DistinctSketch();
  for (let g = 0; g < cube.groups.length; g++) cube.clientsInto(g, sketch);
  return Math.round(sketch.count());
}
