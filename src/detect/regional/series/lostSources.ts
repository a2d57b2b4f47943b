import { DAY_MS } from "../../../core/time.js";
import type { Cube } from "../../../cube/cube.js";
import { type Takeover, takeoverOf } from "./takeover.js";
import { usualClients } from "./usualClients.js";
import { usualAt } from "./usualShare.js";

/** Dimensions whose values are what wrote the log: where one is silent, nothing is known of those it serves. */
const SOURCE_NAMES =
  /^(?:pop|edge|edge_location|colo|datacent(?:er|re)|data_cent(?:er|re)|dc|host|host_?name|server|server_?name|node|instance|machine|collector|source|file|log_file)$/i;
/** A silence of so many buckets in which so much would have come is no chance, and no night. */
const LEAST_BUCKETS = 3;
const LEAST_REQUESTS = 100;
/** … and so many clients have come at these hours on all other such days. */
const LEAST_CLIENTS = 20;
/** Others carry on as if nothing was: while everything is silent, no source is. */
const LEAST_OTHERS = 20;
/** So many nats beyond what silences usually are, and a log has a chance for one in each bucket. */
const BEYOND = 10;
/** Of fewer silences the least is taken for the usual one. */
const FEW = 8;
/** A source that is silent for more of the time comes and goes. */
const MOSTLY_SILENT = 0.6;
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
  /** Those of them that did not come by others either. */
  readonly missing: number;
  /** The share of all requests that `missing` is, in the buckets in which something is missing. */
  readonly missingShare: number;
  /** Who serves it instead; null where nobody does. */
  readonly takeover: Takeover | null;
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
    silences(seriesOf.get(code)!, all, perDay)
      .map(({ from, to }) => ({ dimension, code, from, to }))
      .filter((silent) => usualClients(cube, bucketCount, silent) >= LEAST_CLIENTS)
      .map((silent) => {
        const takeover = takeoverOf(cube, bucketCount, silent);
        return { ...silent, takeover, ...lossesOf(seriesOf.get(code)!, all, perDay, silent, takeover) };
      }),
  );
}

interface Silence extends Pick<LostSource, "from" | "to" | "expected"> {
  /** What came from other sources. */
  readonly others: number;
}

/** The silences of a source after its first request that are too long for it. */
function silences(own: Float64Array, all: Float64Array, perDay: number): Silence[] {
  const runs = silentRuns(own);
  const silent = runs.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (silent > MOSTLY_SILENT * own.length) return [];
  const judgements = runs.map(([from, to]) => judged(own, all, perDay, from, to));
  const least = Math.max(LEAST_REQUESTS, usualSilence(judgements) * (Math.log(own.length) + BEYOND));
  return judgements.filter(
    ({ from, to, expected, others }) => to - from + 1 >= LEAST_BUCKETS && others >= LEAST_OTHERS && expected >= least,
  );
}

/** First and last buckets of the runs in which nothing came, after the first that has something. */
function silentRuns(own: Float64Array): (readonly [from: number, to: number])[] {
  const runs: (readonly [number, number])[] = [];
  let from = -1;
  for (let t = own.findIndex((count) => count > 0); t >= 0 && t <= own.length; t++) {
    const silent = t < own.length && own[t] === 0;
    if (silent && from < 0) from = t;
    if (!silent && from >= 0) {
      runs.push([from, t - 1]);
      from = -1;
    }
  }
  return runs;
}

/**
 * How much would usually have come in a silence: those of clustered requests are exponential, with the size of a cluster as
 * their mean. From the median, so that what is found does not hide itself; of very few, the least.
 */
function usualSilence(judgements: readonly Silence[]): number {
  const amounts = judgements.map((silence) => silence.expected).sort((a, b) => a - b);
  if (amounts.length === 0) return 0;
  const robust = amounts.length < FEW ? amounts[0]! : amounts[amounts.length >> 1]! / Math.LN2;
  return amounts.length < 3 ? 0 : robust;
}

function judged(own: Float64Array, all: Float64Array, perDay: number, from: number, to: number): Silence {
  let [expected, others] = [0, 0];
  for (let t = from; t <= to; t++) {
    // Of what came from others, so that a night or a dip of everything is not taken for the source's.
    expected += expectedAt(all[t]!, usualAt(own, all, perDay, t, from, to).share, 0);
    others += all[t]!;
  }
  return { from, to, expected, others };
}

/** What a source with a share of all would have had, of which others served a part that is in what came. */
function expectedAt(came: number, share: number, served: number): number {
  return (came * share) / Math.max(0.01, 1 - share * (1 - served));
}

/** What would have come in a silence, and what of it nobody served. */
function lossesOf(
  own: Float64Array,
  all: Float64Array,
  perDay: number,
  { from, to }: Pick<LostSource, "from" | "to">,
  takeover: Takeover | null,
): Pick<LostSource, "expected" | "missing" | "missingShare"> {
  let [expected, missing, total] = [0, 0, 0];
  for (let t = from; t <= to; t++) {
    const served = takeover !== null && t >= takeover.since ? takeover.share : 0;
    const here = expectedAt(all[t]!, usualAt(own, all, perDay, t, from, to).share, served);
    expected += here;
    missing += (1 - served) * here;
    if (served < 1) total += all[t]! + (1 - served) * here;
  }
  return { expected, missing, missingShare: total > 0 ? missing / total : 0 };
}
