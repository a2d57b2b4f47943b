import { detectError } from "../errors.js";
import type { CountOutage } from "./countOutage.js";
import { isBeyondUsualDips } from "./counts/usualDips.js";
import { isBeyondUsualSpells } from "./counts/usualSpells.js";
import { countsOfShares } from "./countsOfShares.js";
import { guardsWithout } from "./guards.js";
import { IncidentLosses, type PlaceSpan } from "./incidentLosses.js";
import { excludeGlobalDrops } from "./incidents/excludeGlobalDrops.js";
import { globalDrops } from "./incidents/globalDrop.js";
import { mergeIncidents } from "./incidents/mergeIncidents.js";
import { joinConsecutive } from "./joinConsecutive.js";
import type { PlaceCounts } from "./placeCounts.js";
import { CHANNELS, regionalSettings } from "./regionalOptions.js";
import { LEAST_LOSS } from "./scan/evidence.js";
import { type Incident, SequentialScan } from "./scan/sequentialScan.js";
import { zonesOf } from "./scan/zones.js";
import type { Sites, Traffic } from "./series/trafficColumns.js";
import { TrafficSignal } from "./signals/trafficSignal.js";

/** How counts are judged. */
export interface CountOutageOptions {
  /** How often quiet counts may raise a false alarm, all places together. Default 0.05. */
  readonly falseAlarmsPerWeek?: number;
  /**
   * The share of what was expected that must be lost, in [0.1, 1): by the region for an outage to be told, and by a place
   * to be named in it. Default 0.5; lower finds what is weakened too.
   */
  readonly minLoss?: number;
  /**
   * `counts` (default): independent events, as noisy as Poisson at the least. `shares`: an index or a percentage (0 to 1,
   * 0 to 10, 0 to 100), whose noise is its own; it is learned from each place's hour-to-hour changes.
   */
  readonly values?: "counts" | "shares";
}

/** What counts of elsewhere do by chance is not known from visits: it is judged afterwards, by the dips that they have. */
const WITHOUT_CHANCE = guardsWithout("chance");
/** What an outage of many places moves of "all traffic" hides a part of its loss from the scan: it is told more leniently. */
const LOSS_AT_LEAST = 0.6;

/**
 * Finds drops in counts by place, as `findOutages` does in a cube, everything at once included. Needs a day of history.
 *
 * Throws `bad-detect-option` and `bad-counts`.
 */
export function countOutages(input: PlaceCounts, options: CountOutageOptions = {}): CountOutage[] {
  const { falseAlarmsPerWeek } = regionalSettings(options);
  const minLoss = checkedLoss(options.minLoss ?? 0.5);
  const values = checkedValues(options.values ?? "counts");
  const traffic = trafficOf(values === "shares" ? countsOfShares(input) : input);
  const signal = new TrafficSignal(traffic);
  const watch = new SequentialScan(signal, traffic, zonesOf(traffic.sites), {
    alarmsPerWeek: falseAlarmsPerWeek / CHANNELS,
    leastLoss: Math.max(LEAST_LOSS, LOSS_AT_LEAST * minLoss),
    guards: WITHOUT_CHANCE,
  });
  watch.run();
  const dips = globalDrops(traffic, signal, watch);
  const incidents = [...dips, ...mergeIncidents(excludeGlobalDrops(watch.incidents, dips), traffic.sites)];
  const losses = new IncidentLosses(traffic, watch, minLoss);
  const outages = incidents
    .flatMap((incident) => outagesOf(losses, incident, falseAlarmsPerWeek))
    .sort((a, b) => a.startMs - b.startMs || b.expected - a.expected);
  return joinConsecutive(outages, traffic.bucketMs);
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

function checkedValues(values: "counts" | "shares"): "counts" | "shares" {
  if (values !== "counts" && values !== "shares")
    throw detectError("bad-detect-option", { option: "values", value: String(values), expected: "counts or shares" });
  return values;
}

/** An incident as its places lived through it; none where no place lost so much, or all have such dips anyway. */
function outagesOf(losses: IncidentLosses, incident: Incident, falseAlarmsPerWeek: number): CountOutage[] {
  const { spans, usual } = losses.of(incident);
  const { bucketMs } = losses.traffic;
  return overlapping(spans)
    .filter((together) => {
      const [first, last] = [firstOf(together), lastOf(together)];
      const series = { ...losses.seriesOf(together, usual, incident.to), bucketMs };
      return (
        isBeyondUsualDips(series, first, last, falseAlarmsPerWeek) &&
        isBeyondUsualSpells(series, first, last, { falseAlarmsPerWeek, minLoss: losses.minLoss })
      );
    })
    .map((together) => outageOf(losses.traffic, incident, together));
}

const firstOf = (spans: readonly PlaceSpan[]): number => Math.min(...spans.map((s) => s.from));
const lastOf = (spans: readonly PlaceSpan[]): number => Math.max(...spans.map((s) => s.to));

/** Spans that overlap in time side by side: places that were down one after the other were not down together. */
function overlapping(spans: readonly PlaceSpan[]): PlaceSpan[][] {
  const groups: PlaceSpan[][] = [];
  let end = -1;
  for (const span of [...spans].sort((a, b) => a.from - b.from || a.place - b.place)) {
    if (span.from > end) groups.push([]);
    groups.at(-1)!.push(span);
    end = Math.max(end, span.to);
  }
  return groups.map((group) => group.sort((a, b) => a.place - b.place));
}

function outageOf({ originMs, bucketMs, bucketCount }: Traffic, incident: Incident, spans: PlaceSpan[]): CountOutage {
  const startOf = (bucket: number): number => originMs + bucket * bucketMs;
  const endOf = (bucket: number): number | null => (bucket >= bucketCount - 1 ? null : startOf(bucket + 1));
  return {
    places: spans.map((span) => span.place),
    parts: spans.map(({ place, from, to, observed, expected }) => ({
      place,
      startMs: startOf(from),
      endMs: endOf(to),
      observed,
      expected,
    })),
    startMs: startOf(firstOf(spans)),
    endMs: endOf(lastOf(spans)),
    detectedAtMs: startOf(Math.max(firstOf(spans), incident.detected) + 1),
    observed: spans.reduce((sum, span) => sum + span.observed, 0),
    expected: spans.reduce((sum, span) => sum + span.expected, 0),
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
      const value = row[t] ?? Number.NaN;
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
  const amounts = { requests, errors, visits: requests, failed: errors, refused: errors, refusedVisits: errors };
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
