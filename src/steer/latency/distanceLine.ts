import { type Line, medianLine } from "../../stats/medianLine.js";

/** Light takes a millisecond for 102 km of fibre (index 1.468) there and back. */
export const FIBRE_MS_PER_KM = (2 * 1.468 * 1000) / 299_792.458;
/** What public networks show where nothing was measured: Theil–Sen over pairs of cloud regions, rounded. */
const USUAL: Line = { intercept: 15, slope: 0.014 };
/** Fewer pairs than this make no line of their own. */
const LEAST_PAIRS = 8;
const LEAST_MS = 0.5;

/**
 * Milliseconds by distance: the line that most pairs follow (Theil–Sen), never flatter than light in fibre and never
 * below half a millisecond. The usual line where there are too few pairs, or all are at one distance.
 */
export function distanceLine(km: ArrayLike<number>, ms: ArrayLike<number>): Line {
  const weights = new Float64Array(km.length).fill(1);
  const line = km.length >= LEAST_PAIRS ? medianLine(km, ms, weights) : undefined;
  if (line === undefined) return USUAL;
  return { intercept: Math.max(LEAST_MS, line.intercept), slope: Math.max(FIBRE_MS_PER_KM, line.slope) };
}

/** Milliseconds of a line at a distance. */
export function lineMs({ intercept, slope }: Line, km: number): number {
  return intercept + slope * km;
}

/** The round trip that light in fibre cannot undercut, milliseconds, when an end may be `accuracyKm` nearer. */
export function lightMs(km: number, accuracyKm = 0): number {
  return FIBRE_MS_PER_KM * Math.max(0, km - accuracyKm);
}
