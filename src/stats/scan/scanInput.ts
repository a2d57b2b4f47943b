import type { ZoneLimits } from "./circularZones.js";
import { spatialError } from "./errors.js";
import { binomialModel, poissonModel, type ScanModel } from "./scanModel.js";

/** Cases by region, and what they are held against. */
export type ScanData = PopulationData | ExpectedData;

export interface PopulationData {
  /** Whole numbers. */
  readonly cases: ArrayLike<number>;
  /** Whom the cases are among; for the binomial model whole numbers, cases and others together. */
  readonly population: ArrayLike<number>;
  /** `poisson`: few of many fall ill (default); `binomial`: each is a case or not. */
  readonly model?: "poisson" | "binomial";
}

export interface ExpectedData {
  readonly cases: ArrayLike<number>;
  /** Cases expected, taken as they are; Poisson. */
  readonly expected: ArrayLike<number>;
}

/** What a scan works on, checked. */
export interface ScanInput {
  readonly cases: Int32Array;
  readonly model: ScanModel;
  readonly limits: ZoneLimits;
}

/** Options that every scan has, with their defaults filled in. */
export interface ScanLimits {
  readonly maxShare: number;
  readonly maxRegions: number;
  readonly replications: number;
}

/** Checks cases and options. Throws `lengths-differ`, `bad-value` and `bad-spatial-option`. */
export function scanInput(data: ScanData, { maxShare, maxRegions, replications }: ScanLimits): ScanInput {
  const population = "expected" in data ? data.expected : data.population;
  const binomial = "model" in data && data.model === "binomial";
  checkLength("population", population, data.cases.length);
  checkOption("maxShare", maxShare, maxShare > 0 && maxShare <= 1, "a share above 0, up to 1");
  checkOption("maxRegions", maxRegions, maxRegions >= 1, "1 or more");
  checkOption("replications", replications, Number.isInteger(replications) && replications >= 0, "a whole number");
  for (let r = 0; r < data.cases.length; r++) checkRegion(r, data.cases[r]!, population[r]!, binomial);
  const cases = Int32Array.from(data.cases);
  const model = binomial ? binomialModel(cases, population) : poissonModel(cases, population, "expected" in data);
  return { cases, model, limits: { maxWeight: maxShare * model.totalWeight * (1 + 1e-12), maxRegions } };
}

/** Throws `lengths-differ` where a column is not as long as there are regions. */
export function checkLength(column: string, values: ArrayLike<unknown>, regions: number): void {
  if (values.length !== regions)
    throw spatialError("lengths-differ", { column, expected: regions, actual: values.length });
}

/** Throws `bad-spatial-option` unless `good`. */
export function checkOption(option: string, given: number, good: boolean, expected: string): void {
  if (!good) throw spatialError("bad-spatial-option", { option, value: String(given), expected });
}

/** Throws `bad-value` unless `good`. */
export function checkValue(column: string, row: number, given: number, good: boolean, expected: string): void {
  if (!good) throw spatialError("bad-value", { column, row, value: given, expected });
}

/** Neighbours of each region must be regions. Throws `lengths-differ` and `bad-value`. */
export function checkAdjacency(adjacency: readonly (readonly number[])[], regions: number): void {
  checkLength("adjacency", adjacency, regions);
  adjacency.forEach((neighbours, row) => {
    for (const r of neighbours)
      checkValue("adjacency", row, r, Number.isInteger(r) && r >= 0 && r < regions, "the number of a region");
  });
}

function checkRegion(row: number, cases: number, population: number, binomial: boolean): void {
  checkValue("cases", row, cases, Number.isInteger(cases) && cases >= 0, "a whole number");
  checkValue("population", row, population, Number.isFinite(population) && population >= 0, "a number of 0 or more");
  if (!binomial) return;
  const whole = Number.isInteger(population) && population >= cases;
  checkValue("population", row, population, whole, "a whole number, no less than the cases");
}
