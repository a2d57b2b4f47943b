import { logCountLowerTail, logCountUpperTail } from "../../../stats/countTails.js";
import { logNormalUpperTail } from "../../../stats/normal.js";

/**
 * What a signal of evidence measures, and how far a sum of it over a zone and a window departs from what was expected.
 *
 * - `drop`: requests that did not come; observed and expected counts.
 * - `errors`: requests that failed; observed and expected counts.
 * - `latency`: the sum of normal scores of the latencies among the site's own past ones; "expected" is their number,
 *   which is the variance of that sum.
 */
export type EvidenceKind = "drop" | "errors" | "latency";

/** How much more than chance zones vary. */
export interface Spread {
  /** Variance of a zone's sum beyond that of a count of independent events, by its expectation. */
  extra(expected: number): number;
}

/** Log likelihood ratio of the zone having its own rate against the expected one; 0 for a departure the other way. */
export function logLikelihoodRatio(kind: EvidenceKind, observed: number, expected: number): number {
  if (expected <= 0) return 0;
  if (kind === "latency") return observed > 0 ? (observed * observed) / (2 * expected) : 0;
  if (kind === "drop" ? observed >= expected : observed <= expected) return 0;
  return observed > 0 ? observed * Math.log(observed / expected) + expected - observed : expected;
}

/** Effects smaller than these are nothing to wake anyone for, however sure: a tenth lost, half as many errors again. */
export const LEAST_LOSS = 0.1;
const LEAST_FAILING = 1.5;
/** A fifth of a standard deviation slower than usual. */
const LEAST_SCORE = 0.2;

/** Whether a zone's departure is large enough to matter. */
export function matters(kind: EvidenceKind, observed: number, expected: number, leastLoss = LEAST_LOSS): boolean {
  const limit = leastRatio(kind, leastLoss) * expected;
  return kind === "drop" ? observed <= limit : observed >= limit;
}

/** The ratio of observed to expected from which on a departure matters: the least, but for drops the largest. */
export function leastRatio(kind: EvidenceKind, leastLoss = LEAST_LOSS): number {
  if (kind === "drop") return 1 - leastLoss;
  return kind === "latency" ? LEAST_SCORE : LEAST_FAILING;
}

/** Standard deviations by which the sums depart, cheaply: for choosing what to look at closely. */
export function departure(kind: EvidenceKind, observed: number, expected: number, extra: number): number {
  if (expected <= 0) return 0;
  if (kind === "latency") return observed / Math.sqrt(expected + extra);
  const shrink = Math.sqrt(expected / (expected + extra));
  if (kind === "drop") return 2 * (Math.sqrt(expected + 0.375) - Math.sqrt(observed + 0.375)) * shrink;
  if (observed <= expected) return 0;
  return Math.sqrt(2 * (observed * Math.log(observed / expected) + expected - observed)) * shrink;
}

/** Rounding must not make a bound stricter than what it bounds. */
export const SLACK = 1 - 1e-6;

/**
 * Whether {@link departure} is surely below a level, whatever the extra variance: told without a root or a logarithm,
 * as most zones are of no interest.
 */
export function staysBelow(kind: EvidenceKind, observed: number, expected: number, level: number): boolean {
  const l = level * SLACK;
  if (kind === "drop") {
    // 2 (√a - √b) > l means a - b > l²/4 + l √b.
    const beyond = expected - observed - 0.25 * l * l;
    return beyond <= 0 || beyond * beyond <= l * l * (observed + 0.375);
  }
  if (kind === "latency") return observed <= 0 || observed * observed <= l * l * expected;
  // o ln(o/e) + e - o is at most (o - e)²/e.
  const excess = observed - expected;
  return excess <= 0 || 2 * excess * excess <= l * l * expected;
}

/** Natural logarithm of the probability of a departure this far by chance. */
export function logChance(kind: EvidenceKind, observed: number, expected: number, extra: number): number {
  if (kind === "latency") return logNormalUpperTail(observed / Math.sqrt(expected + extra));
  if (kind === "drop") return logCountLowerTail(Math.round(observed), expected, expected + extra);
  return logCountUpperTail(Math.round(observed), expected, expected + extra);
}
