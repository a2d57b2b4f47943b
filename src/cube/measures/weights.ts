import type { EncodedEvents } from "../keys/encodedEvents.js";
import { sumMeasure } from "./sumMeasure.js";

export interface WeightColumns {
  /** Sum of the squares of the requests' weights. Absent where every row of the log is one request: it is `count` then. */
  readonly squares?: Float64Array;
}

/**
 * How far the requests that rows stand for are evidence of their own: n rows that stand for w requests each tell no more
 * than n requests. By Kish (Survey Sampling, 1965), requests count for (Σ weight)² / Σ weight². Only cubes of weighted
 * events keep it.
 */
export const weights = sumMeasure<Required<WeightColumns>>({
  name: "weights",
  columns: { squares: "f64" },
  // The sum takes an amount as often as its row stands for a request: the weight once more.
  amounts: { squares: (events: EncodedEvents) => (row) => events.weights?.exact[row] ?? 1 },
  figures: { squares: { empty: 0, sum: (state) => state.squares } },
});

/** What the weights of some requests make of their number: the effective number of independent requests, by Kish. */
export function effectiveCount(total: number, squares: number): number {
  return squares > 0 ? (total * total) / squares : 0;
}
