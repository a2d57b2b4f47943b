import type { Counts } from "./state/stateSchema.js";
import { sumMeasure } from "./sumMeasure.js";

/** Requests. */
export interface CountColumns {
  readonly count: Counts;
}

/** How many requests there are; every cube keeps it. */
export const count = sumMeasure<CountColumns>({
  name: "count",
  columns: { count: "count" },
  amounts: { count: () => () => 1 },
  sql: { count: "sum(weight)" },
  figures: { count: { empty: 0, sum: (state) => state.count } },
});
