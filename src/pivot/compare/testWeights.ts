import type { ComparedMeasure } from "./comparison.js";

/** A test that shares the error budget with others. */
export interface WeighedTest {
  readonly measure: ComparedMeasure;
  /** Hits and trials of both windows together: what the test takes as given. */
  readonly hits: number;
  readonly trials: number;
}

/** Shares of the error budget: errors are what releases break and what can be told soonest. */
const BUDGET: Readonly<Record<ComparedMeasure, number>> = {
  error_rate: 0.8,
  latency: 0.125,
  traffic_share: 0.05,
  clients: 0.025,
};
/** Of the budget for error rates, this much is shared evenly, the rest by how far a region's errors stand out. */
const EVEN = 0.5;

/**
 * How the budget of false discoveries is shared among the tests: weights that average 1, by which p-values are divided
 * before all are judged together, keep the promised rate if they know nothing of the difference that is tested (Genovese,
 * Roeder and Wasserman 2006).
 *
 * Each measure has a fixed share. Among error rates, a region weighs more the further its errors in both windows together
 * stand out of those of all regions: where a release breaks something, there are more of them. An exact test takes that
 * total as given, so how its errors fall on the two windows is as likely as ever (Bourgon, Gentleman and Huber 2010).
 */
export function testWeights(tests: readonly WeighedTest[]): Float64Array {
  const weights = new Float64Array(tests.length);
  const rows = tests.map((_, i) => i);
  const measures = (Object.keys(BUDGET) as ComparedMeasure[]).filter((m) => tests.some(({ measure }) => measure === m));
  const budget = measures.reduce((sum, measure) => sum + BUDGET[measure], 0);
  for (const measure of measures) {
    const own = rows.filter((i) => tests[i]!.measure === measure);
    const each = (BUDGET[measure] / budget) * (tests.length / own.length);
    const shares = measure === "error_rate" ? byExcess(own.map((i) => tests[i]!)) : own.map(() => 1);
    own.forEach((i, k) => {
      weights[i] = each * shares[k]!;
    });
  }
  return weights;
}

/** Shares that average 1: half of them alike, half falling as 1 / rank by excess of hits over what is usual. */
function byExcess(tests: readonly WeighedTest[]): Float64Array {
  const usual = sum(tests, ({ hits }) => hits) / sum(tests, ({ trials }) => trials);
  const excess = tests.map(({ hits, trials }) => (hits - usual * trials) / Math.sqrt(trials));
  const ranked = tests.map((_, i) => i).sort((a, b) => excess[b]! - excess[a]! || a - b);
  const harmonic = sum(ranked, (_, rank) => 1 / (rank + 1));
  const shares = new Float64Array(tests.length);
  ranked.forEach((i, rank) => {
    shares[i] = EVEN + ((1 - EVEN) * tests.length) / harmonic / (rank + 1);
  });
  return shares;
}

function sum<T>(values: readonly T[], of: (value: T, index: number) => number): number {
  return values.reduce((total, value, index) => total + of(value, index), 0);
}
