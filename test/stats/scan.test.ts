import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { circularScan, flexibleScan } from "../../src/stats/scan/clusterScan.js";
import { csvColumns } from "../support/csvColumns.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

const here = hasSharedData("detect/scan/ny_leukemia.csv");

function newYork() {
  const { longitude, latitude, population, cases } = csvColumns("detect/scan/ny_leukemia.csv");
  return {
    plane: { x: longitude!, y: latitude! },
    earth: { lat: latitude!, lon: longitude! },
    population: population!,
    cases: cases!,
    expected: JSON.parse(readFileSync(sharedData("detect/scan/ny_leukemia_expected.json"), "utf8")),
  };
}

describe.skipIf(!here)("New York leukemia: the clusters of SaTScan 9.6 and FleXScan 3.1.2", () => {
  const runs = [
    ["scan_test_ny_poisson_circular_cartesian.txt", {}],
    ["scan_test_ny_poisson_circular_cartesian_ubpop_10percent.txt", { maxShare: 0.1 }],
    ["scan_test_ny_binomial_10nn_cartesian.out", { maxRegions: 10 }],
  ] as const;
  test.each(runs)("%s", (run, options) => {
    const { plane, earth, population, cases, expected } = newYork();
    const binomial = run.includes("binomial");
    const clusters = circularScan(
      binomial ? earth : plane,
      { cases, population, model: binomial ? "binomial" : "poisson" },
      options,
    );
    for (const [i, want] of expected[run].clusters.entries()) {
      const got = clusters[i]!;
      const members = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);
      expect(members(got.regions.map((r) => r + 1))).toEqual(members(want.ids));
      expect(Math.abs(got.llr - want.llr)).toBeLessThan(1e-5);
      expect(got.cases).toBe(want.cases);
      // Both are Monte Carlo: three standard errors of the difference of two runs of 999.
      const p = (got.pValue + want.p) / 2;
      expect(Math.abs(got.pValue - want.p)).toBeLessThan(3 * Math.sqrt((2 * p * (1 - p)) / 999) + 0.002);
    }
  });
});

// Most likely cluster of smerc's and SaTScan's example: 14 districts, 175 cases, 55 expected, LLR 98.951.
test.skipIf(!here)("Scottish lip cancer: the most likely cluster", () => {
  const { x, y, cases, expected } = csvColumns("detect/scan/scotland_lip.csv");
  const [first] = circularScan({ x: x!, y: y! }, { cases: cases!, expected: expected! });
  expect([first!.regions.length, first!.cases, Math.round(first!.expected)]).toEqual([14, 175, 55]);
  expect(first!.llr).toBeCloseTo(98.951, 3);
  expect(first!.pValue).toBe(0.001);
});

/** A grid of regions with 10 expected cases each; those told have three times as many. */
function grid(side: number, hot: readonly number[]) {
  const x = Array.from({ length: side * side }, (_, i) => i % side);
  const y = Array.from({ length: side * side }, (_, i) => Math.floor(i / side));
  const cases = x.map((_, i) => (hot.includes(i) ? 30 : 10));
  const adjacency = x.map((_, i) =>
    x.flatMap((_, j) => (Math.abs(x[i]! - x[j]!) + Math.abs(y[i]! - y[j]!) === 1 ? [j] : [])),
  );
  return { points: { x, y }, data: { cases, population: x.map(() => 1000) }, adjacency };
}
const sorted = (regions: readonly number[]) => [...regions].sort((a, b) => a - b);

test("a round cluster is found by both scans, a bent one only by the flexible", () => {
  const plus = [22, 21, 23, 12, 32];
  const round = grid(10, plus);
  expect(sorted(circularScan(round.points, round.data, { replications: 99 })[0]!.regions)).toEqual(sorted(plus));
  const bend = [22, 23, 24, 34, 44];
  const bent = grid(10, bend);
  const flexible = flexibleScan(bent.points, bent.data, {
    adjacency: bent.adjacency,
    maxRegions: 13,
    replications: 99,
  })[0]!;
  expect(sorted(flexible.regions)).toEqual(sorted(bend));
  expect(flexible.pValue).toBe(0.01);
  expect(sorted(circularScan(bent.points, bent.data, { replications: 9 })[0]!.regions)).not.toEqual(sorted(bend));
});

test("the likelihood is that of the best circle among all, tried one by one", () => {
  const maps = fc.array(
    fc.record({
      x: fc.integer({ min: 0, max: 20 }),
      y: fc.integer({ min: 0, max: 20 }),
      cases: fc.integer({ min: 0, max: 9 }),
    }),
    {
      minLength: 4,
      maxLength: 15,
    },
  );
  fc.assert(
    fc.property(maps, (regions) => {
      const total = regions.reduce((sum, r) => sum + r.cases, 0);
      fc.pre(total > 0);
      let best = 0;
      for (const centre of regions) {
        for (const edge of regions) {
          const radius = Math.hypot(edge.x - centre.x, edge.y - centre.y);
          const inside = regions.filter((r) => Math.hypot(r.x - centre.x, r.y - centre.y) <= radius);
          const e = (total * inside.length) / regions.length;
          const c = inside.reduce((sum, r) => sum + r.cases, 0);
          if (e > total / 2 + 1e-9 || c <= e) continue;
          const rest = total - c;
          best = Math.max(best, c * Math.log(c / e) + (rest > 0 ? rest * Math.log(rest / (total - e)) : 0));
        }
      }
      const points = { x: regions.map((r) => r.x), y: regions.map((r) => r.y) };
      const data = { cases: regions.map((r) => r.cases), population: regions.map(() => 1) };
      const [first] = circularScan(points, data, { replications: 0 });
      expect(first?.llr ?? 0).toBeCloseTo(best, 8);
    }),
  );
});

test("what does not fit is refused", () => {
  const points = { x: [0, 1], y: [0, 1] };
  const bad = [
    () => circularScan(points, { cases: [1], population: [1] }),
    () => circularScan(points, { cases: [1, 0.5], population: [1, 1] }),
    () => circularScan(points, { cases: [1, 3], population: [1, 1], model: "binomial" }),
    () => circularScan(points, { cases: [1, 1], population: [1, 1] }, { maxShare: 2 }),
  ];
  for (const call of bad) {
    let code = "";
    try {
      call();
    } catch (error) {
      if (isGeopivotError(error)) code = error.code;
    }
    expect(["lengths-differ", "bad-value", "bad-spatial-option"]).toContain(code);
  }
});
