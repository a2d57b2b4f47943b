import { DistinctSketch } from "../../../stats/distinctSketch.js";
import type { Finding } from "../../finding.js";
import { findingId } from "../../findingId.js";
import type { Incident, RegionalWatch } from "../scan/regionalWatch.js";
import type { Scene } from "../series/watchCube.js";
import { type IncidentFacts, round } from "./incidentFacts.js";
import { regionOf } from "./regionName.js";

/** What all regional findings have in common; the rest is their detector's. */
export function incidentFinding(
  scene: Scene,
  watch: RegionalWatch,
  incident: Incident,
  facts: Pick<IncidentFacts, "weight">,
) {
  const { traffic, sites, cube } = scene;
  const at = (bucket: number): number => traffic.originMs + bucket * traffic.bucketMs;
  const lasts = incident.to >= traffic.bucketCount - 1;
  const region = regionOf(cube, sites, incident.zone, facts.weight);
  const value = sites.sliced ? Object.entries(slicedValue(scene, incident)).flat().join(" ") : "";
  return {
    id: findingId(incident.channel.kind, at(incident.from), ...(value === "" ? [region.name] : [region.name, value])),
    confidence: confidenceOf(watch, incident),
    startMs: at(incident.from),
    endMs: lasts ? null : at(incident.to + 1),
    detectedAtMs: at(incident.detected + 1),
    region,
    clients: clientsOf(scene, incident),
    users: [],
    ips: [],
    evidence: evidenceOf(watch, incident),
  } satisfies Partial<Finding>;
}

/** The dimension that a region is made of, if it is: `{ pop: "fra" }`; or its country, where it is one. */
export function zoneSlice(
  scene: Scene,
  incident: Incident,
): { dimension: Record<string, string>; slice: Record<string, string> } {
  const { sites, sliced } = scene.sites;
  const first = incident.zone.sites[0] ?? 0;
  const country = sites.countries[sites.country[first]!] ?? "";
  if (sliced) {
    const dimension = slicedValue(scene, incident);
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
export function whereOf(scene: Scene, incident: Incident, region: string): string {
  return scene.sites.sliced ? `${region} (${Object.entries(slicedValue(scene, incident)).flat().join(" ")})` : region;
}

/** The value that an incident of a scene of values is about: `{ service: "checkout" }`. */
function slicedValue({ sites: { sites } }: Scene, incident: Incident): Record<string, string> {
  const split = sites.splits[0]!;
  return { [split.name]: split.values[split.codes[incident.zone.sites[0]!]!] ?? "" };
}

/** One minus the chance that quiet traffic shows this much in a week. */
function confidenceOf(watch: RegionalWatch, incident: Incident): number {
  const { scale } = watch.threshold.describe();
  const chance = watch.alarmsPerWeek * Math.exp(-(incident.surprise - incident.threshold) / scale);
  return Math.min(0.999999, Math.round(Math.exp(-chance) * 1e6) / 1e6);
}

/** Distinct clients in the region during the incident; of a drop, in the same hours of the day before. */
function clientsOf(scene: Scene, incident: Incident): number {
  const { cube, ledger, traffic } = scene;
  const day = incident.channel.kind === "drop" ? Math.round(86_400_000 / traffic.bucketMs) : 0;
  const sketch = new DistinctSketch();
  for (const g of ledger.groups(incident.zone.sites, incident.from - day, incident.to - day))
    cube.clientsInto(g, sketch);
  return Math.round(sketch.count());
}

function evidenceOf(watch: RegionalWatch, incident: Incident): Record<string, unknown> {
  const { zone } = incident;
  return {
    zone: zone.kind,
    ...(zone.kind === "disc" ? { radiusKm: round(zone.radiusKm) } : {}),
    places: zone.sites.length,
    surprise: round(incident.surprise),
    alarmThreshold: round(incident.threshold),
    falseAlarmsPerWeek: watch.alarmsPerWeek,
    ...(incident.clients === undefined ? {} : { effectiveClients: round(incident.clients.effectiveClients) }),
  };
}
