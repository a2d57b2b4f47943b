import type { Cube } from "../../../cube/cube.js";
import { usualAt } from "./usualShare.js";

/** Who serves what a silent source would have served, and from when on. */
export interface Takeover {
  /** The first bucket in which others serve it. */
  readonly since: number;
  /** How much of it they serve from then on; in (0, 1]. */
  readonly share: number;
  /** Codes of those that serve more than usual, most first; at most three. */
  readonly by: readonly number[];
}

/** A source, by dimension and code, and the buckets in which nothing came from it. */
interface Silent {
  readonly dimension: number;
  readonly code: number;
  readonly from: number;
  readonly to: number;
}

/** Others must serve half of it at the least, by so many nats beyond what they usually bring. */
const LEAST_SHARE = 0.5;
const LEAST_NATS = 5;
/** What is missing of less than this is how levels stray. */
const ALL = 0.85;
/** A value takes part if it has so much of what is served instead. */
const TAKES_PART = 0.1;
const MOST_NAMED = 3;

/**
 * Whether others serve what a silent source would have: a change point in what they bring at the source's own places,
 * between "as usual" and "as usual, and the source's as well" (maximum likelihood, Poisson). Null where they never do.
 */
export function takeoverOf(cube: Cube, bucketCount: number, silent: Silent): Takeover | null {
  const { from, to } = silent;
  const isHome = homePlaces(cube, bucketCount, silent);
  const { own, all } = seriesAt(cube, bucketCount, silent, isHome);
  const perDay = Math.max(1, Math.round(86_400_000 / cube.bucketMs));
  const usual = (t: number) => usualAt(own, all, perDay, t, from, to);
  const level = levelAround(all, usual, from, to, perDay);
  let [nats, most, since] = [0, LEAST_NATS, -1];
  for (let t = to; t >= from; t--) {
    const { mine, rest } = usual(t);
    const floor = Math.max(rest, 0.02 * mine);
    if (mine > 0) nats += all[t]! * Math.log(1 + mine / floor) - level * mine;
    if (nats > most) [most, since] = [nats, t];
  }
  if (since < 0) return null;
  let [excess, wanted] = [0, 0];
  for (let t = since; t <= to; t++) {
    const { mine, rest } = usual(t);
    excess += all[t]! - level * rest;
    wanted += level * mine;
  }
  const share = excess / wanted;
  if (!(share >= LEAST_SHARE)) return null;
  return { since, share: share >= ALL ? 1 : share, by: takersOf(cube, bucketCount, silent, isHome, since, wanted) };
}

/** Places that the source serves at least half as much of as of its places on the whole. */
function homePlaces({ groups, places }: Cube, bucketCount: number, silent: Silent): Uint8Array {
  const codes = groups.codes[silent.dimension]!;
  const [mine, all] = [new Float64Array(places.length), new Float64Array(places.length)];
  for (let g = 0; g < groups.length && groups.bucket[g]! < bucketCount; g++) {
    if (groups.bucket[g]! >= silent.from && groups.bucket[g]! <= silent.to) continue;
    all[groups.place[g]!]! += groups.count[g]!;
    if (codes[g] === silent.code) mine[groups.place[g]!]! += groups.count[g]!;
  }
  const total = mine.reduce((sum, n) => sum + n, 0);
  const usual = mine.reduce((sum, n, place) => sum + (n > 0 ? (n * n) / all[place]! : 0), 0) / Math.max(1, total);
  return Uint8Array.from(mine, (n, place) => (n > 0 && n / all[place]! >= usual / 2 ? 1 : 0));
}

/** Requests by bucket at some places: the source's, and all. */
function seriesAt({ groups }: Cube, bucketCount: number, { dimension, code }: Silent, isHome: Uint8Array) {
  const codes = groups.codes[dimension]!;
  const [own, all] = [new Float64Array(bucketCount), new Float64Array(bucketCount)];
  for (let g = 0; g < groups.length && groups.bucket[g]! < bucketCount; g++) {
    if (isHome[groups.place[g]!] === 0) continue;
    all[groups.bucket[g]!]! += groups.count[g]!;
    if (codes[g] === code) own[groups.bucket[g]!]! += groups.count[g]!;
  }
  return { own, all };
}

/** How much busier than usual it is around the silence: in the three hours before it, and as long after. */
function levelAround(
  all: Float64Array,
  usual: (t: number) => { readonly mine: number; readonly rest: number },
  from: number,
  to: number,
  perDay: number,
): number {
  const width = Math.max(3, Math.round(perDay / 8));
  let [came, expected] = [0, 0];
  for (let t = Math.max(0, from - width); t <= Math.min(all.length - 1, to + width); t++) {
    if (t >= from && t <= to) continue;
    const { mine, rest } = usual(t);
    came += all[t]!;
    expected += mine + rest;
  }
  return expected > 0 && came > 0 ? came / expected : 1;
}

/** Values that bring more of the source's places' requests than before. */
function takersOf(
  { groups, dimensions }: Cube,
  bucketCount: number,
  { dimension, code, from, to }: Silent,
  isHome: Uint8Array,
  since: number,
  wanted: number,
): number[] {
  const codes = groups.codes[dimension]!;
  const size = dimensions[dimension]!.dictionary.size;
  const [before, now] = [new Float64Array(size), new Float64Array(size)];
  for (let g = 0; g < groups.length && groups.bucket[g]! < bucketCount; g++) {
    const t = groups.bucket[g]!;
    if (isHome[groups.place[g]!] === 0) continue;
    if (t >= since && t <= to) now[codes[g]!]! += groups.count[g]!;
    else if (t < from || t > to) before[codes[g]!]! += groups.count[g]!;
  }
  // As much of it as there is of the time: what the rest of the log has of a value comes at all hours.
  const rate = (to - since + 1) / Math.max(1, bucketCount - (to - from + 1));
  return [...now.keys()]
    .filter((one) => one > 0 && one !== code && now[one]! - before[one]! * rate >= TAKES_PART * wanted)
    .sort((a, b) => now[b]! - before[b]! * rate - (now[a]! - before[a]! * rate) || a - b)
    .slice(0, MOST_NAMED);
}
