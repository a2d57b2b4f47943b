import { greatCircleKm } from "../../../grid/distance.js";
import type { Incident } from "../scan/sequentialScan.js";
import type { Sites } from "../series/trafficColumns.js";

/** Incidents of one kind, at one time, no further apart than this are one. */
const NEAR_KM = 400;

/**
 * Puts together what is one incident: a region's fringe that stood out later, or the same region again after a lull.
 * The earlier detection stands; the region grows by what was found later.
 */
export function mergeIncidents(incidents: readonly Incident[], sites: Sites): Incident[] {
  const merged: Incident[] = [];
  for (const incident of incidents) {
    const same = merged.findIndex((other) => overlapInTime(other, incident) && near(other, incident, sites));
    if (same < 0) merged.push({ ...incident });
    else merged[same] = joined(merged[same]!, incident);
  }
  return merged;
}

function overlapInTime(a: Incident, b: Incident): boolean {
  const gap = Math.max(2, Math.ceil((Math.min(a.to - a.from, b.to - b.from) + 1) / 2));
  return b.from <= a.to + gap && a.from <= b.to + gap;
}

function near(a: Incident, b: Incident, sites: Sites): boolean {
  if (a.zone.kind === "world" || b.zone.kind === "world") return true;
  const countries = new Set(a.zone.sites.map((s) => sites.country[s]!));
  if (b.zone.sites.some((s) => sites.country[s] !== 0 && countries.has(sites.country[s]!))) return true;
  for (const s of a.zone.sites)
    for (const r of b.zone.sites)
      if (greatCircleKm(sites.lat[s]!, sites.lon[s]!, sites.lat[r]!, sites.lon[r]!) <= NEAR_KM) return true;
  return false;
}

function joined(first: Incident, later: Incident): Incident {
  const known = new Set(first.zone.sites);
  const more = later.zone.sites.filter((s) => !known.has(s));
  const larger = later.zone.sites.length > first.zone.sites.length ? later.zone : first.zone;
  const zone = more.length === 0 ? first.zone : { ...larger, sites: [...first.zone.sites, ...more] };
  return { ...first, zone, from: Math.min(first.from, later.from), to: Math.max(first.to, later.to) };
}
