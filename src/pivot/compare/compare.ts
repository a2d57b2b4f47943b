import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { choice, either, list, number, text } from "../../core/options/shapes.js";
import { MINUTE_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import { CUBE } from "../../cube/cubeShape.js";
import { LATENCY_BINS } from "../../cube/measures/latencyStore.js";
import { benjaminiHochberg } from "../../stats/benjaminiHochberg.js";
import { PLACE_DIMENSION, type PlaceDimension } from "../attributes/placeAttribute.js";
import { pivotError } from "../errors.js";
import { alignedGroups } from "./alignedGroups.js";
import { changeSeverity } from "./changeSeverity.js";
import { type CompareSide, compareSide, type RegionSide } from "./compareSide.js";
import {
  clientsPair,
  differenceInterval,
  effectiveTotal,
  errorPair,
  latencyPair,
  type PooledEffects,
  pooledEffects,
  type SharePair,
  type Sides,
  surprise,
  trafficPair,
} from "./compareTests.js";
import type { ComparedMeasure, ComparedWindow, Comparison, RegionChange } from "./comparison.js";
import { testWeights } from "./testWeights.js";
import { withoutBusiest } from "./withoutBusiest.js";

export interface CompareOptions {
  /** What regions are told apart by: any of `pivot`'s dimensions of place, or the cube's own. Default `["country"]`. */
  readonly by?: readonly (string | PlaceDimension)[];
  /** The latency quantile that is compared, in (0, 1). Default 0.95. */
  readonly quantile?: number;
  /**
   * The promised share of false alarms: among all changes reported on average, and so, where nothing has changed, among
   * all comparisons. Default 0.05.
   */
  readonly falseDiscoveryRate?: number;
  /**
   * Compare only buckets whose hour (of the day, or of the week) occurs in both windows, in UTC. Default "none": all.
   */
  readonly align?: "none" | "hour" | "weekday-hour";
  /** Regions with fewer requests in both windows together are not tested. Default 50. */
  readonly minRequests?: number;
  /** Names of the windows in reports. Default "before" and "after". */
  readonly labels?: readonly [before: string, after: string];
}

/** What each option takes. */
export const COMPARE_OPTIONS: Shapes<CompareOptions> = {
  by: list(either(text, PLACE_DIMENSION), "names"),
  quantile: number,
  falseDiscoveryRate: number,
  align: choice("none", "hour", "weekday-hour"),
  minRequests: number,
  labels: list(text, "two names"),
};

/** Share of each test that is spent on changes for the worse; the rest is for those for the better. */
const FOR_WORSE = 0.8;
/** More of these is worse; less of the others is. */
const WORSE_UP: ReadonlySet<ComparedMeasure> = new Set(["error_rate", "latency"]);
const MEASURES: readonly ComparedMeasure[] = ["error_rate", "latency", "traffic_share", "clients"];
const MOVERS = 10;

/**
 * Compares two windows, or two slices of one (a canary), region by region: share of the traffic, error rate, a latency
 * quantile, distinct clients. Every difference is tested, and all tests together keep the promised false-discovery rate
 * (Benjamini and Hochberg 1995).
 *
 * Requests do not count as independent where they are not: how far those of one client, and those of one hour, hang
 * together is measured in the cubes, and evidence is discounted by it. One client's errors are no region's.
 *
 * Throws `bad-pivot-option` and `no-such-dimension`.
 *
 * @example
 * ```ts
 * const { regressions } = compare(monday, tuesday, { by: ["country"], align: "hour" });
 * ```
 */
export function compare(before: Cube, after: Cube, options: CompareOptions = {}): Comparison {
  checkArgument("compare", "the first argument", before, CUBE);
  checkArgument("compare", "the second argument", after, CUBE);
  checkOptions("compare", options, COMPARE_OPTIONS);
  const { by = ["country"], quantile = 0.95, falseDiscoveryRate = 0.05, align = "none", minRequests = 50 } = options;
  const [beforeLabel, afterLabel] = options.labels ?? ["before", "after"];
  check(quantile > 0 && quantile < 1, "quantile", quantile, "between 0 and 1");
  check(falseDiscoveryRate > 0 && falseDiscoveryRate < 1, "falseDiscoveryRate", falseDiscoveryRate, "between 0 and 1");
  check(by.length > 0, "by", by, "at least one dimension");
  check(["none", "hour", "weekday-hour"].includes(align), "align", align, "none, hour or weekday-hour");
  const [groupsBefore, groupsAfter] = alignedGroups(before, after, align);
  const allBefore = compareSide(before, by, groupsBefore);
  const allAfter = compareSide(after, by, groupsAfter);
  const names = by.map((key) => (typeof key === "string" ? key : key.name));
  const tested = regionPairs(allBefore, allAfter, names, quantile, minRequests);
  const changes = judged(tested, falseDiscoveryRate).sort(byGravity);
  return {
    before: windowOf(before, beforeLabel, allBefore),
    after: windowOf(after, afterLabel, allAfter),
    by: names,
    quantile,
    falseDiscoveryRate,
    changes,
    regressions: changes.filter((change) => change.significant && change.direction === "worse"),
    movers: MEASURES.flatMap((measure) => moversOf(changes, measure)),
  };
}

/** A test that is to be judged together with all others. */
interface Tested {
  readonly change: Omit<RegionChange, "pValue" | "qValue" | "significant" | "direction" | "severity">;
  readonly pair: SharePair;
  /** The same without the busiest client of each window, if one of them stands out. */
  readonly alone: SharePair | null;
  /** Whether there is enough to judge; a rule that does not look at the difference. */
  readonly judged: boolean;
}

function regionPairs(
  before: CompareSide,
  after: CompareSide,
  names: readonly string[],
  quantile: number,
  minRequests: number,
): Tested[] {
  const keys = [...new Set([...before.regions.keys(), ...after.regions.keys()])].sort();
  return keys.flatMap((key) => {
    const b = before.regions.get(key);
    const a = after.regions.get(key);
    const was: Sides = { region: b ?? nobody(a!, before), all: before };
    const is: Sides = { region: a ?? nobody(b!, after), all: after };
    const region = Object.fromEntries(names.map((name, i) => [name, was.region.labels[i]!]));
    const worth = ({ region }: Sides): number => region.count / region.weightEffect;
    const enough = worth(was) + worth(is) >= minRequests;
    const [requestsBefore, requestsAfter] = [was.region.count, is.region.count];
    const pairs = [
      { pair: trafficPair(was, is), alone: withoutOne(was, is, "requests") },
      { pair: errorPair(was, is), alone: withoutOne(was, is, "errors") },
      { pair: latencyPair(was, is, quantile), alone: null },
      { pair: clientsPair(was, is), alone: null },
    ];
    return pairs.map(({ pair, alone }) => ({
      pair,
      alone,
      judged: enough && pair.trialsBefore > 0 && pair.trialsAfter > 0 && pair.hitsBefore + pair.hitsAfter > 0,
      change: {
        region,
        measure: pair.measure,
        ...valuesOf(pair, was.region, is.region, quantile),
        requestsBefore,
        requestsAfter,
        contribution: contributionOf(pair, was, is),
      },
    }));
  });
}

function withoutOne(was: Sides, is: Sides, of: "requests" | "errors"): SharePair | null {
  const [before, after] = [withoutBusiest(was.region, of), withoutBusiest(is.region, of)];
  if (!before && !after) return null;
  const sides = [
    { ...was, region: before ?? was.region },
    { ...is, region: after ?? is.region },
  ] as const;
  return of === "errors" ? errorPair(...sides) : trafficPair(...sides);
}

/** The region in a window that has none of its traffic. */
function nobody(other: RegionSide, all: CompareSide): RegionSide {
  const none = new Float64Array(0);
  const blocks = new Float64Array(all.blockCounts.length);
  return {
    ...{
      labels: other.labels,
      count: 0,
      weightEffect: 1,
      errors: 0,
      latencyTotal: 0,
      latencies: new Uint32Array(LATENCY_BINS.count),
    },
    ...{ clients: 0, clientCounts: none, clientErrors: none, blockCounts: blocks, blockErrors: blocks },
  };
}

function valuesOf(pair: SharePair, before: RegionSide, after: RegionSide, quantile: number) {
  if (pair.measure === "latency")
    return {
      before: LATENCY_BINS.quantile(before.latencies, quantile),
      after: LATENCY_BINS.quantile(after.latencies, quantile),
    };
  if (pair.measure === "clients") return { before: before.clients, after: after.clients };
  return { before: pair.hitsBefore / pair.trialsBefore, after: pair.hitsAfter / pair.trialsAfter };
}

/** What the region adds to the difference of the two wholes. */
function contributionOf(pair: SharePair, was: Sides, is: Sides): number {
  if (pair.measure === "traffic_share" || pair.measure === "clients")
    return pair.hitsAfter / Math.max(1, pair.trialsAfter) - pair.hitsBefore / Math.max(1, pair.trialsBefore);
  return pair.hitsAfter / Math.max(1, is.all.count) - pair.hitsBefore / Math.max(1, was.all.count);
}

function judged(tested: readonly Tested[], falseDiscoveryRate: number): RegionChange[] {
  const effects = new Map<ComparedMeasure, PooledEffects>();
  for (const measure of MEASURES)
    effects.set(
      measure,
      pooledEffects(tested.filter((t) => t.judged && t.pair.measure === measure).map((t) => t.pair)),
    );
  const effectOf = (t: Tested): PooledEffects => effects.get(t.pair.measure)!;
  const sides = tested.map((t) => sidesOf(t, effectOf(t)));
  const qValues = adjustedTogether(tested, sides, effectOf);
  return tested.map(({ change, pair, judged }, i) => {
    const { pValue, direction } = sides[i]!;
    const qValue = qValues[i]!;
    const significant = qValue <= falseDiscoveryRate;
    const shares = pair.measure === "traffic_share" || pair.measure === "error_rate";
    return {
      ...change,
      ...(shares && judged ? { interval: differenceInterval(pair, effects.get(pair.measure)!) } : {}),
      pValue: judged ? pValue : Number.NaN,
      qValue,
      significant,
      direction,
      severity: significant && direction === "worse" ? changeSeverity(change) : "info",
    };
  });
}

/** Q-values of all that is judged, as one family of tests; NaN for the others. */
function adjustedTogether(
  tested: readonly Tested[],
  sides: readonly { readonly pValue: number }[],
  effectOf: (test: Tested) => PooledEffects,
): Float64Array {
  const rows = tested.flatMap(({ judged }, i) => (judged ? [i] : []));
  const weights = testWeights(
    rows.map((i) => ({ measure: tested[i]!.pair.measure, ...effectiveTotal(tested[i]!.pair, effectOf(tested[i]!)) })),
  );
  const adjusted = benjaminiHochberg(rows.map((i, k) => sides[i]!.pValue / weights[k]!));
  const qValues = new Float64Array(tested.length).fill(Number.NaN);
  rows.forEach((i, k) => {
    qValues[i] = Math.min(1, adjusted[k]!);
  });
  return qValues;
}

/** The p-value over both directions, most of it spent on changes for the worse, and the direction seen. */
function sidesOf({ pair, alone, judged }: Tested, effect: PooledEffects): Pick<RegionChange, "pValue" | "direction"> {
  if (!judged) return { pValue: Number.NaN, direction: "same" };
  const all = surprise(pair, effect);
  const rest = alone ? surprise(alone, effect) : all;
  const [more, less] = [Math.max(all.more, rest.more), Math.max(all.less, rest.less)];
  const worseUp = WORSE_UP.has(pair.measure);
  const [worse, better] = worseUp ? [more, less] : [less, more];
  const pValue = Math.min(1, worse / FOR_WORSE, better / (1 - FOR_WORSE));
  const difference = pair.hitsAfter * pair.trialsBefore - pair.hitsBefore * pair.trialsAfter;
  const direction = difference === 0 ? "same" : difference > 0 === worseUp ? "worse" : "better";
  return { pValue, direction };
}

const SEVERITY_ORDER = ["critical", "high", "medium", "low", "info"];

function byGravity(a: RegionChange, b: RegionChange): number {
  const grave = SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity);
  const sure = (c: RegionChange): number => (Number.isNaN(c.qValue) ? 2 : c.qValue);
  return grave || sure(a) - sure(b) || Math.abs(b.contribution) - Math.abs(a.contribution);
}

function moversOf(changes: readonly RegionChange[], measure: ComparedMeasure): RegionChange[] {
  return changes
    .filter((change) => change.measure === measure && change.contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, MOVERS);
}

function windowOf(cube: Cube, label: string, { count, errors, clients }: CompareSide): ComparedWindow {
  const toMs = Math.floor(cube.lastTimeMs / MINUTE_MS + 1) * MINUTE_MS;
  return { label, fromMs: cube.firstTimeMs, toMs, requests: count, errors, clients };
}

function check(holds: boolean, option: string, value: unknown, expected: string): void {
  if (!holds) throw pivotError("bad-pivot-option", { option, value: String(value), expected });
}
