import { isoTime } from "../../../core/time.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";
import type { Finding } from "../../finding.js";
import { findingId } from "../../findingId.js";
import type { RegionalSeries } from "../series/regionalSeries.js";
import { regionOf } from "./regionName.js";

/** Says who still reports after most sources of a log have ended, for nothing is judged there; null where none does. */
export function coverageFinding({ cube, sites, traffic, ledger, coverage }: RegionalSeries): Finding | null {
  const { bucketCount } = traffic;
  const missing = cube.bucketCount - bucketCount;
  // A last bucket that is still open, and the one in which a log breaks off, are nothing to tell of.
  if (missing < 3) return null;
  const n = sites.sites.length;
  const weight = new Float64Array(n);
  const { groups } = cube;
  let [after, before] = [0, 0];
  for (let g = 0; g < groups.length; g++) {
    const t = groups.bucket[g]!;
    if (t >= bucketCount - missing && t < bucketCount) before += groups.count[g]!;
    if (t < bucketCount + 1) continue;
    after += groups.count[g]!;
    weight[sites.siteOf[g]!]! += groups.count[g]!;
  }
  const members = Array.from(weight.keys()).filter((s) => weight[s]! > 0);
  if (members.length === 0) return null;
  const oneCountry = new Set(members.map((s) => sites.sites.country[s]!)).size === 1;
  const kind = oneCountry && members.length > 1 ? "country" : "connected";
  const region = regionOf(cube, sites, { kind, sites: members, radiusKm: 0, centre: -1, fringe: members }, weight);
  const sketch = new DistinctSketch();
  for (const g of ledger.groups(members, bucketCount + 1, cube.bucketCount - 1)) cube.clientsInto(g, sketch);
  const startMs = traffic.originMs + bucketCount * traffic.bucketMs;
  return {
    id: findingId("coverage", startMs, region.name),
    kind: "regional-outage",
    subtype: "coverage",
    severity: "info",
    confidence: 0.5,
    startMs,
    endMs: null,
    detectedAtMs: traffic.originMs + cube.bucketCount * traffic.bucketMs,
    title: `Only ${who(coverage.after, region.name)} after ${isoTime(startMs)} (${after} requests, ${before} in as long before): what follows is not judged`,
    region,
    dimensions: {},
    measure: "requests",
    observed: after,
    expected: before,
    clients: Math.round(sketch.count()),
    users: [],
    ips: [],
    cause: [],
  };
}

/** Files where files tell, else places. */
function who(files: readonly string[], region: string): string {
  if (files.length > 3) return `${files.length} files report`;
  if (files.length > 0) return `${files.join(", ")} ${files.length === 1 ? "reports" : "report"}`;
  return `${region} ${/^\d/.test(region) ? "report" : "reports"}`;
}
