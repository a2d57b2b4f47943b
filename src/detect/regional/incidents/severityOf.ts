import type { Severity } from "../../finding.js";

/** What a severity is made of. */
export interface Impact {
  /** Requests lost, failed or slowed beyond what is usual. */
  readonly requests: number;
  /** Their share of all the traffic that was to be expected in the world meanwhile. */
  readonly shareOfWorld: number;
  /** Their share of the region's own traffic. */
  readonly shareOfRegion: number;
  /** By how many nats the negLogP exceeds what an alarm needs. */
  readonly margin: number;
  readonly minutes: number;
}

/**
 * Severity from how much is lost, of the world and of the region, for how long and how sure:
 * - critical: a tenth of all traffic, or more, and not over at once;
 * - high: a fiftieth of all traffic, or most of a region of weight, beyond any doubt;
 * - medium: any other alarm;
 * - low: a handful of requests, or evidence that just reaches the alarm and concerns next to nothing.
 */
export function severityOf(impact: Impact): Severity {
  const { requests, shareOfWorld, shareOfRegion, margin, minutes } = impact;
  if (requests < 10 || (requests < 25 && margin < 2)) return "low";
  if (shareOfWorld >= 0.1 && minutes >= 10 && margin >= 3) return "critical";
  if (shareOfWorld >= 0.02 && margin >= 3) return "high";
  if (shareOfRegion >= 0.5 && requests >= 300 && margin >= 3) return "high";
  return "medium";
}
