import { DAY_MS, HOUR_MS } from "../../../core/time.js";
import type { Cube } from "../../../cube/cube.js";
import { droppedBuckets, type Traffic } from "../series/trafficColumns.js";

/** How long a log must have run before a kind of evidence can be judged at all. */
export const HISTORY_MS = { "traffic-drop": DAY_MS, errors: 2 * HOUR_MS, latency: 3 * HOUR_MS } as const;

/** The first bucket that has so much history before it. */
export function readyAt(traffic: Traffic, historyMs: number): number {
  return Math.ceil(historyMs / traffic.bucketMs) - droppedBuckets(traffic);
}

/** Evidence that a log is too short for. */
export interface Unjudged {
  readonly subtype: keyof typeof HISTORY_MS;
  /** What it needs, and what the log covers, in milliseconds. */
  readonly neededMs: number;
  readonly coveredMs: number;
}

/**
 * Which kinds of regional evidence a cube's time is too short to judge: no finding of theirs then means "not known", not
 * "nothing wrong". Empty for a cube of a day or more.
 */
export function tooLittleHistory(cube: Cube): Unjudged[] {
  const coveredMs = cube.bucketCount * cube.bucketMs;
  return (Object.keys(HISTORY_MS) as (keyof typeof HISTORY_MS)[])
    .filter((subtype) => coveredMs <= HISTORY_MS[subtype])
    .map((subtype) => ({ subtype, neededMs: HISTORY_MS[subtype], coveredMs }));
}
