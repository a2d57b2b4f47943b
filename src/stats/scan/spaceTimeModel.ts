import type { Random } from "../../core/random.js";

/** How cases come about in space and time, as far as a scan needs to know. */
export interface SpaceTimeModel {
  /** Expected cases by region and time. */
  readonly expected: readonly Float64Array[];
  /** Of each region, what `maxShare` is a share of. */
  readonly regionWeight: Float64Array;
  /** Log likelihood ratio of a cylinder with more cases than expected. */
  ratio(cases: number, expected: number): number;
  /** Cases as they would be without clusters. */
  simulate(random: Random, out: readonly Int32Array[]): void;
}

/** Expectation-based Poisson: each count is a Poisson variable with its own known mean (Neill 2005). */
export function expectationModel(given: readonly ArrayLike<number>[], times: number): SpaceTimeModel {
  const expected = given.map((row) => Float64Array.from(row));
  return {
    expected,
    regionWeight: Float64Array.from(expected, (row) => row.reduce((a, b) => a + b, 0)),
    ratio: (c, e) => (e > 0 ? c * Math.log(c / e) + e - c : Number.POSITIVE_INFINITY),
    simulate(random, out) {
      for (let r = 0; r < expected.length; r++)
        for (let t = 0; t < times; t++) out[r]![t] = random.poisson(expected[r]![t]!);
    },
  };
}

/**
 * Permutation: the totals of regions and of times are what they are, and who came when is chance (Kulldorff, Heffernan,
 * Hartman, Assunção and Mostashari 2005).
 */
export function permutationModel(cases: readonly Int32Array[], times: number): SpaceTimeModel {
  const regionWeight = Float64Array.from(cases, (row) => row.reduce((a, b) => a + b, 0));
  const byTime = Float64Array.from({ length: times }, (_, t) => cases.reduce((sum, row) => sum + row[t]!, 0));
  const total = regionWeight.reduce((a, b) => a + b, 0);
  const expected = Array.from(regionWeight, (ofRegion) =>
    byTime.map((ofTime) => (ofRegion * ofTime) / Math.max(1, total)),
  );
  const when = Int32Array.from(cases.flatMap((row) => Array.from(row, (n, t) => Array<number>(n).fill(t)).flat()));
  const rest = (c: number, e: number): number => (c < total ? (total - c) * Math.log((total - c) / (total - e)) : 0);
  return {
    expected,
    regionWeight,
    ratio: (c, e) => c * Math.log(c / e) + rest(c, e),
    simulate(random, out) {
      for (let i = when.length - 1; i > 0; i--) {
        const j = random.int(i + 1);
        [when[i], when[j]] = [when[j]!, when[i]!];
      }
      let at = 0;
      out.forEach((row, r) => {
        row.fill(0);
        for (let k = regionWeight[r]!; k > 0; k--) row[when[at++]!]!++;
      });
    },
  };
}
