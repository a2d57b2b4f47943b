import type { Counts } from "./state/stateSchema.js";
import { CLIENT_ERROR, ERROR } from "./statusFlags.js";
import { sumMeasure } from "./sumMeasure.js";

export interface ErrorColumns {
  /** Requests whose status is an error by the cube's rule. */
  readonly errors: Counts;
  /** Requests with a status from 400 to 499. */
  readonly clientErrors: Counts;
}

/** Requests that failed, by whose fault it is; every cube keeps it. */
export const errors = sumMeasure<ErrorColumns>({
  name: "errors",
  columns: { errors: "count", clientErrors: "count" },
  amounts: {
    errors:
      ({ status }, { meaning }) =>
      (row) =>
        meaning[status[row]!]! & ERROR,
    clientErrors:
      ({ status }, { meaning }) =>
      (row) =>
        (meaning[status[row]!]! & CLIENT_ERROR) >> 1,
  },
  sql: { errors: "sumIf(weight, is_error)", clientErrors: "sumIf(weight, status BETWEEN 400 AND 499)" },
  figures: {
    errors: { empty: 0, sum: (state) => state.errors },
    error_rate: { empty: null, sum: (state) => state.errors, trials: "answered" },
    client_errors: { empty: 0, sum: (state) => state.clientErrors },
    client_error_rate: { empty: null, sum: (state) => state.clientErrors, trials: "answered" },
  },
});
