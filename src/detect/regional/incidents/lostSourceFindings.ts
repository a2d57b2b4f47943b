import { isoTime } from "../../../core/time.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";
import type { Finding, Severity } from "../../finding.js";
import { findingId } from "../../findingId.js";
import type { LostSource } from "../series/lostSources.js";
import type { RegionalSeries } from "../series/regionalSeries.js";
import { regionOf } from "./regionName.js";

/** One finding a source that fell silent: those it serves are judged by the sources that report. */
export function lostSourceFindings(series: RegionalSeries): Finding[] {
  return series.coverage.lost.map((lost) => lostSourceFinding(series, lost));
}

function lostSourceFinding(series: RegionalSeries, lost: LostSource): Finding {
  const { cube, traffic } = series;
  const { name, dictionary } = cube.dimensions[lost.dimension]!;
  const value = dictionary.value(lost.code);
  const startMs = traffic.originMs + lost.from * traffic.bucketMs;
  const lasts = lost.to >= traffic.bucketCount - 1;
  const endMs = lasts ? null : traffic.originMs + (lost.to + 1) * traffic.bucketMs;
  const { region, clients } = servedBy(series, lost);
  const when = endMs === null ? `after ${isoTime(startMs)}` : `from ${isoTime(startMs)} to ${isoTime(endMs)}`;
  const why = lost.moved
    ? "they came by others"
    : "its log is missing, or nothing reached it; those it serves are not judged by it";
  return {
    id: findingId("lost-source", startMs, name, value),
    kind: "regional-outage",
    subtype: "lost-source",
    severity: severityOf(lost, lasts),
    confidence: 0.99,
    startMs,
    endMs,
    detectedAtMs: Math.min(startMs + 3 * traffic.bucketMs, traffic.originMs + traffic.bucketCount * traffic.bucketMs),
    title: `Nothing from ${name} ${value} ${when} (${Math.round(lost.expected)} requests expected): ${why}`,
    region,
    dimensions: { [name]: value },
    measure: "requests",
    observed: 0,
    expected: Math.round(lost.expected),
    clients,
    users: [],
    ips: [],
    cause: [{ slice: { [name]: value }, share: 1 }],
  };
}

/** What is missing at the end of a log may still be copied; what was missing between is lost. */
function severityOf({ moved }: LostSource, lasts: boolean): Severity {
  return moved ? "info" : lasts ? "low" : "medium";
}

/** Where a source's requests come from, and from how many clients, in the rest of the log. */
function servedBy({ cube, sites }: RegionalSeries, { dimension, code }: LostSource) {
  const { groups } = cube;
  const codes = groups.codes[dimension]!;
  const weight = new Float64Array(sites.sites.length);
  const sketch = new DistinctSketch();
  for (let g = 0; g < groups.length; g++) {
    if (codes[g] !== code) continue;
    weight[sites.siteOf[g]!]! += groups.count[g]!;
    cube.clientsInto(g, sketch);
  }
  const members = [...weight.keys()].filter((s) => weight[s]! > 0);
  const countries = new Set(members.map((s) => sites.sites.country[s]!));
  const kind = countries.size === 1 && members.length > 1 ? "country" : "connected";
  const region = regionOf(cube, sites, { kind, sites: members, radiusKm: 0, centre: -1, fringe: members }, weight);
  return { region, clients: Math.round(sketch.count()) };
}
