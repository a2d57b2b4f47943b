import type { Cube } from "../../../cube/cube.js";
import { sortGroupBy } from "../../../cube/segments/sortGroupBy.js";

/** A place whose requests another server answers all at once. */
export interface ReroutedPlace {
  /** Row of the cube's places. */
  readonly place: number;
  /** The server that answered it before, and the one that does now; numbers of servers, from 1. */
  readonly before: number;
  readonly now: number;
  /** First and last bucket. */
  readonly from: number;
  readonly to: number;
  /** The share that the new server had before. */
  readonly usualShare: number;
}

/** A place's past must tell who serves it. */
const LEAST_PAST = 30;
/** The server it has now had hardly anything of it before. */
const MOST_BEFORE = 0.25;
const LEAST_BEFORE = 0.02;
/** Of a place that was rerouted, most requests come by the new way. */
const MOVED = 0.7;
/** Nats that begin, and end, a change: a place is one of thousands, but {@link findMisrouted} asks for clients besides. */
const ALARM = 8;

/**
 * Places that all at once are answered by another server than all of their past: Page's cumulative sum (1954) of the log
 * likelihood ratio of "most of it comes by the new server" and "as much as ever". What has happened is judged by what
 * came before alone; a change does not become the past of what follows while it lasts.
 *
 * @param serverOf - server by group, from 1; 0 is none
 * @param firstBucket - earlier buckets are past only
 */
export function reroutedPlaces(
  cube: Cube,
  serverOf: Uint32Array,
  servers: number,
  firstBucket: number,
  isFarther: (place: number, before: number, now: number) => boolean,
): ReroutedPlace[] {
  const { segment, places, bucketCount } = cube;
  const byPlace = sortGroupBy([segment.place], [places.length], segment.length);
  const counts = new Float64Array((servers + 1) * bucketCount);
  const found: ReroutedPlace[] = [];
  for (let s = 0; s < byPlace.groups; s++) {
    const groups = byPlace.order.subarray(byPlace.starts[s]!, byPlace.starts[s + 1]!);
    const place = segment.place[groups[0]!]!;
    if (place === 0 || !Number.isFinite(places.lat[place]!)) continue;
    let total = 0;
    for (const g of groups) if (serverOf[g]! > 0) total += segment.count[g]!;
    if (total < 2 * LEAST_PAST) continue;
    counts.fill(0);
    for (const g of groups) counts[serverOf[g]! * bucketCount + segment.bucket[g]!]! += segment.count[g]!;
    found.push(...changesOf(counts, servers, bucketCount, firstBucket, place, isFarther));
  }
  return found;
}

/** @param counts - server-major servers × buckets; server 0 is none of them */
function* changesOf(
  counts: Float64Array,
  servers: number,
  buckets: number,
  firstBucket: number,
  place: number,
  isFarther: (place: number, before: number, now: number) => boolean,
): Generator<ReroutedPlace> {
  const past = new Float64Array(servers + 1);
  /** Of each server, the cumulative sum of evidence that it has taken over, and the bucket in which that began. */
  const nats = new Float64Array(servers + 1);
  const began = new Int32Array(servers + 1);
  const all = (t: number): number => {
    let sum = 0;
    for (let s = 1; s <= servers; s++) sum += counts[s * buckets + t]!;
    return sum;
  };
  for (let t = 0; t < buckets; t++) {
    const total = past.reduce((sum, n) => sum + n, 0);
    const before = past.indexOf(Math.max(...past));
    let alarmed = 0;
    if (t >= firstBucket && total >= LEAST_PAST) {
      for (let s = 1; s <= servers; s++) {
        const usual = shareOf(past[s]!, total);
        if (s === before || usual > MOST_BEFORE || !isFarther(place, before, s)) continue;
        const more = evidence(counts[s * buckets + t]!, all(t), usual);
        if (nats[s]! <= 0 || nats[s]! + more <= 0) [nats[s], began[s]] = [Math.max(0, more), t];
        else nats[s]! += more;
        if (nats[s]! >= ALARM) alarmed = s;
      }
    }
    if (alarmed > 0) {
      const [from, usualShare] = [began[alarmed]!, shareOf(past[alarmed]!, total)];
      const to = endOf(counts.subarray(alarmed * buckets, (alarmed + 1) * buckets), all, usualShare, t);
      yield { place, before, now: alarmed, from, to, usualShare };
      nats.fill(0);
      t = to;
      continue;
    }
    for (let s = 1; s <= servers; s++) past[s]! += counts[s * buckets + t]!;
  }
}

/** The bucket after which the evidence falls for good: where its sum is highest, once it is far enough below that. */
function endOf(own: Float64Array, all: (t: number) => number, usual: number, alarmed: number): number {
  let [sum, most, to] = [0, 0, alarmed];
  for (let t = alarmed + 1; t < own.length; t++) {
    sum += evidence(own[t]!, all(t), usual);
    // Buckets without requests do not end it.
    if (sum >= most && all(t) > 0) [most, to] = [sum, t];
    else if (all(t) === 0 && to === t - 1) to = t;
    if (sum < most - ALARM) return to;
  }
  return to;
}

function shareOf(own: number, total: number): number {
  return Math.max(LEAST_BEFORE, own / total);
}

/** Log likelihood ratio of `own` of `all` requests, where most are expected against as many as usual. */
function evidence(own: number, all: number, usual: number): number {
  return own * Math.log(MOVED / usual) + (all - own) * Math.log((1 - MOVED) / (1 - usual));
}
