import type { Cube } from "../cube/cube.js";
import { pivotColumns } from "../pivot/pivotColumns.js";
import type { Where } from "../pivot/where.js";
import { explainError } from "./errors.js";
import type { Window } from "./explainWindow.js";

/** How a measure is told as events of so many trials. */
export interface ExplainedMeasure {
  readonly name: string;
  /** `amount`: events an hour of the windows. `share`: events of requests. */
  readonly kind: "amount" | "share";
  /** What requests are counted as slow from. */
  readonly slowerThan?: string;
  /** Whether the events are some of the requests: failed, denied or slow ones. */
  readonly isPart: boolean;
  /** Measures of `pivot` that are asked for. */
  readonly figures: readonly string[];
  /** The events of a row of those figures. */
  readonly events: (row: readonly number[]) => number;
  /** The requests that they are events of. */
  readonly trials: (row: readonly number[]) => number;
}

const AMOUNTS: Readonly<Record<string, string>> = {
  requests: "count",
  count: "count",
  errors: "errors",
  client_errors: "client_errors",
  denied: "denied",
  bytes: "bytes",
};
const SHARES: Readonly<Record<string, string>> = {
  error_rate: "errors",
  client_error_rate: "client_errors",
  denied_rate: "denied",
};
/** The names that {@link explainedMeasure} takes. */
export const EXPLAINED_MEASURES = [...Object.keys(AMOUNTS), ...Object.keys(SHARES), "p95", "under:250ms"] as const;

/**
 * What a name means. Quantiles of latency are told as the share of requests slower than that quantile was in the reference
 * windows, `under:T` as the share slower than T: shares have slices that add up, quantiles have not.
 *
 * Throws `no-such-measure` of this room.
 */
export function explainedMeasure(
  cube: Cube,
  name: string,
  reference: readonly Window[],
  where: Where,
): ExplainedMeasure {
  const amount = AMOUNTS[name];
  if (amount !== undefined)
    return {
      name,
      kind: "amount",
      isPart: amount !== "count" && amount !== "bytes",
      figures: [amount, "count"],
      events: ([value]) => value!,
      trials: ([, count]) => count!,
    };
  const share = SHARES[name];
  if (share !== undefined)
    return {
      name,
      kind: "share",
      isPart: true,
      figures: [share, "count"],
      events: ([value]) => value!,
      trials: ([, count]) => count!,
    };
  const target = /^under:.+$/.test(name) ? name : slowTarget(cube, name, reference, where);
  // A share of nothing is null, and so is what is slower of it.
  const slow = ([under, count]: readonly number[]): number => (Number.isNaN(under!) ? 0 : count! * (1 - under!));
  const timed = ([under, count]: readonly number[]): number => (Number.isNaN(under!) ? 0 : count!);
  const slowerThan = target.slice("under:".length);
  return { name, kind: "share", isPart: true, slowerThan, figures: [target, "count"], events: slow, trials: timed };
}

/** `under:Xms` for what a quantile was in the reference windows, weighted by their requests. */
function slowTarget(cube: Cube, name: string, reference: readonly Window[], where: Where): string {
  if (!/^p\d{1,2}(\.\d+)?$/.test(name))
    throw explainError("bad-explain-option", {
      option: "measure",
      value: name,
      expected: EXPLAINED_MEASURES.join(", "),
    });
  let weight = 0;
  let sum = 0;
  for (const { fromMs, toMs } of reference) {
    const columns = new Map(pivotColumns(cube, { measures: [name, "count"], where, from: fromMs, to: toMs }));
    const [value, count] = [columns.get(name)![0], columns.get("count")![0]];
    if (typeof value !== "number" || typeof count !== "number") continue;
    weight += count;
    sum += count * value;
  }
  if (!(weight > 0))
    throw explainError("bad-explain-option", {
      option: "measure",
      value: name,
      expected: "a measure that the reference windows have",
    });
  return `under:${Math.max(1, Math.round(sum / weight))}ms`;
}
