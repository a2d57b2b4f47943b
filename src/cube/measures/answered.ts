import type { CountColumns } from "./count.js";
import type { Measure } from "./measure.js";
import type { Counts } from "./state/stateSchema.js";
import { STATUSLESS } from "./statusFlags.js";
import { sumMeasure } from "./sumMeasure.js";

export interface AnsweredColumns {
  /** Requests of which no status is known. */
  readonly statusless: Counts;
}

const sums = sumMeasure<AnsweredColumns>({
  name: "answered",
  columns: { statusless: "count" },
  amounts: {
    statusless:
      ({ status }, { meaning }) =>
      (row) =>
        (meaning[status[row]!]! & STATUSLESS) >> 3,
  },
  sql: { statusless: "sumIf(weight, status = 0)" },
  figures: { answered: { empty: 0, sum: answeredOf } },
});

/**
 * Requests of which a status is known, out of which error rates are told: a request without a status is no success. Every
 * cube keeps it, as the count of those without, of which most logs have none: then nothing is saved of it.
 */
export const answered: Measure<AnsweredColumns> = {
  ...sums,
  save: (state) => (isNone(state) ? { columns: {}, facts: {} } : { ...sums.save(state), facts: { statusless: true } }),
  load: (saved) => {
    if (saved.fact("statusless") === true) return sums.load(saved);
    return { statusless: new (saved.isWeighted ? Float64Array : Uint32Array)(saved.groups) };
  },
  toArrow: (state, context) => (isNone(state) ? [] : sums.toArrow(state, context)),
  fromArrow: (table, context) => {
    if (table.has("statusless")) return sums.fromArrow(table, context);
    return { statusless: new (table.isWeighted ? Float64Array : Uint32Array)(table.length) };
  },
};

/** A measure's figures are given the whole segment, so that the count of requests is at hand. */
function answeredOf(state: AnsweredColumns): ArrayLike<number> {
  const { count } = state as AnsweredColumns & CountColumns;
  return isNone(state) ? count : Float64Array.from(count, (requests, group) => requests - state.statusless[group]!);
}

function isNone({ statusless }: AnsweredColumns): boolean {
  for (let group = 0; group < statusless.length; group++) if (statusless[group] !== 0) return false;
  return true;
}
