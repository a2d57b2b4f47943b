import type { Counts } from "./state/stateSchema.js";
import { DENIED } from "./statusFlags.js";
import { sumMeasure } from "./sumMeasure.js";

export interface DeniedColumns {
  /** Requests with status 401, 403 or 429; they are among `clientErrors` too. */
  readonly denied: Counts;
}

/** Requests that were turned away; every cube keeps it. */
export const denied = sumMeasure<DeniedColumns>({
  name: "denied",
  columns: { denied: "count" },
  amounts: {
    denied:
      ({ status }, { meaning }) =>
      (row) =>
        (meaning[status[row]!]! & DENIED) >> 2,
  },
  sql: { denied: "sumIf(weight, status IN (401, 403, 429))" },
  figures: {
    denied: { empty: 0, sum: (state) => state.denied },
    denied_rate: { empty: null, sum: (state) => state.denied, trials: "answered" },
  },
});
