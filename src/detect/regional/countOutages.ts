import { logPoissonUpperTail } from "../../stats/countTails.js";
import { detectError } from "../errors.js";
import { excludeGlobalDrops } from "./incidents/excludeGlobalDrops.js";
import { globalDrops } from "./incidents/globalDrop.js";
import { mergeIncidents } from "./incidents/mergeIncidents.js";
import { CHANNELS, regionalSettings } from "./regionalOptions.js";
import { LEAST_LOSS } from "./scan/evidence.js";
import { type Incident, SequentialScan } from "./scan/sequentialScan.js";
import { zonesOf } from "./scan/zones.js";
import type { Sites, Traffic } from "./series/trafficColumns.js";
import { TrafficSignal } from "./signals/trafficSignal.js";

/** Counts by place and time that come from elsewhere than a log: probes that answered, sales, sessions. */
export interface PlaceCounts {
  /** Start of the first bucket, epoch milliseconds. */
  readonly originMs: number;
  readonly bucketMs: number;
  readonly places: readonly {
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    readonly region?: string;
    readonly city?: string;
    /** Degrees. */
    readonly lat: number;
    readonly lon: number;
  }[];
  /** Counts of each place, a row of one length each; NaN is "no data" and counts as the place's usual. */
  readonly counts: readonly ArrayLike<number>[];
}

/** A drop in counts: where, and from when to when. */
export interface CountOutage {
  /** Numbers of the places affected. */
  readonly places: readonly number[];
  readonly startMs: number;
  /** null while it lasts. */
  readonly endMs: number | null;
  /** End of the bucket after which it was told. */
  readonly detectedAtMs: number;
  readonly observed: number;
  readonly expected: number;
}

/** How counts are judged. */
export interface CountOutageOptions {
  /** How often quiet counts may raise a false alarm, all places together. Default 0.05. */
  readonly falseAlarmsPerWeek?: number;
  /**
   * The share of what was expected that must be lost, in [0.1, 1): by the region for an outage to be told, and by a place
   * to be named in it. Default 0.5; lower finds what is weakened too.
   */
  readonly minLoss?: number;
}

/** A place is left out of an outage where chance alone would let one that lost enough keep so much only this seldom. */
const SURELY_LESS = Math.log(0.01);

/**
 * Finds drops in counts by place, as `findOutages` does in a cube, everything at once included. Needs a day of history.
 *
 * Throws `bad-detect-option` and `bad-counts`.
 */
export function countOutages(input: PlaceCounts, options: CountOutageOptions = {}): CountOutage[] {
  const { falseAlarmsPerWeek } = regionalSettings(options);
  const minLoss = checkedLoss(options.minLoss ?? 0.5);
  const traffic = trafficOf(input);
  const signal = new TrafficSignal(traffic);
  const watch = new SequentialScan(signal, traffic, zonesOf(traffic.sites), {
    alarmsPerWeek: falseAlarmsPerWeek / CHANNELS,
    leastLoss: minLoss,
  });
  watch.run();
  const dips = globalDrops(traffic, signal, watch);
  const incidents = [...dips, ...mergeIncidents(excludeGlobalDrops(watch.incidents, dips), traffic.sites)];
  return incidents
    .map((incident) => outageOf(traffic, signal, watch, incident, minLoss))
    .filter((outage) => outage.places.length > 0)
    .sort((a, b) => a.startMs - b.startMs || b.expected - a.expected);
}

function checkedLoss(minLoss: number): number {
  if (!(minLoss >= LEAST_LOSS && minLoss < 1))
    throw detectError("bad-detect-option", {
      option: "minLoss",
      value: String(minLoss),
      expected: `a share of at least ${LEAST_LOSS}, below 1`,
    });
  return minLoss;
}

function outageOf(
  { requests, sites, originMs, bucketMs, bucketCount }: Traffic,
  signal: TrafficSignal,
  watch: SequentialScan,
  incident: Incident,
  minLoss: number,
): CountOutage {
  const n = sites.length;
  const places: number[] = [];
  let [observed, expected] = [0, 0];
  for (const p of [...incident.zone.sites].sort((a, b) => a - b)) {
    let [o, e] = [0, 0];
    for (let t = incident.from; t <= incident.to; t++) {
      // A dip's expectation was lowered by the common movement itself: this undoes it.
      const movement = incident.zone.kind === "world" ? Math.max(0.001, signal.movement[t]!) : 1;
      o += requests[t * n + p]!;
      e += watch.expected[t * n + p]! / movement;
    }
    if (logPoissonUpperTail(Math.round(o), (1 - minLoss) * e) < SURELY_LESS) continue;
    places.push(p);
    observed += o;
    expected += e;
  }
  return {
    places,
    startMs: originMs + incident.from * bucketMs,
    endMs: incident.to >= bucketCount - 1 ? null : originMs + (incident.to + 1) * bucketMs,
    detectedAtMs: originMs + (incident.detected + 1) * bucketMs,
    observed,
    expected,
  };
}

function trafficOf({ originMs, bucketMs, places, counts }: PlaceCounts): Traffic {
  const n = places.length;
  const bucketCount = counts[0]?.length ?? 0;
  if (counts.length !== n) throw detectError("bad-counts", { why: `${n} places but ${counts.length} rows of counts` });
  const requests = new Float32Array(n * bucketCount);
  counts.forEach((row, p) => {
    if (row.length !== bucketCount)
      throw detectError("bad-counts", { why: `row ${p} has ${row.length} counts, the first ${bucketCount}` });
    let last = 0;
    for (let t = 0; t < bucketCount; t++) {
      const value = row[t]!;
      if (value < 0 || value === Number.POSITIVE_INFINITY)
        throw detectError("bad-counts", { why: `row ${p}, count ${t} is ${value}` });
      // The place's last known count stands in for what is missing: no data is no drop.
      last = Number.isNaN(value) ? last : value;
      requests[t * n + p] = last;
    }
  });
  const latency = {
    starts: new Uint32Array(bucketCount + 1),
    site: new Uint32Array(0),
    bin: new Uint16Array(0),
    count: new Uint32Array(0),
    weight: new Float32Array(0),
  };
  const errors = new Float32Array(0);
  const amounts = { requests, errors, visits: requests, failed: errors };
  return { originMs, bucketMs, bucketCount, sites: sitesOf(places), ...amounts, latency };
}

function sitesOf(places: PlaceCounts["places"]): Sites {
  const codes = { country: [""], region: [""], city: [""] };
  const code = (list: string[], name: string, key: string): number => {
    if (name === "") return 0;
    const known = list.indexOf(key);
    return known >= 0 ? known : list.push(key) - 1;
  };
  const country = places.map((p) => code(codes.country, p.country, p.country));
  const region = places.map((p) => code(codes.region, p.region ?? "", `${p.country}\u0000${p.region}`));
  const city = places.map((p) => code(codes.city, p.city ?? "", `${p.country}\u0000${p.region}\u0000${p.city}`));
  const parts = (key: string): string[] => key.split("\u0000");
  return {
    length: places.length,
    country: Uint32Array.from(country),
    region: Uint32Array.from(region),
    city: Uint32Array.from(city),
    lat: Float64Array.from(places, (p) => p.lat),
    lon: Float64Array.from(places, (p) => p.lon),
    countries: codes.country,
    regions: codes.region.map(parts).map(([c = "", name = ""]) => ({ country: c, name })),
    cities: codes.city.map(parts).map(([c = "", r = "", name = ""]) => ({ country: c, region: r, name })),
    splits: [],
  };
}
