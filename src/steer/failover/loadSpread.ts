import { HOUR_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import { type DemandBySlot, SLOTS } from "./demandBySlot.js";

/** How far an hour's requests stray from what the same hour of other weeks had. */
export interface LoadSpread {
  /** Variance of an hour's requests beyond the regular course of the day, a request: 1 for independent requests. */
  readonly dispersion: number;
  /** How many times each slot was seen. */
  readonly weeks: Float64Array;
}

/** Hours with fewer requests tell more of chance than of bursts. */
const LEAST_REQUESTS = 20;

/**
 * Estimates the spread from second differences: what an hour has beyond the mean of the hours before and after it, whose
 * variance is 1.5 times an hour's own while the course of the day is smooth. Median of squares, so that incidents in the
 * log do not widen every interval (factor 0.4549: the median of χ² with one degree).
 */
export function loadSpread(
  cube: Cube,
  { rows, rowOfGroup, seconds, today }: DemandBySlot,
  servers: number,
): LoadSpread {
  const columns = servers + 1;
  const home = Uint32Array.from({ length: rows }, (_, row) => mainServer(today, row, columns));
  const firstHour = Math.floor(cube.originMs / HOUR_MS);
  const hours = Math.ceil((cube.originMs + cube.bucketCount * cube.bucketMs) / HOUR_MS) - firstHour;
  const counts = new Float64Array(hours * columns);
  const { bucket, count } = cube.groups;
  for (let group = 0; group < cube.groups.length; group++) {
    const hour = Math.floor((cube.originMs + bucket[group]! * cube.bucketMs) / HOUR_MS) - firstHour;
    counts[hour * columns + home[rowOfGroup[group]!]!]! += count[group]!;
  }
  const squares: number[] = [];
  for (let hour = 2; hour < hours - 2; hour++)
    for (let server = 0; server < columns; server++) {
      const at = (h: number): number => counts[h * columns + server]!;
      const smooth = (at(hour - 1) + at(hour + 1)) / 2;
      if (smooth >= LEAST_REQUESTS) squares.push((at(hour) - smooth) ** 2 / 1.5 / smooth);
    }
  squares.sort((a, b) => a - b);
  const dispersion = squares.length < 8 ? 2 : Math.max(1, squares[squares.length >> 1]! / 0.4549);
  return { dispersion, weeks: seconds.map((s) => s / 3600) };
}

function mainServer(today: Float64Array, row: number, columns: number): number {
  let best = columns - 1;
  for (let server = 0; server < columns; server++)
    if (today[row * columns + server]! > today[row * columns + best]!) best = server;
  return best;
}

/**
 * Standard deviation of the rate of an hour to come, requests a second: its own spread and that of what it was learnt
 * from.
 */
export function rateSpread(rate: number, slot: number, { dispersion, weeks }: LoadSpread): number {
  const requests = rate * 3600;
  return Math.sqrt(dispersion * requests * (1 + 1 / Math.max(0.1, weeks[slot]!))) / 3600;
}

/** Slots that the log tells of. */
export function seenSlots({ seconds }: DemandBySlot): number[] {
  return Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => seconds[slot]! > 0);
}
