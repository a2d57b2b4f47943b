import { countQuantile } from "../../../stats/countTails.js";
import type { FindingSeries } from "../../finding.js";
import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { Traffic } from "../series/trafficColumns.js";
import { type BucketCounts, requestCounts, visitCounts } from "./bucketCounts.js";

/** What an incident amounts to, over its sites and buckets: every number in one unit, from one expectation. */
export interface IncidentFacts {
  /** Requests (or errors) where they tell what visits do, else visits: what they are is `unit`. */
  readonly unit: "requests" | "visits";
  readonly observed: number;
  readonly expected: number;
  /** Central 95% interval of the expectation. */
  readonly interval: readonly [number, number];
  /** Whether the observed lies outside the interval, on the side that the incident is about. */
  readonly agrees: boolean;
  /** Requests and visits of the region in these buckets. */
  readonly requests: number;
  readonly visits: number;
  /** What was to be expected of the world meanwhile (for errors: what came), in the unit. */
  readonly worldAmount: number;
  /** Traffic by site: what was expected of it, or what came where that is not known. */
  readonly weight: Float64Array;
  readonly series: FindingSeries;
}

/** Buckets drawn before and after an incident. */
const LEAD_MS = 3 * 3_600_000;
const TRAIL_MS = 3_600_000;
/** A chart has at most this many points. */
const MAX_POINTS = 2000;

/**
 * Adds up an incident of counts (drops, errors): in requests, which people know, unless these vary so much from visit to
 * visit that they do not show what visits do.
 */
export function incidentFacts(traffic: Traffic, watch: SequentialScan, incident: Incident): IncidentFacts {
  const byVisits = visitCounts(traffic, watch, incident);
  const inVisits = factsOf("visits", traffic, watch, incident, byVisits);
  if (traffic.visits === traffic.requests) return { ...inVisits, unit: "requests" };
  const inRequests = factsOf("requests", traffic, watch, incident, requestCounts(traffic, incident, byVisits));
  return inRequests.agrees || !inVisits.agrees ? inRequests : inVisits;
}

function factsOf(
  unit: "requests" | "visits",
  traffic: Traffic,
  watch: SequentialScan,
  incident: Incident,
  counts: BucketCounts,
): IncidentFacts {
  const { from, to } = incident;
  let [observed, expected] = [0, 0];
  for (let t = from; t <= to; t++) {
    observed += counts.observed(t);
    expected += counts.expected(t);
  }
  const interval = intervalOf(expected, counts.variance(from, to));
  const agrees = incident.signal.kind === "drop" ? observed < interval[0] : observed > interval[1];
  const series = seriesOf(traffic, incident, counts);
  return {
    unit,
    observed,
    expected,
    interval,
    agrees,
    series,
    ...surroundings(unit, traffic, watch, incident, counts.perVisit),
  };
}

/** What came, or was expected, around an incident, in a unit. */
export function surroundings(
  unit: "requests" | "visits",
  traffic: Traffic,
  watch: SequentialScan,
  incident: Incident,
  perVisit: number,
): Pick<IncidentFacts, "requests" | "visits" | "worldAmount" | "weight"> {
  const n = traffic.sites.length;
  const weight = new Float64Array(n);
  const members = new Set(incident.zone.sites);
  const came = unit === "requests" ? traffic.requests : traffic.visits;
  let [requests, visits, worldAmount] = [0, 0, 0];
  for (let t = incident.from; t <= incident.to; t++) {
    for (let s = 0; s < n; s++) {
      const i = t * n + s;
      const usual = incident.signal.kind === "drop" ? watch.expected[i]! * perVisit : came[i]!;
      weight[s]! += usual;
      worldAmount += usual;
      if (!members.has(s)) continue;
      requests += traffic.requests[i]!;
      visits += traffic.visits[i]!;
    }
  }
  return { requests, visits, worldAmount, weight };
}

/** Observed against expected counts around an incident. */
function seriesOf(traffic: Traffic, incident: Incident, counts: BucketCounts): FindingSeries {
  const [first, last] = chartRange(traffic, incident);
  const series = {
    bucketMs: traffic.bucketMs,
    timeMs: [] as number[],
    observed: [] as number[],
    expected: [] as number[],
    low: [] as number[],
    high: [] as number[],
  };
  for (let t = first; t <= last; t++) {
    const expected = counts.expected(t);
    const [low, high] = intervalOf(expected, counts.variance(t, t));
    series.timeMs.push(traffic.originMs + t * traffic.bucketMs);
    series.observed.push(round(counts.observed(t)));
    series.expected.push(round(expected));
    series.low.push(low);
    series.high.push(high);
  }
  return series;
}

function intervalOf(expected: number, variance: number): readonly [number, number] {
  return [countQuantile(0.025, expected, variance), countQuantile(0.975, expected, variance)];
}

/** First and last bucket of an incident's chart. */
export function chartRange(traffic: Traffic, incident: Incident): [first: number, last: number] {
  const first = Math.max(0, incident.from - Math.ceil(LEAD_MS / traffic.bucketMs));
  const last = Math.min(traffic.bucketCount - 1, incident.to + Math.ceil(TRAIL_MS / traffic.bucketMs));
  return [Math.max(first, last - MAX_POINTS + 1), last];
}

/** Two decimals: what is beyond them is noise. */
export const round = (value: number): number => Math.round(value * 100) / 100;
