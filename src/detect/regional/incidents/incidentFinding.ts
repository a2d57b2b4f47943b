import { DistinctSketch } from "../../../stats/distinctSketch.js";
import type { Finding } from "../../finding.js";
import { findingId } from "../../findingId.js";
import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { RegionalSeries } from "../series/regionalSeries.js";
import type { Sites } from "../series/trafficColumns.js";
import { type IncidentFacts, round } from "./incidentFacts.js";
import { regionOf } from "./regionName.js";

/** What all regional findings have in common; the rest is their detector's. */
export function incidentFinding(
  series: RegionalSeries,
  watch: SequentialScan,
  incident: Incident,
  facts: Pick<IncidentFacts, "weight">,
) {
  const { traffic, sites, cube } = series;
  const at = (bucket: number): number => traffic.originMs + bucket * traffic.bucketMs;
  const lasts = incident.to >= traffic.bucketCount - 1;
  const region = regionOf(cube, sites, incident.zone, facts.weight);
  const value = sites.sliced ? Object.entries(slicedValue(series, incident)).flat().join(" ") : "";
  return {
    // What was known when it was told: the outline may grow, and its beginning move.
    id: findingId(
      series.refusals ? "refused" : incident.signal.kind,
      at(incident.detected + 1),
      ...seedName(sites.sites, incident),
      ...(value === "" ? [] : [value]),
    ),
    confidence: confidenceOf(watch, incident),
    startMs: at(incident.from - (incident.lost ?? 0)),
    endMs: lasts ? null : at(incident.to + 1),
    detectedAtMs: at(incident.detected + 1),
    region,
    clients: clientsOf(series, incident),
    users: [],
    ips: [],
    evidence: evidenceOf(watch, incident),
  } satisfies Partial<Finding>;
}

/** Names of the site at which an incident was told, as far as the zone that alarmed has them in common. */
function seedName(sites: Sites, { seed, seedKind }: Incident): string[] {
  if (seedKind === "world") return ["world"];
  const country = sites.countries[sites.country[seed]!] ?? "";
  if (seedKind === "country") return [country];
  const region = sites.regions[sites.region[seed]!]!.name;
  return seedKind === "region" ? [country, region] : [country, region, sites.cities[sites.city[seed]!]!.name, seedKind];
}

/** The dimension that a region is made of, if it is: `{ pop: "fra" }`; or its country, where it is one. */
export function zoneSlice(
  series: RegionalSeries,
  incident: Incident,
): { dimension: Record<string, string>; slice: Record<string, string> } {
  const { sites, sliced } = series.sites;
  const first = incident.zone.sites[0] ?? 0;
  const country = sites.countries[sites.country[first]!] ?? "";
  if (sliced) {
    const dimension = slicedValue(series, incident);
    return { dimension, slice: incident.zone.kind === "country" ? { country, ...dimension } : dimension };
  }
  const split = sites.splits.find((s) => s.name === incident.zone.kind);
  if (split !== undefined) {
    const slice = { [split.name]: split.values[split.codes[first]!] ?? "" };
    return { dimension: slice, slice };
  }
  if (incident.zone.kind === "country") return { dimension: {}, slice: { country } };
  if (incident.zone.kind === "region") {
    const region = sites.regions[sites.region[first]!]!;
    return { dimension: {}, slice: { country: region.country, region: region.name } };
  }
  return { dimension: {}, slice: {} };
}

/** Where a finding says it is: "Germany", or "Germany (organization Deutsche Telekom)". */
export function whereOf(series: RegionalSeries, incident: Incident, region: string): string {
  return series.sites.sliced ? `${region} (${Object.entries(slicedValue(series, incident)).flat().join(" ")})` : region;
}

/** The value that an incident of a series of values is about: `{ service: "checkout" }`. */
function slicedValue({ sites: { sites } }: RegionalSeries, incident: Incident): Record<string, string> {
  const split = sites.splits[0]!;
  return { [split.name]: split.values[split.codes[incident.zone.sites[0]!]!] ?? "" };
}

/** One minus the chance that quiet traffic shows this much in a week. */
function confidenceOf(watch: SequentialScan, incident: Incident): number {
  const { scale } = watch.threshold.describe();
  const chance = watch.alarmsPerWeek * Math.exp(-(incident.negLogP - incident.threshold) / scale);
  return Math.min(0.999999, Math.round(Math.exp(-chance) * 1e6) / 1e6);
}

/** Distinct clients in the region during the incident; of a drop, in the same hours of the day before. */
function clientsOf(series: RegionalSeries, incident: Incident): number {
  const { cube, ledger, traffic } = series;
  const day = incident.signal.kind === "drop" ? Math.round(86_400_000 / traffic.bucketMs) : 0;
  const sketch = new DistinctSketch();
  for (const g of ledger.groups(incident.zone.sites, incident.from - day, incident.to - day))
    cube.clientsInto(g, sketch);
  return Math.round(sketch.count());
}

function evidenceOf(watch: SequentialScan, incident: Incident): Record<string, unknown> {
  const { zone } = incident;
  return {
    zone: zone.kind,
    ...(zone.kind === "circle" ? { radiusKm: round(zone.radiusKm) } : {}),
    places: zone.sites.length,
    negLogP: round(incident.negLogP),
    alarmThreshold: round(incident.threshold),
    falseAlarmsPerWeek: watch.alarmsPerWeek,
    ...(incident.clients === undefined ? {} : { effectiveClients: round(incident.clients.effectiveClients) }),
  };
}
