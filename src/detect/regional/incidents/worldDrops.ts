import { type Guards, guardsBeside } from "../guards.js";
import type { Incident } from "../scan/sequentialScan.js";
import { SequentialScan } from "../scan/sequentialScan.js";
import { withMembers } from "../scan/zones.js";
import type { Sites, Traffic } from "../series/trafficColumns.js";
import { TrafficSignal } from "../signals/trafficSignal.js";

/** All traffic is down when it falls by this share or more of what was to be expected. */
const LEAST_LOSS = 0.25;
/** Nor is it the world's, when regions explain so much of the loss … */
const OF_ONE = 0.7;
/** … and, where they are several, so much of the world goes on as usual. */
const ASIDE = 0.2;
/** A site of fewer expected visits is not told to have stood aside. */
const CLEAR = 30;

/** A time at which all traffic fell at once: a lost collector, or everything is down. No region's outage. */
export interface WorldDrop {
  /** As seen by the series of the whole world, whose one site is 0. */
  readonly incident: Incident;
  /** Sites of the main series that took part. */
  readonly sites: readonly number[];
}

/** The whole world watched as one place, by the rule for any place. */
export interface WorldWatch {
  readonly traffic: Traffic;
  readonly watch: SequentialScan;
  readonly drops: readonly WorldDrop[];
}

/**
 * Finds drops of everything.
 *
 * @param regional - the watch over the places, for which of them took part
 * @param movement - the factor of each bucket by which all traffic moved, which that watch left aside
 */
export function watchWorld(
  traffic: Traffic,
  regional: SequentialScan,
  movement: Float64Array,
  guards: Guards,
  alarmsPerWeek: number,
): WorldWatch {
  const world = worldTraffic(traffic);
  const watch = worldScan(world, guards, alarmsPerWeek);
  watch.run();
  return { traffic: world, watch, drops: worldDrops(traffic, regional, movement, watch) };
}

/** The watch over the world's one site. */
export function worldScan(world: Traffic, guards: Guards, alarmsPerWeek: number): SequentialScan {
  const zones = {
    partitions: [withMembers("world", 1, new Int32Array(1))],
    circles: { starts: new Uint32Array(2), site: new Uint32Array(0), km: new Float32Array(0), count: 1 },
  };
  const own = guardsBeside(guards, "common-movement");
  const options = { alarmsPerWeek, guards: own, leastLoss: LEAST_LOSS };
  return new SequentialScan(new TrafficSignal(world, own), world, zones, options);
}

/** The drops that it found and no incidents of regions explain, and which places took part in them. */
export function worldDrops(
  traffic: Traffic,
  regional: SequentialScan,
  movement: Float64Array,
  world: SequentialScan,
): WorldDrop[] {
  return world.incidents
    .filter(
      (incident) =>
        isBorneOut(traffic, regional, movement, incident) && !isOfRegions(traffic, regional, movement, world, incident),
    )
    .map((incident) => ({
      incident,
      sites: sitesOf(traffic, regional, movement, world, incident),
    }));
}

/**
 * Whether the places miss as much, each by its own clock: the world has none, and a change of clocks moves the lunch of a
 * continent by an hour.
 */
function isBorneOut(
  { sites, visits }: Traffic,
  regional: SequentialScan,
  movement: Float64Array,
  { from, to }: Incident,
): boolean {
  let [observed, expected] = [0, 0];
  // Live, what began long ago is no longer there in full.
  for (let t = Math.max(0, from); t <= to; t++)
    for (let i = t * sites.length; i < (t + 1) * sites.length; i++) {
      observed += visits[i]!;
      expected += regional.expected[i]! / Math.max(movement[t]!, 1e-9);
    }
  return observed <= (1 - LEAST_LOSS) * expected;
}

/**
 * Whether incidents of regions carry a drop of everything: a country or a PoP that is a fifth of all traffic takes the world
 * down with it, and so do several at once, while a good part of the world goes on as usual.
 */
function isOfRegions(
  { sites, visits }: Traffic,
  regional: SequentialScan,
  movement: Float64Array,
  world: SequentialScan,
  drop: Incident,
): boolean {
  const n = sites.length;
  const own = regional.incidents.filter(
    ({ from, to, zone }) => from <= drop.to && to >= drop.from && zone.kind !== "world",
  );
  if (own.length === 0) return false;
  let [lost, lostThere, usual, aside] = [0, 0, 0, 0];
  const observed = new Float64Array(sites.countries.length);
  const expected = new Float64Array(sites.countries.length);
  const parts = new Float64Array(own.length);
  for (let t = Math.max(0, drop.from); t <= drop.to; t++) {
    lost += world.expected[t]! - world.observed[t]!;
    const lostAt = (s: number): number =>
      regional.expected[t * n + s]! / Math.max(movement[t]!, 1e-9) - visits[t * n + s]!;
    const there = new Set<number>();
    own.forEach(({ from, to, zone }, i) => {
      if (t < from || t > to) return;
      for (const s of zone.sites) {
        parts[i]! += lostAt(s);
        if (!there.has(s)) lostThere += lostAt(s);
        there.add(s);
      }
    });
    for (let s = 0; s < n; s++) {
      observed[sites.country[s]!]! += visits[t * n + s]!;
      expected[sites.country[s]!]! += lostAt(s) + visits[t * n + s]!;
    }
  }
  if (parts.some((part) => part >= OF_ONE * lost)) return true;
  const all = observed.reduce((sum, o) => sum + o, 0);
  usual = expected.reduce((sum, e) => sum + e, 0);
  const middle = (1 + all / Math.max(1, usual)) / 2;
  expected.forEach((e, c) => {
    if (observed[c]! >= middle * e) aside += e;
  });
  return lostThere >= OF_ONE * lost && aside >= ASIDE * usual;
}

/** All sites belong to a drop of everything but those that clearly did not take part in it. */
function sitesOf(
  { sites, visits }: Traffic,
  regional: SequentialScan,
  movement: Float64Array,
  world: SequentialScan,
  { from, to }: Incident,
): number[] {
  const { length: n, known = n } = sites;
  let [all, usual] = [0, 0];
  for (let t = from; t <= to; t++) {
    all += world.observed[t]!;
    usual += world.expected[t]!;
  }
  const middle = (1 + all / Math.max(1, usual)) / 2;
  const members: number[] = [];
  for (let s = 0; s < known; s++) {
    let [observed, expected] = [0, 0];
    for (let t = from; t <= to; t++) {
      observed += visits[t * n + s]!;
      expected += regional.expected[t * n + s]! / Math.max(movement[t]!, 1e-9);
    }
    if (expected < CLEAR || observed < middle * expected) members.push(s);
  }
  return members;
}

/** The world as one site. */
export function worldSites(): Sites {
  const one = new Uint32Array(1);
  const nowhere = Float64Array.of(Number.NaN);
  const names = {
    countries: [""],
    regions: [{ name: "", country: "" }],
    cities: [{ name: "", region: "", country: "" }],
  };
  return { length: 1, country: one, region: one, city: one, lat: nowhere, lon: nowhere, ...names, splits: [] };
}

/** The traffic of all sites together as that of one. */
function worldTraffic({ sites, latency: _, ...traffic }: Traffic): Traffic {
  const n = sites.length;
  const summed = (columns: Float32Array): Float32Array => {
    const sums = new Float32Array(traffic.bucketCount);
    for (let t = 0, at = 0; t < sums.length; t++) {
      let sum = 0;
      for (const end = at + n; at < end; at++) sum = Math.fround(sum + columns[at]!);
      sums[t] = sum;
    }
    return sums;
  };
  const requests = summed(traffic.requests);
  const { reported } = traffic;
  return {
    ...traffic,
    sites: worldSites(),
    requests,
    errors: summed(traffic.errors),
    visits: traffic.visits === traffic.requests ? requests : summed(traffic.visits),
    failed: summed(traffic.failed),
    refused: summed(traffic.refused),
    refusedVisits: summed(traffic.refusedVisits),
    reported: reported && reportedOfAll({ ...traffic, sites }, reported),
    latency: {
      starts: new Uint32Array(traffic.bucketCount + 1),
      site: new Uint32Array(0),
      bin: new Uint16Array(0),
      count: new Uint32Array(0),
      weight: new Float32Array(0),
    },
  };
}

/** The share of all traffic whose sources report, bucket by bucket: sites weighted by what comes of them otherwise. */
function reportedOfAll(
  { sites, visits, bucketCount }: Pick<Traffic, "sites" | "visits" | "bucketCount">,
  reported: Float32Array,
): Float32Array {
  const n = sites.length;
  const [sum, buckets] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n * bucketCount; i++) {
    sum[i % n]! += visits[i]!;
    buckets[i % n]! += reported[i]!;
  }
  const weight = sum.map((visit, s) => visit / Math.max(1, buckets[s]!));
  const all = weight.reduce((a, b) => a + b, 0);
  return Float32Array.from({ length: bucketCount }, (_, t) => {
    let share = 0;
    for (let s = 0; s < n; s++) share += weight[s]! * reported[t * n + s]!;
    return all > 0 ? share / all : 1;
  });
}
