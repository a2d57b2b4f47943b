import { DAY_MS } from "../../../core/time.js";
import type { Cube } from "../../../cube/cube.js";

/** Dimensions whose values are what wrote the log: where one is silent, nothing is known of those it serves. */
const SOURCE_NAMES =
  /^(?:pop|edge|edge_location|colo|datacent(?:er|re)|data_cent(?:er|re)|dc|host|host_?name|server|server_?name|node|instance|machine|collector|source|file|log_file)$/i;
/** A silence of so many buckets in which so much would have come is no chance, and no night. */
const LEAST_BUCKETS = 3;
const LEAST_REQUESTS = 100;
/** Others carry on as if nothing was: while everything is silent, no source is. */
const LEAST_OTHERS = 20;
/** What came back as other values' traffic has moved. */
const MOVED = 0.5;
/** Values of a dimension that are watched, the busiest ones. */
const MAX_VALUES = 200;

/** A source (a PoP, a server) of which nothing came for some time. */
export interface LostSource {
  /** Index of the dimension in the cube, and the code of the value. */
  readonly dimension: number;
  readonly code: number;
  /** First and last bucket. */
  readonly from: number;
  readonly to: number;
  /** Requests that would have come. */
  readonly expected: number;
  /** Whether they came by other values instead. */
  readonly moved: boolean;
}

/**
 * Finds sources that fall silent altogether while others go on: a log that was not copied, a PoP that is taken out. That
 * says something of the source, and nothing of the places it serves.
 *
 * What would have come is the source's share of all requests at that hour of the day, in the rest of the log.
 */
export function lostSources(cube: Cube, bucketCount: number): LostSource[] {
  return cube.dimensions.flatMap(({ name, dictionary }, dimension) =>
    SOURCE_NAMES.test(name) && dictionary.size > 2 ? lostOf(cube, bucketCount, dimension) : [],
  );
}

function lostOf(cube: Cube, bucketCount: number, dimension: number): LostSource[] {
  const { groups, dimensions, bucketMs } = cube;
  const codes = groups.codes[dimension]!;
  const totals = new Float64Array(dimensions[dimension]!.dictionary.size);
  const all = new Float64Array(bucketCount);
  for (let g = 0; g < groups.length && groups.bucket[g]! < bucketCount; g++) {
    totals[codes[g]!]! += groups.count[g]!;
    all[groups.bucket[g]!]! += groups.count[g]!;
  }
  const busiest = [...totals.keys()]
    .filter((code) => code > 0 && totals[code]! >= LEAST_REQUESTS)
    .sort((a, b) => totals[b]! - totals[a]!)
    .slice(0, MAX_VALUES);
  const seriesOf = new Map(busiest.map((code) => [code, new Float64Array(bucketCount)]));
  for (let g = 0; g < groups.length && groups.bucket[g]! < bucketCount; g++) {
    const series = seriesOf.get(codes[g]!);
    if (series !== undefined) series[groups.bucket[g]!]! += groups.count[g]!;
  }
  const perDay = Math.max(1, Math.round(DAY_MS / bucketMs));
  return busiest.flatMap((code) =>
    silences(seriesOf.get(code)!, all, perDay).map((silence) => ({ dimension, code, ...silence })),
  );
}

type Silence = Pick<LostSource, "from" | "to" | "expected" | "moved">;

/** The silences of a source after its first request that are too long for it. */
function silences(own: Float64Array, all: Float64Array, perDay: number): Silence[] {
  const found: Silence[] = [];
  let from = own.findIndex((count) => count > 0);
  while (from >= 0 && from < own.length) {
    if (own[from]! > 0) {
      from++;
      continue;
    }
    let to = from;
    while (to + 1 < own.length && own[to + 1] === 0) to++;
    const silence = to - from + 1 >= LEAST_BUCKETS ? judged(own, all, perDay, from, to) : undefined;
    if (silence !== undefined) found.push(silence);
    from = to + 1;
  }
  return found;
}

function judged(own: Float64Array, all: Float64Array, perDay: number, from: number, to: number): Silence | undefined {
  let [expected, others, usualOthers] = [0, 0, 0];
  for (let t = from; t <= to; t++) {
    const { share, rest } = usualAt(own, all, perDay, t, from, to);
    // Of what came from others, so that a night or a dip of everything is not taken for the source's.
    expected += (all[t]! * share) / Math.max(0.01, 1 - share);
    others += all[t]!;
    usualOthers += rest;
  }
  if (others < LEAST_OTHERS) return undefined;
  const gained = others - usualOthers;
  // Where all of it came by others, their growth is not to be scaled up once more.
  const moved = usualOthers > 0 && gained >= (MOVED * (expected * usualOthers)) / Math.max(1, others);
  return expected >= LEAST_REQUESTS ? { from, to, expected, moved } : undefined;
}

/** The share that a source has at the time of day of a bucket, outside of a silence, and what others bring then. */
function usualAt(own: Float64Array, all: Float64Array, perDay: number, t: number, from: number, to: number) {
  let [mine, total, buckets] = [0, 0, 0];
  const near = Math.max(1, Math.round(perDay / 24));
  for (let at = t % perDay; at < own.length; at += perDay) {
    for (let k = Math.max(0, at - near); k <= Math.min(own.length - 1, at + near); k++) {
      if (k >= from && k <= to) continue;
      mine += own[k]!;
      total += all[k]!;
      buckets++;
    }
  }
  if (total === 0) {
    for (let k = Math.max(0, from - perDay); k < from; k++) {
      mine += own[k]!;
      total += all[k]!;
      buckets++;
    }
  }
  return { share: total > 0 ? mine / total : 0, rest: buckets > 0 ? (total - mine) / buckets : 0 };
}
