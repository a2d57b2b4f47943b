import type { ChangeSeverity, RegionChange } from "./comparison.js";

/** A change of this size or more is so grave. */
const STEPS: readonly (readonly [severity: ChangeSeverity, errorShare: number, slowdown: number, loss: number])[] = [
  ["critical", 0.25, 4, 0.9],
  ["high", 0.05, 2, 0.5],
  ["medium", 0.01, 1.3, 0.2],
];

/**
 * How grave a significant change for the worse is, by its size: the share of requests that fail beyond those that did
 * before (from 5% high, from 25% critical), how many times slower (from twice high, from four times critical), or how much
 * of the region's share of traffic or clients is gone (from half high, from 90% critical).
 */
export function changeSeverity({
  measure,
  before,
  after,
}: Pick<RegionChange, "measure" | "before" | "after">): ChangeSeverity {
  for (const [severity, errorShare, slowdown, loss] of STEPS) {
    if (measure === "error_rate" && after - before >= errorShare) return severity;
    if (measure === "latency" && after >= slowdown * before) return severity;
    if ((measure === "traffic_share" || measure === "clients") && after <= (1 - loss) * before) return severity;
  }
  return "low";
}
