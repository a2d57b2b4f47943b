import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { Traffic } from "../series/trafficColumns.js";

/** Counts of an incident's sites, bucket by bucket, in one unit. */
export interface BucketCounts {
  readonly observed: (t: number) => number;
  readonly expected: (t: number) => number;
  /** Variance of what comes in buckets [from, to] around what is expected. */
  readonly variance: (from: number, to: number) => number;
  /** How many of the unit a visit makes. */
  readonly perVisit: number;
}

/** So long a past tells how many requests a visit makes. */
const PAST_MS = 7 * 86_400_000;

/** In visits, which are what was judged. */
export function visitCounts(traffic: Traffic, watch: SequentialScan, incident: Incident): BucketCounts {
  const n = traffic.sites.length;
  const { sites } = incident.zone;
  const total = (columns: Float32Array) => (t: number) => {
    let sum = 0;
    for (const s of sites) sum += columns[t * n + s]!;
    return sum;
  };
  const expected = total(watch.expected);
  const variance = (from: number, to: number): number => {
    let sum = 0;
    for (let t = from; t <= to; t++) sum += expected(t);
    return sum + watch.extraVariance(incident, sites, from, to);
  };
  // What was left out of the sums as a single client's doing is part of what is told: the traffic itself is.
  return {
    observed: total(incident.signal.kind === "drop" ? traffic.visits : traffic.failed),
    expected,
    variance,
    perVisit: 1,
  };
}

/**
 * In requests, or errors: as many as the region's visits made of them in the past, and varying from visit to visit as they
 * did then. The errors of a region are expected of the requests that came.
 */
export function requestCounts(traffic: Traffic, incident: Incident, visits: BucketCounts): BucketCounts {
  const n = traffic.sites.length;
  const drop = incident.signal.kind === "drop";
  const sumOf = (columns: Float32Array, t: number): number => {
    let sum = 0;
    for (const s of incident.zone.sites) sum += columns[t * n + s]!;
    return sum;
  };
  const [units, counted] = drop ? [traffic.visits, traffic.requests] : [traffic.requests, traffic.errors];
  const first = Math.max(0, incident.from - Math.round(PAST_MS / traffic.bucketMs));
  let [u, c, squares] = [0, 0, 0];
  for (let t = first; t < incident.from; t++) {
    u += sumOf(units, t);
    c += sumOf(counted, t);
  }
  const each = u > 0 ? c / u : 0;
  for (let t = first; t < incident.from; t++) squares += (sumOf(counted, t) - each * sumOf(units, t)) ** 2;
  const own = u > 0 ? squares / u : 0;
  const exposure = (t: number): number => (drop ? visits.expected(t) : sumOf(units, t));
  const variance = (from: number, to: number): number => {
    let amount = 0;
    for (let t = from; t <= to; t++) amount += exposure(t);
    const relative = drop ? each * each * visits.variance(from, to) : 0;
    return Math.max(each * amount, relative + own * amount);
  };
  return {
    observed: (t) => sumOf(counted, t),
    expected: (t) => each * exposure(t),
    variance,
    perVisit: drop ? each : 1,
  };
}
