import type { Cube } from "../../../cube/cube.js";
import { forEachLatency } from "../../../cube/measures/latencyStore.js";
import type { Guards } from "../guards.js";
import { coveredBuckets, firstCovered } from "./coverage.js";
import type { CubeSites } from "./cubeSites.js";
import { type LostSource, lostSources } from "./lostSources.js";
import { reportedShares } from "./reportedShares.js";
import { coveredSpan, type SourceSpan } from "./sourceCoverage.js";
import { coarseBin, type LatencyRows, type Traffic } from "./trafficColumns.js";
import { VisitCounter } from "./visitCounter.js";

/** A last bucket is closed once so many requests would have come in what is missing of it that their absence tells. */
const TELLING_REQUESTS = 7;

/** The requests of a cube by site and closed bucket. @param counter - of another cube, to be used again */
export function cubeTraffic(
  cube: Cube,
  { sites, siteOf }: Pick<CubeSites, "sites" | "siteOf">,
  coverage: Coverage,
  counter?: VisitCounter,
): Traffic {
  const { groups } = cube;
  const { first, end: bucketCount, lost } = coverage;
  const n = sites.length;
  let latency: LatencyRows | undefined;
  const requests = new Float32Array(n * bucketCount);
  const errors = new Float32Array(n * bucketCount);
  const refused = new Float32Array(n * bucketCount);
  // Where the user counts some of these statuses as errors, they are told as such.
  const refusals = !cube.settings.errorStatuses.some((status) => status >= 400 && status < 500);
  for (let g = 0; g < groups.length; g++) {
    const t = groups.bucket[g]!;
    if (t >= bucketCount) break;
    requests[t * n + siteOf[g]!]! += groups.count[g]!;
    errors[t * n + siteOf[g]!]! += groups.errors[g]!;
    if (refusals) refused[t * n + siteOf[g]!]! += groups.clientErrors[g]!;
  }
  const units = cube.settings.measures.has("clients")
    ? visitsOf(cube, n, siteOf, bucketCount, counter)
    : { visits: requests, failed: errors };
  return {
    originMs: cube.originMs,
    bucketMs: cube.bucketMs,
    bucketCount,
    sites,
    firstBucket: first,
    reported: reportedShares(cube, n, siteOf, bucketCount, lost, first),
    requests,
    errors,
    ...units,
    refused,
    refusedVisits: refusedVisits(refused, units.visits, requests),
    // Only one detector asks for latencies, and they are the largest part.
    get latency() {
      latency ??= latencyRows(cube, siteOf, bucketCount);
      return latency;
    },
  };
}

/** The visits that what was refused is the share of. */
function refusedVisits(refused: Float32Array, visits: Float32Array, requests: Float32Array): Float32Array {
  const shares = new Float32Array(refused.length);
  for (let i = 0; i < refused.length; i++) if (refused[i]! > 0) shares[i] = (visits[i]! * refused[i]!) / requests[i]!;
  return shares;
}

/** Visits by bucket and site, and those that failed. */
function visitsOf(
  cube: Cube,
  n: number,
  siteOf: Uint32Array,
  bucketCount: number,
  counter: VisitCounter = new VisitCounter(cube),
) {
  counter.cube = cube;
  const { bucket, length } = cube.groups;
  const visits = new Float32Array(n * bucketCount);
  const failed = new Float32Array(n * bucketCount);
  const counted = { visits: 0, failed: 0 };
  // The bucket's groups as a linked list for each site: its first and last group, and the next of each.
  const first = new Int32Array(n).fill(-1);
  const last = new Int32Array(n);
  const next = new Int32Array(length).fill(-1);
  const busy: number[] = [];
  const groups: number[] = [];
  for (let g = 0; g < length && bucket[g]! < bucketCount; ) {
    const t = bucket[g]!;
    busy.length = 0;
    for (; g < length && bucket[g] === t; g++) {
      const site = siteOf[g]!;
      if (first[site]! >= 0) next[last[site]!] = g;
      else {
        first[site] = g;
        busy.push(site);
      }
      last[site] = g;
    }
    for (const site of busy) {
      groups.length = 0;
      for (let at = first[site]!; at >= 0; at = next[at]!) groups.push(at);
      first[site] = -1;
      counter.count(groups, counted);
      visits[t * n + site] = counted.visits;
      failed[t * n + site] = counted.failed;
    }
  }
  return { visits, failed };
}

/** What of a cube is judged: the buckets that are closed and that most of the log's sources cover. */
export interface Coverage {
  readonly first: number;
  readonly end: number;
  readonly lost: readonly LostSource[];
  /** Names of the files that alone go on after the end. */
  readonly after: readonly string[];
}

/** The coverage of a cube of which everything is judged. */
export const wholeCoverage = ({ bucketCount }: Cube): Coverage => ({
  first: 0,
  end: bucketCount,
  lost: [],
  after: [],
});

/** What of a cube is judged. */
export function coverageOf(cube: Cube, guards: Guards, sources: readonly SourceSpan[] = []): Coverage {
  const closed = guards.has("open-bucket") ? closedBuckets(cube) : cube.bucketCount;
  if (!guards.has("coverage")) return { first: 0, end: closed, lost: [], after: [] };
  const byPlaces = Math.min(closed, coveredBuckets(cube));
  const files = sources.length > 1 ? coveredSpan(sources) : undefined;
  const bucketOf = (timeMs: number): number => Math.floor((timeMs - cube.originMs) / cube.bucketMs);
  const end = files === undefined || files.after.length === 0 ? byPlaces : Math.min(byPlaces, bucketOf(files.toMs));
  const start = files === undefined ? 0 : bucketOf(files.fromMs);
  const first = Math.max(firstCovered(cube), start > 0 ? start + 1 : 0);
  return { first, end, lost: lostSources(cube, end), after: end < byPlaces ? files!.after : [] };
}

/** How many buckets are closed: all, unless the log seems to end within the last one. */
function closedBuckets(cube: Cube): number {
  const { groups, bucketCount, bucketMs, originMs } = cube;
  if (bucketCount < 2) return 0;
  const missingMs = originMs + bucketCount * bucketMs - cube.lastTimeMs;
  let [last, before] = [0, 0];
  for (let g = groups.length - 1; g >= 0; g--) {
    const back = bucketCount - 1 - groups.bucket[g]!;
    if (back > 3) break;
    if (back === 0) last += groups.count[g]!;
    else before += groups.count[g]! / 3;
  }
  const rate = Math.max(last / Math.max(1, bucketMs - missingMs), before / bucketMs);
  return missingMs * rate > TELLING_REQUESTS && missingMs > 0.005 * bucketMs ? bucketCount - 1 : bucketCount;
}

function latencyRows(cube: Cube, siteOf: Uint32Array, bucketCount: number): LatencyRows {
  const { groups, segment } = cube;
  let total = 0;
  for (let g = 0; g < groups.length; g++) total += Math.min(segment.latencies.count[g]!, 3264);
  const starts = new Uint32Array(bucketCount + 1);
  const site = new Uint32Array(total);
  const bin = new Uint16Array(total);
  const count = new Uint32Array(total);
  const weight = new Float32Array(total);
  const { clients } = segment;
  const known = clients.start.length > 1;
  let at = 0;
  let t = 0;
  for (let g = 0; g < groups.length && groups.bucket[g]! < bucketCount; g++) {
    while (t < groups.bucket[g]!) starts[++t] = at;
    const s = siteOf[g]!;
    const own = known ? (clients.start[g + 1]! - clients.start[g]!) / Math.max(1, segment.latencies.count[g]!) : 1;
    const share = Math.min(1, own > 0 ? own : 1);
    forEachLatency(segment.latencies, g, (cubeBin, times) => {
      site[at] = s;
      bin[at] = coarseBin(cubeBin);
      weight[at] = times * share;
      count[at++] = times;
    });
  }
  while (t < bucketCount) starts[++t] = at;
  return {
    starts,
    site: site.subarray(0, at),
    bin: bin.subarray(0, at),
    count: count.subarray(0, at),
    weight: weight.subarray(0, at),
  };
}
