import { countQuantile } from "../../../stats/countTails.js";
import type { FindingSeries } from "../../finding.js";
import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { Traffic } from "../series/trafficColumns.js";

/** What an incident amounts to, over its sites and buckets. */
export interface IncidentFacts {
  readonly observed: number;
  readonly expected: number;
  /** Central 95% interval of the expectation. */
  readonly interval: readonly [number, number];
  /** Requests of the region, and of the world, in these buckets. */
  readonly requests: number;
  readonly worldRequests: number;
  /** Traffic by site: what was expected of it, or what came where that is not known. */
  readonly weight: Float64Array;
}

/** Buckets drawn before and after an incident. */
const LEAD_MS = 3 * 3_600_000;
const TRAIL_MS = 3_600_000;
/** A chart has at most this many points. */
const MAX_POINTS = 2000;

/** Adds up an incident of counts (drops, errors). */
export function incidentFacts(traffic: Traffic, watch: SequentialScan, incident: Incident): IncidentFacts {
  const n = traffic.sites.length;
  const weight = new Float64Array(n);
  let [observed, expected, requests, worldRequests] = [0, 0, 0, 0];
  const members = new Set(incident.zone.sites);
  for (let t = incident.from; t <= incident.to; t++) {
    for (let s = 0; s < n; s++) {
      const i = t * n + s;
      const usual = incident.signal.kind === "drop" ? watch.expected[i]! : traffic.requests[i]!;
      weight[s]! += usual;
      worldRequests += usual;
      if (!members.has(s)) continue;
      observed += watch.observed[i]!;
      expected += watch.expected[i]!;
      requests += traffic.requests[i]!;
    }
  }
  const extra = watch.extraVariance(incident.zone.sites, incident.from, incident.to);
  const interval = [
    countQuantile(0.025, expected, expected + extra),
    countQuantile(0.975, expected, expected + extra),
  ] as const;
  return { observed, expected, interval, requests, worldRequests, weight };
}

/** Observed against expected counts around an incident. */
export function countSeries(traffic: Traffic, watch: SequentialScan, incident: Incident): FindingSeries {
  const n = traffic.sites.length;
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
    let [o, e] = [0, 0];
    for (const s of incident.zone.sites) {
      o += watch.observed[t * n + s]!;
      e += watch.expected[t * n + s]!;
    }
    const variance = e + watch.extraVariance(incident.zone.sites, t, t);
    series.timeMs.push(traffic.originMs + t * traffic.bucketMs);
    series.observed.push(o);
    series.expected.push(round(e));
    series.low.push(countQuantile(0.025, e, variance));
    series.high.push(countQuantile(0.975, e, variance));
  }
  return series;
}

/** First and last bucket of an incident's chart. */
export function chartRange(traffic: Traffic, incident: Incident): [first: number, last: number] {
  const first = Math.max(0, incident.from - Math.ceil(LEAD_MS / traffic.bucketMs));
  const last = Math.min(traffic.bucketCount - 1, incident.to + Math.ceil(TRAIL_MS / traffic.bucketMs));
  return [Math.max(first, last - MAX_POINTS + 1), last];
}

/** Two decimals: what is beyond them is noise. */
export const round = (value: number): number => Math.round(value * 100) / 100;
