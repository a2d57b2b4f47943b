import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import { choice, either, list, nested, number, text, time } from "../core/options/shapes.js";
import type { Cube } from "../cube/cube.js";
import { CUBE } from "../cube/cubeShape.js";
import { codeFilters, selectGroups, WHERE, type Where } from "../pivot/where.js";
import { DistinctSketch } from "../stats/distinctSketch.js";
import { clientClusters } from "./clientClusters.js";
import { cubeLeaves, exceptedNames, hoursOf, namedSlice, PLACE_LEVELS, type Side } from "./cubeLeaves.js";
import { explainError } from "./errors.js";
import { type ExplainedMeasure, explainedMeasure } from "./explainMeasure.js";
import { type Against, referenceWindows, type Window, windowOf } from "./explainWindow.js";
import { type Leaves, type LocalizedCause, localizeForecast } from "./localize.js";
import { usualCounts } from "./usualCounts.js";

/** A change to explain. */
export interface ExplainOptions {
  /** The window asked about: [from, to), epoch milliseconds or ISO 8601. */
  readonly from: number | string;
  readonly to: number | string;
  /**
   * What it is held against: `previous` (the window of the same length just before), `baseline` (the same hours of up to 14
   * earlier days), a window `{ from, to }`, or, with `versus`, the same window. Default `baseline` where there is a day
   * before, else `previous`.
   */
  readonly against?: Against;
  /** Hold requests of these conditions against those of `where` in the same window: `{ version: "4.2.0" }`. */
  readonly versus?: Where;
  /**
   * `requests`, `errors`, `client_errors`, `denied`, `bytes`; `error_rate`, `client_error_rate`, `denied_rate`; `p95` or any
   * other quantile of latency, `under:250ms`. Default `errors`.
   */
  readonly measure?: string;
  /** Where to look for causes: levels of place and dimensions of the cube. Default all of them. */
  readonly dimensions?: readonly string[];
  /** Conditions that requests must meet. Default none. */
  readonly where?: Where;
  /** The most causes to name. Default 10. */
  readonly maxCauses?: number;
}

/** What each option takes. */
export const EXPLAIN_OPTIONS: Shapes<ExplainOptions> = {
  from: time,
  to: time,
  against: either(choice("previous", "baseline"), nested<Extract<Against, object>>({ from: time, to: time })),
  versus: WHERE,
  measure: text,
  dimensions: list(text, "names"),
  where: WHERE,
  maxCauses: number,
};

/** A slice that carries a part of the change. */
export interface ExplainedCause {
  /** Values by dimension; places with what they lie in. */
  readonly slice: Readonly<Record<string, string>>;
  /** Values that it is told without, by dimension: all of Europe except Germany. */
  readonly except?: Readonly<Record<string, readonly string[]>>;
  /** Its part of all change, from 0 to 1. */
  readonly share: number;
  /** Probability that it moved, given how many slices were looked at. */
  readonly confidence: number;
  /** In the unit of the measure: amounts in the window, or shares of its requests. */
  readonly observed: number;
  /** What it would have been had the slice fared as in the reference, with the mix of now; and its 95% interval. */
  readonly expected: number;
  readonly interval: readonly [low: number, high: number];
  /** Distinct clients of the slice in the window. */
  readonly clients: number;
  /** The one client without which the slice did not move: it is the cause, not the slice. */
  readonly client?: string;
}

/** Why a measure changed. */
export interface Explanation {
  readonly measure: string;
  /** For quantiles of latency and `under:T`: the figures are shares of requests that took longer than this, "236ms". */
  readonly slowerThan?: string;
  readonly from: string;
  readonly to: string;
  readonly observed: number;
  /** What the reference had, scaled to the length of the window. */
  readonly reference: number;
  /** For shares: how much of the change comes from who came, and how much from how they fared; they add up. */
  readonly mix?: number;
  readonly rate?: number;
  /** The strongest first. */
  readonly causes: readonly ExplainedCause[];
  /** `external`: everything moved alike. `none`: nothing moved beyond noise. */
  readonly verdict: "found" | "external" | "none";
  readonly unexplained: number;
}

/** The normal quantile of a 95% interval. */
const Z95 = 1.96;
/** A client with at least so much of what a slice has in excess is looked into. */
const CLIENT_SHARE = 0.5;

/**
 * Finds the few slices of the traffic that carry a change between a window and a reference: a country, a provider, a version,
 * or one version in one country. Amounts are told by the hour, shares at the mix of the window: a country that sent more of
 * its bad requests is mix, not rate. Where one client makes a slice move, the client is named.
 *
 * Throws `bad-explain-option`, and what `pivot` throws of dimensions that the cube has not.
 *
 * @example
 * ```ts
 * const why = explain(cube, { from: "2026-03-05T14:00", to: "2026-03-05T15:00", measure: "errors" });
 * why.causes[0]?.slice; // { country: "BR", version: "4.3.0" }
 * ```
 */
export function explain(cube: Cube, options: ExplainOptions): Explanation {
  checkArgument("explain", "the first argument", cube, CUBE);
  checkOptions("explain", options, EXPLAIN_OPTIONS, ["from", "to"]);
  const { measure: name = "errors", where = {}, maxCauses = 10 } = options;
  const window = windowOf(cube, options.from, options.to);
  const now: Side = { windows: [window], where };
  const then: Side = referenceOf(cube, window, options);
  const measure = explainedMeasure(cube, name, then.windows, then.where);
  const attributes = options.dimensions ?? [...PLACE_LEVELS, ...cube.dimensions.map((dimension) => dimension.name)];
  if (attributes.length === 0)
    throw explainError("bad-explain-option", { option: "dimensions", value: "none", expected: "at least one" });
  const leaves = cubeLeaves(cube, attributes, measure, now, then);
  const hierarchies = [PLACE_LEVELS.filter((level) => attributes.includes(level))];
  const leastDispersion = clientClusters(cube, [now, then], measure.figures[0] === "errors" ? "errors" : "count");
  // Of amounts, one event among all leaves: an hour each would level them.
  const priorTrials = measure.kind === "share" ? 1 : hoursOf(cube, then) / Math.max(1, sum(leaves.predicted));
  const { requestsBefore, requestsNow, ...table } = leaves;
  const forecast = measure.isPart
    ? {
        ...usualCounts(leaves.attributes, leaves.predicted, requestsBefore, leastDispersion),
        chances: requestsNow,
      }
    : undefined;
  const predicted = forecast?.usual ?? leaves.predicted;
  const search = { maxCauses, hierarchies, leastDispersion, priorTrials };
  const found = localizeForecast({ ...table, predicted }, search, forecast);
  const causes = found.causes.map((cause) => explainedCause(cube, measure, now, attributes, cause));
  return {
    measure: name,
    ...(measure.slowerThan === undefined ? {} : { slowerThan: measure.slowerThan }),
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    ...totals(measure, leaves, hoursOf(cube, now), hoursOf(cube, then)),
    causes,
    verdict: found.verdict,
    unexplained: found.unexplained,
  };
}

function referenceOf(cube: Cube, window: Window, { against, versus, where = {} }: ExplainOptions): Side {
  if (versus !== undefined) {
    const windows = against === undefined ? [window] : referenceWindows(cube, window, against);
    return { windows, where: { ...where, ...versus } };
  }
  if (against !== undefined) return { windows: referenceWindows(cube, window, against), where };
  try {
    return { windows: referenceWindows(cube, window, "baseline"), where };
  } catch {
    return { windows: referenceWindows(cube, window, "previous"), where };
  }
}

/** The measure on both sides, and for shares what of the change is mix (who came) and what is rate (how they fared). */
function totals(
  measure: ExplainedMeasure,
  { real, realTotal, predicted, predictedTotal }: Required<Leaves>,
  hoursNow: number,
  hoursThen: number,
): Pick<Explanation, "observed" | "reference" | "mix" | "rate"> {
  const [events, before] = [sum(real), sum(predicted)];
  if (measure.kind === "amount") return { observed: events, reference: (before * hoursNow) / hoursThen };
  const [trials, trialsBefore] = [sum(realTotal), sum(predictedTotal)];
  const observed = ratio(events, trials);
  const reference = ratio(before, trialsBefore);
  // Kitagawa's decomposition at the mix of now: leaves that the reference has not fare as all of it did.
  let atOldRates = 0;
  for (let leaf = 0; leaf < real.length; leaf++)
    atOldRates += realTotal[leaf]! * (predictedTotal[leaf]! > 0 ? predicted[leaf]! / predictedTotal[leaf]! : reference);
  const mixed = ratio(atOldRates, trials);
  return { observed, reference, mix: mixed - reference, rate: observed - mixed };
}

function explainedCause(
  cube: Cube,
  measure: ExplainedMeasure,
  { windows, where }: Side,
  attributes: readonly string[],
  cause: LocalizedCause,
): ExplainedCause {
  const slice = namedSlice(cause.slice, attributes);
  const unit = measure.kind === "amount" ? 1 : Math.max(cause.total ?? 0, 1);
  const except = cause.except && exceptedNames(cause.except);
  const without = Object.fromEntries(Object.entries(except ?? {}).map(([name, values]) => [name, { not: values }]));
  const groups = groupsOf(cube, { ...where, ...slice, ...without }, windows[0]!);
  const sketch = new DistinctSketch();
  for (const group of groups) cube.clientsInto(group, sketch);
  const client = loneClient(cube, measure, groups, cause);
  const margin = Z95 * cause.deviation;
  return {
    slice,
    ...(except && { except }),
    share: cause.share,
    confidence: cause.confidence,
    observed: cause.real / unit,
    expected: cause.predicted / unit,
    interval: [Math.max(0, cause.predicted - margin) / unit, (cause.predicted + margin) / unit],
    clients: Math.round(sketch.count()),
    ...(client === null ? {} : { client }),
  };
}

function groupsOf(cube: Cube, where: Where, { fromMs, toMs }: Window): Uint32Array {
  return selectGroups(cube, codeFilters(cube, where, null), fromMs, toMs);
}

/**
 * The client that makes the slice move: the one with most of the excess, without whose requests or errors what is left lies
 * within what was expected. Null where there is none, or where the measure is not counted by client.
 */
function loneClient(cube: Cube, measure: ExplainedMeasure, groups: Uint32Array, cause: LocalizedCause): string | null {
  const excess = cause.real - cause.predicted;
  const isErrors = measure.figures[0] === "errors";
  if (excess <= 0 || !(isErrors || measure.figures[0] === "count")) return null;
  const clients = cube.topClients(groups, Number.POSITIVE_INFINITY);
  const own = clients.map((client) => (isErrors ? client.errors : client.count));
  const most = own.reduce((best, count, i) => (count > own[best]! ? i : best), 0);
  if (clients.length === 0 || own[most]! < CLIENT_SHARE * excess) return null;
  const left = cause.real - own[most]!;
  return left <= cause.predicted + Z95 * cause.deviation ? clients[most]!.address : null;
}

function sum(column: ArrayLike<number>): number {
  let total = 0;
  for (let row = 0; row < column.length; row++) total += column[row]!;
  return total;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
