import { checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import { having, list, number, recordOf, text } from "../core/options/shapes.js";
import { AmountEvidence } from "./amountEvidence.js";
import { explainError } from "./errors.js";
import type { Evidence } from "./evidence.js";
import type { Exceptions } from "./exceptions.js";
import { type FoundSlice, findCauses } from "./findCauses.js";
import { type LeafTable, leafTable } from "./leafTable.js";
import { type ForecastUncertainty, RatioEvidence } from "./ratioEvidence.js";

/** A table of leaves: columns of equal length, one row a combination of attribute values. */
export interface Leaves {
  /** Values of each attribute, a column an attribute. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** What was seen: finite numbers. */
  readonly real: ArrayLike<number>;
  /** What was to be expected (a forecast, the window before, another version). */
  readonly predicted: ArrayLike<number>;
  /** Denominators, for ratios: what `real` is a part of. Left out for plain amounts. */
  readonly realTotal?: ArrayLike<number>;
  /** Denominators of `predicted`. */
  readonly predictedTotal?: ArrayLike<number>;
}

/** Options of {@link localize}. */
export interface LocalizeOptions {
  /** The most causes to name; 20. */
  readonly maxCauses?: number;
  /** The most attributes that a cause may fix; 6. Fewer are searched where their combinations are too many. */
  readonly maxAttributes?: number;
  /**
   * Attributes that are levels of one thing, coarse to fine: `[["country", "city"]]`. A value must fix the coarser ones, so
   * that a slice needs one of them. Default none.
   */
  readonly hierarchies?: readonly (readonly string[])[];
  /** For ratios: trials at the overall rate that stand behind each leaf's forecast; 1. */
  readonly priorTrials?: number;
  /** For ratios: variance of events over Poisson's that is known beforehand, as where they come in clusters; 1. */
  readonly leastDispersion?: number;
}

const COLUMN = having("a list of numbers, one a leaf", "length");

/** What each column takes. */
export const LEAVES: Shapes<Leaves> = {
  attributes: recordOf(list(text, "values, one a leaf"), 'an object of lists by attribute: { country: ["DE", "FR"] }'),
  ...{ real: COLUMN, predicted: COLUMN, realTotal: COLUMN, predictedTotal: COLUMN },
};

/** What each option takes. */
export const LOCALIZE_OPTIONS: Shapes<LocalizeOptions> = {
  maxCauses: number,
  maxAttributes: number,
  hierarchies: list(list(text, "names, coarse to fine"), "lists of names"),
  priorTrials: number,
  leastDispersion: number,
};

/** A slice that carries a part of the change. */
export interface LocalizedCause {
  readonly slice: Readonly<Record<string, string>>;
  /** Values that it is told without: `{ slice: { continent: "EU" }, except: { country: ["DE"] } }`. */
  readonly except?: Readonly<Record<string, readonly string[]>>;
  /** Its part of all change, causes and rest together, unsigned: from 0 to 1. */
  readonly share: number;
  /** Probability that it moved, given how many slices were looked at. */
  readonly confidence: number;
  readonly real: number;
  /** For ratios: at the denominators of now. */
  readonly predicted: number;
  /** Standard deviation of the difference between them by chance. */
  readonly deviation: number;
  /** For ratios: the denominators of now. */
  readonly total?: number;
  /** How many leaves it has that no stronger cause holds. */
  readonly leaves: number;
}

export interface Localization {
  /** The strongest first. */
  readonly causes: readonly LocalizedCause[];
  /** `external`: everything moved alike, so the cause is not among the attributes. `none`: nothing moved beyond noise. */
  readonly verdict: "found" | "external" | "none";
  /** Part of all change that no cause holds, from 0 to 1. */
  readonly unexplained: number;
  /**
   * No slice that fixes up to so many attributes was left out that was worth its price: what the search passed over, it
   * had a bound for. Less than `maxAttributes` where the combinations of more are too many.
   */
  readonly depth: number;
}

/**
 * Finds the few slices that carry the change between what was expected and what was seen.
 *
 * Searches every conjunction of attribute values that occurs, up to `maxAttributes` deep, by likelihood gain against the
 * price of naming a slice; causes of different depth, rises and falls are found one after the other. For ratios a change
 * of mix alone is no cause.
 *
 * Throws `no-attributes`, `length-mismatch`, `bad-leaf-value`, `bad-explain-option`.
 *
 * @example
 * ```ts
 * const { causes, verdict } = localize({
 *   attributes: { country: ["DE", "DE", "FR", "FR"], version: ["1", "2", "1", "2"] },
 *   real: [4, 96, 5, 6], realTotal: [1000, 1000, 1000, 1000],
 *   predicted: [5, 5, 5, 5], predictedTotal: [1000, 1000, 1000, 1000],
 * });
 * // verdict "found"; causes[0].slice is { country: "DE", version: "2" }
 * ```
 */
export function localize(leaves: Leaves, options: LocalizeOptions = {}): Localization {
  checkOptions("localize", leaves, LEAVES, ["attributes", "real", "predicted"]);
  checkOptions("localize", options, LOCALIZE_OPTIONS);
  return localizeForecast(leaves, options);
}

/** {@link localize} by a forecast of ratios that says how sure it is. */
export function localizeForecast(
  leaves: Leaves,
  options: LocalizeOptions,
  uncertainty?: ForecastUncertainty,
): Localization {
  const { maxCauses = 20, maxAttributes = 6, priorTrials = 1, leastDispersion = 1, hierarchies = [] } = options;
  checkRanges({ maxCauses, maxAttributes, priorTrials, leastDispersion });
  const table = leafTable(leaves.attributes, leaves.real.length, hierarchies);
  const predicted = checkedForecast(leaves, priorTrials, leastDispersion, uncertainty);
  const search = findCauses(table, Math.min(maxAttributes, table.names.length), predicted.evidence, maxCauses);
  return { ...told(table, leaves, predicted, search.found), depth: search.depth };
}

function checkRanges(options: Required<Omit<LocalizeOptions, "hierarchies">>): void {
  for (const [option, value] of Object.entries(options))
    if (!(Number.isFinite(value) && value >= (option === "priorTrials" ? 0 : 1)))
      throw explainError("bad-explain-option", { option, value: String(value), expected: "a number of at least 1" });
}

interface Forecast {
  readonly evidence: Evidence;
  /** What each leaf was expected to be now. */
  readonly expected: ArrayLike<number>;
}

function checkedForecast(
  leaves: Leaves,
  priorTrials: number,
  leastDispersion: number,
  uncertainty?: ForecastUncertainty,
): Forecast {
  const { real, predicted, realTotal, predictedTotal } = leaves;
  const columns = { real, predicted, ...(realTotal && { realTotal }), ...(predictedTotal && { predictedTotal }) };
  for (const [name, column] of Object.entries(columns)) checkColumn(name, column, real.length);
  if (realTotal === undefined && predictedTotal === undefined) {
    const evidence = new AmountEvidence(real, predicted);
    return { evidence, expected: predicted };
  }
  for (const [name, column] of Object.entries({ realTotal, predictedTotal }))
    if (column === undefined) throw explainError("length-mismatch", { column: name, expected: real.length, actual: 0 });
  const [now, before] = [realTotal!, predictedTotal!];
  const evidence = new RatioEvidence(real, now, predicted, before, priorTrials, leastDispersion, uncertainty);
  return { evidence, expected: evidence.columns[1] };
}

function checkColumn(column: string, values: ArrayLike<number>, expected: number): void {
  if (values.length !== expected) throw explainError("length-mismatch", { column, expected, actual: values.length });
  for (let row = 0; row < expected; row++)
    if (!Number.isFinite(values[row]!))
      throw explainError("bad-leaf-value", { column, row, value: String(values[row]) });
}

/** Turns found slices into causes with names and shares; the slice of everything is no cause. */
function told(
  table: LeafTable,
  leaves: Leaves,
  forecast: Forecast,
  found: readonly FoundSlice[],
): Omit<Localization, "depth"> {
  const { real } = leaves;
  const { expected } = forecast;
  const changes = found.map((slice) => slice.leaves.reduce((sum, leaf) => sum + real[leaf]! - expected[leaf]!, 0));
  let rest = -changes.reduce((sum, change) => sum + change, 0);
  for (let leaf = 0; leaf < table.length; leaf++) rest += real[leaf]! - expected[leaf]!;
  const all = changes.reduce((sum, change) => sum + Math.abs(change), Math.abs(rest)) || 1;
  const external = found.findIndex(({ cuboid, exceptions }) => cuboid.attributes.length === 0 && exceptions === null);
  const causes = found.flatMap((slice, i) =>
    i === external ? [] : [{ ...named(table, leaves, forecast, slice), share: Math.abs(changes[i]!) / all }],
  );
  const verdict = external === 0 ? "external" : causes.length > 0 ? "found" : external > 0 ? "external" : "none";
  return { causes: verdict === "external" ? [] : causes, verdict, unexplained: Math.abs(rest) / all };
}

function named(table: LeafTable, { real, realTotal }: Leaves, { evidence, expected }: Forecast, found: FoundSlice) {
  const leaf = found.cuboid.leafOf[found.slice]!;
  const total = (column: ArrayLike<number>): number => found.leaves.reduce((sum, at) => sum + column[at]!, 0);
  return {
    slice: Object.fromEntries(
      found.cuboid.attributes.map((a) => [table.names[a]!, table.values[a]![table.codes[a]![leaf]!]!]),
    ),
    ...(found.exceptions && { except: exceptNames(table, found.exceptions) }),
    confidence: 1 / (1 + Math.exp(-found.net)),
    real: total(real),
    predicted: total(expected),
    deviation: evidence.deviation(found.leaves),
    ...(realTotal && { total: total(realTotal) }),
    leaves: found.leaves.length,
  };
}

function exceptNames(table: LeafTable, { attribute, codes }: Exceptions): Record<string, string[]> {
  return { [table.names[attribute]!]: codes.map((code) => table.values[attribute]![code]!) };
}
