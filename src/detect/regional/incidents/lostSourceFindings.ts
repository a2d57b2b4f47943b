import { isoTime } from "../../../core/time.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";
import type { Finding, Severity } from "../../finding.js";
import { findingId } from "../../findingId.js";
import type { LostSource } from "../series/lostSources.js";
import type { RegionalSeries } from "../series/regionalSeries.js";
import { regionOf } from "./regionName.js";
import { severityOf } from "./severityOf.js";

/**
 * One finding a source that fell silent: those it serves are judged by the sources that report. `evidence` has `missing`
 * and `servedByOthers` (requests), `servedSinceMs` (null where nobody took over) and `servedBy` (names, most first).
 */
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
  const timeOf = (bucket: number): number => traffic.originMs + bucket * traffic.bucketMs;
  const takers = lost.takeover?.by.map((code) => dictionary.value(code)) ?? [];
  return {
    id: findingId("lost-source", startMs, name, value),
    kind: "regional-outage",
    subtype: "lost-source",
    severity: severityOfLoss(lost, lasts, traffic.bucketMs),
    confidence: 0.99,
    startMs,
    endMs,
    detectedAtMs: Math.min(startMs + 3 * traffic.bucketMs, traffic.originMs + traffic.bucketCount * traffic.bucketMs),
    title: `Nothing from ${name} ${value} ${when} (${Math.round(lost.expected)} requests expected): ${whatOf(lost, takers, timeOf)}`,
    region,
    dimensions: { [name]: value },
    measure: "requests",
    observed: 0,
    expected: Math.round(lost.expected),
    clients,
    users: [],
    ips: [],
    cause: [{ slice: { [name]: value }, share: 1 }],
    evidence: {
      missing: Math.round(lost.missing),
      servedByOthers: Math.round(lost.expected - lost.missing),
      servedSinceMs: lost.takeover === null ? null : timeOf(lost.takeover.since),
      servedBy: takers,
    },
  };
}

/** What became of the source's requests. */
function whatOf(
  { from, missing, takeover }: LostSource,
  takers: readonly string[],
  timeOf: (bucket: number) => number,
): string {
  if (takeover === null) return "its log is missing, or nothing reached it; those it serves are not judged by it";
  const others = takers.length > 0 ? takers.join(", ") : "others";
  const some = takeover.share < 1 ? `${Math.round(100 * takeover.share)}% of them` : "them";
  const since = takeover.since > from ? ` since ${isoTime(timeOf(takeover.since))}` : "";
  const lost = Math.round(missing) > 0 ? `${Math.round(missing)} were lost, ` : "";
  return `${lost}${others} served ${some}${since}`;
}

/**
 * By what was lost, where others show that the source was down. Without them its log may only be missing: at the end of a
 * log it may still be copied.
 */
function severityOfLoss(
  { from, to, missing, missingShare, takeover }: LostSource,
  lasts: boolean,
  bucketMs: number,
): Severity {
  if (takeover === null) return lasts ? "low" : "medium";
  if (missing < 1) return "info";
  const buckets = takeover.share < 1 ? to - from + 1 : takeover.since - from;
  return severityOf({
    requests: missing,
    shareOfWorld: missingShare,
    shareOfRegion: 1,
    margin: Number.POSITIVE_INFINITY,
    minutes: (buckets * bucketMs) / 60_000,
  });
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
