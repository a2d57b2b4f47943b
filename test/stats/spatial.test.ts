import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { getisOrd } from "../../src/stats/spatial/getisOrd.js";
import { localMoran } from "../../src/stats/spatial/localMoran.js";
import { moran } from "../../src/stats/spatial/moran.js";
import { spatialWeights } from "../../src/stats/spatial/spatialWeights.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

/** Columbus crime of spData, with what R's spdep makes of it: moran.test, localmoran, localG, p.adjust. */
function columbus() {
  const rows = (name: string): string[][] =>
    readFileSync(sharedData(`detect/lisa/${name}`), "utf8")
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(","));
  const values = rows("columbus.csv").map((row) => Number(row[3]));
  const adjacency: number[][] = values.map(() => []);
  for (const [i, j] of rows("columbus_nb.csv")) adjacency[Number(i) - 1]!.push(Number(j) - 1);
  const expected = JSON.parse(readFileSync(sharedData("detect/lisa/columbus_expected_spdep.json"), "utf8"));
  return { values, adjacency, expected };
}

function expectAll(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-8);
  });
}

test.skipIf(!hasSharedData("detect/lisa/columbus.csv"))("Columbus: everything as spdep says, within 1e-8", () => {
  const { values, adjacency, expected } = columbus();
  const weights = spatialWeights(adjacency);
  const shuffled = moran(values, weights);
  const normal = moran(values, weights, { assumption: "normality" });
  const m = expected.columbus_moran;
  expectAll(
    [shuffled.i, shuffled.expected, shuffled.variance, shuffled.z, shuffled.pValue],
    [m.I, m.E, m.V_rand, m.z, m.p],
  );
  const { V, z, p } = expected.columbus_moran_norm;
  expectAll([normal.variance, normal.z, normal.pValue], [V, z, p]);
  const local = localMoran(values, weights);
  expectAll(local.i, expected.columbus_localmoran_Ii);
  expectAll(local.z, expected.columbus_localmoran_Z_cond);
  expectAll(local.pValue, expected.columbus_localmoran_p_cond);
  expectAll(local.adjusted, expected.columbus_localmoran_p_BH);
  expectAll(localMoran(values, weights, { randomization: "total" }).z, expected.columbus_localmoran_Z_uncond);
  expectAll(getisOrd(values, adjacency).z, expected.columbus_Gistar_B);
  expectAll(getisOrd(values, adjacency, { star: false }).z, expected.columbus_Gi_B);
});

/** A ring of regions, each next to two. */
const ring = (n: number): number[][] => Array.from({ length: n }, (_, i) => [(i + n - 1) % n, (i + 1) % n]);

test("a checkerboard is the opposite of a cluster", () => {
  const n = 40;
  const alternating = Array.from({ length: n }, (_, i) => i % 2);
  const halves = Array.from({ length: n }, (_, i) => (i < n / 2 ? 1 : 0));
  expect(moran(alternating, spatialWeights(ring(n))).i).toBeCloseTo(-1, 10);
  expect(moran(halves, spatialWeights(ring(n))).i).toBeGreaterThan(0.8);
  expect(moran(halves, spatialWeights(ring(n))).pValue).toBeLessThan(1e-6);
});

test("the local values of Moran's I add up to the global one", () => {
  const data = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 8, maxLength: 60 });
  fc.assert(
    fc.property(data, (values) => {
      fc.pre(new Set(values).size > 3 && Math.max(...values) - Math.min(...values) > 1e-3);
      const weights = spatialWeights(ring(values.length));
      const sum = localMoran(values, weights).i.reduce((a, b) => a + b, 0);
      expect(sum / values.length).toBeCloseTo(moran(values, weights).i, 8);
    }),
  );
});

test("one hot neighbourhood is found, and no other, after adjustment", () => {
  const n = 200;
  const values = Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898) + (i >= 50 && i < 54 ? 20 : 0));
  const wide = Array.from({ length: n }, (_, i) => [-2, -1, 1, 2].map((d) => (i + d + n) % n));
  const { adjusted, z } = getisOrd(values, wide);
  const hot = [...adjusted.keys()].filter((i) => adjusted[i]! <= 0.01);
  expect(hot.every((i) => i >= 48 && i < 56 && z[i]! > 0)).toBe(true);
  expect(hot).toEqual(expect.arrayContaining([50, 51, 52, 53]));
});

test("what is not a number is refused", () => {
  const weights = spatialWeights(ring(5));
  for (const bad of [
    () => moran([1, 2, 3], weights),
    () => moran([1, 2, Number.NaN, 4, 5], weights),
    () => spatialWeights([[7]]),
  ]) {
    let code = "";
    try {
      bad();
    } catch (error) {
      if (isGeopivotError(error)) code = error.code;
    }
    expect(["lengths-differ", "bad-value"]).toContain(code);
  }
});

/** spdep's moran.test (zero.policy = TRUE, adjust.n = TRUE, randomisation), written out on a dense matrix. */
function plainMoran(x: readonly number[], w: readonly (readonly number[])[]) {
  const count = x.length;
  const n = count - w.filter((row) => row.every((v) => v === 0)).length;
  const mean = x.reduce((a, b) => a + b, 0) / count;
  const z = x.map((v) => v - mean);
  const total = (of: (i: number, j: number) => number): number =>
    x.reduce((sum, _, i) => sum + x.reduce((inner, __, j) => inner + of(i, j), 0), 0);
  const s0 = total((i, j) => w[i]![j]!);
  const s1 = total((i, j) => (w[i]![j]! + w[j]![i]!) ** 2) / 2;
  const s2 = x.reduce((sum, _, i) => sum + x.reduce((inner, __, j) => inner + w[i]![j]! + w[j]![i]!, 0) ** 2, 0);
  const zz = z.reduce((sum, v) => sum + v * v, 0);
  const k = (count * z.reduce((sum, v) => sum + v ** 4, 0)) / (zz * zz);
  const i = ((n / s0) * total((a, b) => w[a]![b]! * z[a]! * z[b]!)) / zz;
  const expected = -1 / (n - 1);
  const first = n * (s1 * (n * n - 3 * n + 3) - n * s2 + 3 * s0 * s0);
  const second = k * (s1 * (n * n - n) - 2 * n * s2 + 6 * s0 * s0);
  const variance = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - expected * expected;
  return { i, expected, variance };
}

test("Moran's I with islands left out of the number of regions, as spdep adjusts it", () => {
  const adjacency = [[1, 2], [0, 2], [0, 1, 3], [2, 4], [3], [], [7], [6], []];
  const values = [3, 4, 4.5, 7, 9, 1, 2, 2.5, 30];
  const weights = spatialWeights(adjacency);
  const dense = adjacency.map((near) => values.map((_, j) => (near.includes(j) ? 1 / near.length : 0)));
  const { i, expected, variance } = moran(values, weights, { adjustIslands: true });
  const plain = plainMoran(values, dense);
  expect([i, expected, variance]).toEqual([plain.i, plain.expected, plain.variance].map((v) => expect.closeTo(v, 12)));
  expect(expected).toBe(-1 / 6);
  expect(moran(values, weights).expected).toBe(-1 / 8);
});
