import type { Severity } from "../../finding.js";

/** What unusual traffic amounted to beside everything else at the same time. */
export interface Impact {
  /** Requests beyond the usual, as a share of all requests. */
  readonly share: number;
  /** Failed requests among them, as a share of all failed requests. */
  readonly errorShare: number;
  /** All requests, as a multiple of the busiest quiet window before. */
  readonly load: number;
}

export const GREATEST_IMPACT: Impact = { share: 1, errorShare: 1, load: Number.POSITIVE_INFINITY };

/** From so large a share of all traffic, or so far above the busiest window before, it could do harm; and much harm. */
const HARMFUL_SHARE = 0.03;
const GRAVE_SHARE = 0.15;
const GRAVE_LOAD = 1.2;

/**
 * The severity of traffic that is unlike people in so many ways, by what it could do to everybody else.
 *
 * A multiple of a tiny usual is no harm: what takes 3% of all requests is worth a look, what takes 15%, or carries the
 * whole beyond the busiest window so far, is worth an alarm.
 */
export function severityOfImpact(signs: number, { share, errorShare, load }: Impact): Severity {
  if (signs === 0) return "info";
  const harmful = share >= HARMFUL_SHARE || (errorShare >= 0.5 && share >= HARMFUL_SHARE / 3);
  if (!harmful) return "low";
  const grave = share >= GRAVE_SHARE || (load >= GRAVE_LOAD && share >= HARMFUL_SHARE);
  return grave && signs >= 2 ? "high" : "medium";
}
