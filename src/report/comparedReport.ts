import { Cube } from "../cube/cube.js";
import type { Finding, FindingRegion } from "../detect/finding.js";
import { type LabelledPlace, regionOfPlaces } from "../detect/regionOfPlaces.js";
import type { ComparedMeasure, Comparison, RegionChange } from "../pivot/compare/comparison.js";
import type { ReportOptions } from "./page/buildReportModel.js";
import { measureName, measureText, regionName } from "./payloads/compareMarkdown.js";

/** What was compared, and what came of it. */
export interface ComparedReport {
  /** Cubes of one bucket and resolution, as `compare` got them. */
  readonly before: Cube;
  readonly after: Cube;
  readonly comparison: Comparison;
  /** Names of the logs. */
  readonly files: readonly string[];
}

/**
 * What `renderReport` takes to show a comparison: the traffic after, before and of both on one map, and each regression as
 * a finding where it is.
 */
export function comparedReport({ before, after, comparison, files }: ComparedReport): ReportOptions {
  const cube = Cube.merge([before, after]);
  const labels = [comparison.before.label, comparison.after.label] as const;
  const counts = cube.groups.count;
  return {
    cube,
    compared: { before, after, labels },
    findings: comparison.regressions.map((change) => regressionFinding(change, after, comparison)),
    input: {
      files,
      events: Math.round(counts.reduce((sum, count) => sum + count, 0)),
      rejected: 0,
      unlocated: Math.round(counts.reduce((sum, count, g) => sum + (cube.groups.place[g] === 0 ? count : 0), 0)),
      fromMs: cube.firstTimeMs,
      toMs: cube.lastTimeMs,
    },
    title: `${labels[0]} → ${labels[1]}`,
  };
}

const MEASURES: Readonly<Record<ComparedMeasure, string>> = {
  error_rate: "error_rate",
  latency: "latency_ms",
  traffic_share: "traffic_share",
  clients: "clients",
};

function regressionFinding(change: RegionChange, after: Cube, comparison: Comparison): Finding {
  const { region, measure, qValue, severity } = change;
  const what = measureName(measure, comparison.quantile);
  const found = regionIn(after, region);
  const place = found.cells.length > 0 ? found.name : regionName(region);
  const values = `${measureText(measure, change.before)} → ${measureText(measure, change.after)}`;
  const { fromMs, toMs } = comparison.after;
  return {
    id: `${measure}:${Object.entries(region).flat().join(":")}`,
    kind: measure === "latency" ? "latency-hotspot" : "regional-outage",
    subtype: measure === "latency" ? "latency" : measure === "error_rate" ? "errors" : "traffic-drop",
    severity,
    confidence: Math.min(1 - qValue, 1 - 2 ** -50),
    startMs: fromMs,
    endMs: toMs,
    detectedAtMs: toMs,
    title: `${place}: ${what} ${values}`,
    region: { ...found, name: place },
    dimensions: Object.fromEntries(Object.entries(region).filter(([name]) => !PLACE_KEYS.includes(name))),
    measure: MEASURES[measure],
    observed: change.after,
    expected: change.before,
    clients: 0,
    users: [],
    ips: [],
    cause: [],
    evidence: { qValue, requestsBefore: change.requestsBefore, requestsAfter: change.requestsAfter },
  };
}

const PLACE_KEYS: readonly string[] = ["country", "region", "city"];

/** The places with traffic that a change's region names. */
function regionIn({ places, groups }: Cube, region: RegionChange["region"]): FindingRegion {
  const requests = new Float64Array(places.length);
  groups.place.forEach((place, g) => {
    requests[place]! += groups.count[g]!;
  });
  const named = PLACE_KEYS.filter((key) => key in region);
  const members: LabelledPlace[] = [];
  for (let row = 1; row < places.length && named.length > 0; row++) {
    const own: Record<string, string> = {
      country: places.countries.value(places.country[row]!),
      region: places.regions.value(places.region[row]!),
      city: places.cities.value(places.city[row]!),
    };
    if (requests[row] === 0 || !named.every((key) => own[key] === region[key])) continue;
    const [lat, lon] = [places.lat[row]!, places.lon[row]!];
    members.push({ country: own.country!, region: own.region!, city: own.city!, lat, lon, weight: requests[row]! });
  }
  const level = named.includes("city") ? "city" : named.includes("region") ? "subdivision" : "country";
  return regionOfPlaces(members, { level });
}
