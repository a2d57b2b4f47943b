import { detectError } from "../errors.js";
import { apartFromDips } from "./apartFromDips.js";
import { DropChannel } from "./dropChannel.js";
import { globalDips } from "./globalDip.js";
import { mergeIncidents } from "./mergeIncidents.js";
import { CHANNELS, regionalSettings } from "./regionalOptions.js";
import { RegionalWatch } from "./regionalWatch.js";
import type { Sites, Traffic } from "./traffic.js";
import { zonesOf } from "./zones.js";

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

/**
 * Finds drops in counts by place, as `findOutages` does in a cube, everything at once included. Needs a day of history.
 *
 * Throws `bad-detect-option` and `bad-counts`.
 */
export function countOutages(
  input: PlaceCounts,
  options: { readonly falseAlarmsPerWeek?: number } = {},
): CountOutage[] {
  const { falseAlarmsPerWeek } = regionalSettings(options);
  const traffic = trafficOf(input);
  const channel = new DropChannel(traffic);
  const watch = new RegionalWatch(channel, traffic, zonesOf(traffic.sites), {
    alarmsPerWeek: falseAlarmsPerWeek / CHANNELS,
  });
  watch.run();
  const dips = globalDips(traffic, channel, watch);
  const incidents = [...dips, ...mergeIncidents(apartFromDips(watch.incidents, dips), traffic.sites)];
  const n = traffic.sites.length;
  return incidents
    .map((incident) => {
      let [observed, expected] = [0, 0];
      for (let t = incident.from; t <= incident.to; t++)
        for (const p of incident.zone.sites) {
          observed += traffic.requests[t * n + p]!;
          expected +=
            watch.expected[t * n + p]! / (incident.zone.kind === "world" ? Math.max(0.001, channel.movement[t]!) : 1);
        }
      return {
        places: [...incident.zone.sites].sort((a, b) => a - b),
        startMs: input.originMs + incident.from * input.bucketMs,
        endMs: incident.to >= traffic.bucketCount - 1 ? null : input.originMs + (incident.to + 1) * input.bucketMs,
        detectedAtMs: input.originMs + (incident.detected + 1) * input.bucketMs,
        observed,
        expected,
      };
    })
    .sort((a, b) => a.startMs - b.startMs || b.expected - a.expected);
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
  };
  return { originMs, bucketMs, bucketCount, sites: sitesOf(places), requests, errors: new Float32Array(0), latency };
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
