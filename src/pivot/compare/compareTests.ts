import { LATENCY_BINS } from "../../cube/measures/latencyStore.js";
import { designEffect } from "../../stats/designEffect.js";
import { fisherMidP } from "../../stats/fisherExact.js";
import { Z_95 } from "../../stats/wilson.js";
import type { CompareSide, RegionSide } from "./compareSide.js";
import type { ComparedMeasure } from "./comparison.js";

/** Two shares whose difference is to be judged, and by how much their requests hang together. */
export interface SharePair {
  readonly measure: ComparedMeasure;
  readonly hitsBefore: number;
  readonly trialsBefore: number;
  readonly hitsAfter: number;
  readonly trialsAfter: number;
  /** How much larger the variance is than that of independent requests, and how surely that is known. */
  readonly effectBefore: readonly Effect[];
  readonly effectAfter: readonly Effect[];
  /** The design effect of the requests' weights alone, by Kish: 1 where each row is a request. It is known, not estimated. */
  readonly weightEffects: readonly [before: number, after: number];
}

export interface Effect {
  /** Which way of finding out it is: by client, or by block of time of some scale. */
  readonly way: number;
  /** NaN where it cannot be told. Not an estimate, but a bound, if there are infinitely many clusters. */
  readonly value: number;
  readonly clusters: number;
}

/** A way of finding out how far requests hang together; the others are scales of blocks. */
const BY_CLIENT = 0;
/** Blocks of time are joined by these factors as well: noise that lasts for hours shows only so. */
const BLOCK_SCALES = [1, 4, 24];
/** Fewer blocks than this tell too little of the variance between them. */
const ENOUGH_BLOCKS = 20;
/** A region's own design effect counts where it stands out of that of all by so many standard errors. */
const OUTSTANDING = 3;

/** A region's share of all requests. */
export function trafficPair(before: Sides, after: Sides): SharePair {
  const effect = ({ region, all }: Sides): Effect[] => [
    { way: BY_CLIENT, value: clientEffect(region), clusters: region.clientCounts.length },
    ...byBlock(region.blockCounts, all.blockCounts),
  ];
  return {
    measure: "traffic_share",
    hitsBefore: before.region.count,
    trialsBefore: before.all.count,
    hitsAfter: after.region.count,
    trialsAfter: after.all.count,
    effectBefore: effect(before),
    effectAfter: effect(after),
    weightEffects: weightEffects(before.region, after.region),
  };
}

/** Errors among a region's requests. */
export function errorPair({ region: before }: Sides, { region: after }: Sides): SharePair {
  const effect = (side: RegionSide): Effect[] => {
    const value = designEffect(side.clientErrors, side.clientCounts);
    const byClient = { way: BY_CLIENT, value, clusters: side.clientCounts.length };
    return [byClient, ...byBlock(side.blockErrors, side.blockCounts)];
  };
  return {
    measure: "error_rate",
    hitsBefore: before.errors,
    trialsBefore: before.count,
    hitsAfter: after.errors,
    trialsAfter: after.count,
    effectBefore: effect(before),
    effectAfter: effect(after),
    weightEffects: weightEffects(before, after),
  };
}

/**
 * Requests slower than the quantile of the faster window: as many as the quantile leaves there, and more in the other one.
 *
 * Latencies of one client are taken to hang together fully, since how far they do is not known: it is clients that bear
 * witness, not their requests.
 */
export function latencyPair({ region: before }: Sides, { region: after }: Sides, quantile: number): SharePair {
  const limits = [before, after].map(({ latencies, latencyTotal }) =>
    latencyTotal > 0
      ? LATENCY_BINS.binOf(LATENCY_BINS.quantile(latencies, quantile, latencyTotal))
      : Number.POSITIVE_INFINITY,
  );
  const limit = Math.min(...limits);
  const slower = (bins: Uint32Array): number => bins.subarray(limit + 1).reduce((total, n) => total + n, 0);
  const effect = (side: RegionSide): Effect[] => [
    { way: BY_CLIENT, value: clientEffect(side), clusters: Number.POSITIVE_INFINITY },
  ];
  return {
    measure: "latency",
    hitsBefore: slower(before.latencies),
    trialsBefore: before.latencyTotal,
    hitsAfter: slower(after.latencies),
    trialsAfter: after.latencyTotal,
    effectBefore: effect(before),
    effectAfter: effect(after),
    weightEffects: weightEffects(before, after),
  };
}

/** A region's share of all distinct clients, the larger window thinned to as many requests as the smaller one has. */
export function clientsPair(before: Sides, after: Sides): SharePair {
  const ratio = after.all.count / before.all.count;
  const [keepBefore, keepAfter] = [Math.min(1, ratio), Math.min(1, 1 / ratio)];
  return {
    measure: "clients",
    hitsBefore: thinned(before.region, keepBefore),
    trialsBefore: total(before.all, keepBefore),
    hitsAfter: thinned(after.region, keepAfter),
    trialsAfter: total(after.all, keepAfter),
    effectBefore: [],
    effectAfter: [],
    weightEffects: [1, 1],
  };
}

/** A region and the whole that it is part of. */
export interface Sides {
  readonly region: RegionSide;
  readonly all: CompareSide;
}

/** What design effect most regions have, by way of finding out. */
export type PooledEffects = ReadonlyMap<number, number>;

/** How surprising the difference is by itself, once for each direction. */
export function surprise(pair: SharePair, pooled: PooledEffects): { readonly more: number; readonly less: number } {
  const [before, after] = effectiveShares(pair, pooled);
  const { greater, less } = fisherMidP(before.hits, before.trials, after.hits, after.trials);
  return { more: greater, less };
}

/** What the test takes as given: hits and trials of both windows together. */
export function effectiveTotal(pair: SharePair, pooled: PooledEffects): Counts {
  const [before, after] = effectiveShares(pair, pooled);
  return { hits: before.hits + after.hits, trials: before.trials + after.trials };
}

/** 95% interval of the difference of the two shares. */
export function differenceInterval(pair: SharePair, pooled: PooledEffects): readonly [low: number, high: number] {
  const [before, after] = effectiveShares(pair, pooled);
  // A hit and a miss more on each side keep the interval open where a share is 0 or 1 (Agresti and Caffo 2000).
  const share = ({ hits, trials }: Counts): number => (hits + 1) / (trials + 2);
  const variance = (c: Counts): number => (share(c) * (1 - share(c))) / (c.trials + 2);
  const half = Z_95 * Math.sqrt(variance(before) + variance(after));
  const middle = share(after) - share(before);
  return [middle - half, middle + half];
}

/** The median design effect over regions and windows, weighted by requests, for each way of finding out; at least 1. */
export function pooledEffects(pairs: readonly SharePair[]): PooledEffects {
  const ways = new Map<number, { value: number; weight: number }[]>();
  for (const pair of pairs) {
    for (const [effects, weight] of [
      [pair.effectBefore, pair.trialsBefore],
      [pair.effectAfter, pair.trialsAfter],
    ] as const)
      for (const { way, value } of effects) {
        if (Number.isNaN(value)) continue;
        const known = ways.get(way);
        if (known) known.push({ value, weight });
        else ways.set(way, [{ value, weight }]);
      }
  }
  return new Map([...ways].map(([way, known]) => [way, Math.max(1, weightedMedian(known))]));
}

function weightedMedian(known: { value: number; weight: number }[]): number {
  known.sort((a, b) => a.value - b.value);
  let left = known.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (const { value, weight } of known) if ((left -= weight) <= 0) return value;
  return 1;
}

/** The design effect of requests of which all those of one client come or stay away together; NaN if there are none. */
function clientEffect({ clientCounts, count }: RegionSide): number {
  let squares = 0;
  let known = 0;
  for (const n of clientCounts) {
    squares += n * n;
    known += n;
  }
  return count > 0 ? (squares + Math.max(0, count - known)) / count : Number.NaN;
}

interface Counts {
  readonly hits: number;
  readonly trials: number;
}

/** Hits and trials divided by their design effect, as if only so many independent requests had been made. */
function effectiveShares(pair: SharePair, pooled: PooledEffects): readonly [Counts, Counts] {
  const before = effectOf(pair.effectBefore, pooled);
  const after = effectOf(pair.effectAfter, pooled);
  // A side without hits, or without misses, cannot tell its design effect: it gets that of the other side.
  const [weightBefore, weightAfter] = pair.weightEffects;
  return [
    effective(pair.hitsBefore, pair.trialsBefore, Math.max(weightBefore, before ?? after ?? 1)),
    effective(pair.hitsAfter, pair.trialsAfter, Math.max(weightAfter, after ?? before ?? 1)),
  ];
}

function weightEffects(before: RegionSide, after: RegionSide): SharePair["weightEffects"] {
  return [before.weightEffect, after.weightEffect];
}

/** What most regions have, or what this one has where that stands out; null if this one cannot tell. */
function effectOf(effects: readonly Effect[], pooled: PooledEffects): number | null {
  const known = effects.filter(({ value }) => !Number.isNaN(value));
  if (known.length === 0) return null;
  let most = 1;
  for (const { way, value, clusters } of known) {
    const usual = pooled.get(way) ?? 1;
    const outstanding = usual * (1 + OUTSTANDING * Math.sqrt(2 / Math.max(1, clusters - 1)));
    most = Math.max(most, value > outstanding || clusters === Number.POSITIVE_INFINITY ? value : usual);
  }
  return most;
}

function effective(hits: number, trials: number, effect: number): Counts {
  const n = Math.round(trials / effect);
  return { hits: Math.min(n, Math.round(hits / effect)), trials: n };
}

function byBlock(hits: Float64Array, trials: Float64Array): Effect[] {
  const effects: Effect[] = [];
  for (const scale of BLOCK_SCALES) {
    const joinedTrials = joinedBy(trials, scale);
    const clusters = joinedTrials.filter((n) => n > 0).length;
    if (clusters >= ENOUGH_BLOCKS)
      effects.push({ way: scale, value: designEffect(joinedBy(hits, scale), joinedTrials), clusters });
  }
  return effects;
}

function joinedBy(values: Float64Array, scale: number): Float64Array {
  const joined = new Float64Array(Math.ceil(values.length / scale));
  for (let i = 0; i < values.length; i++) joined[Math.floor(i / scale)]! += values[i]!;
  return joined;
}

/** Distinct clients that would be seen if each request were kept with a probability (rarefaction). */
function thinned({ clients, clientCounts }: RegionSide, keep: number): number {
  if (keep === 1) return clients;
  let seen = 0;
  for (const n of clientCounts) seen += 1 - (1 - keep) ** n;
  const unlisted = Math.max(0, clients - clientCounts.length);
  return Math.round(seen + unlisted * keep);
}

function total(all: CompareSide, keep: number): number {
  let sum = 0;
  for (const region of all.regions.values()) sum += thinned(region, keep);
  return sum;
}
