import { expect, test } from "vitest";
import { designEffect } from "../../src/stats/designEffect.js";
import { fisherMidP } from "../../src/stats/fisherExact.js";
import { wilson } from "../../src/stats/wilson.js";

/** C(n, k) in floating point, exact for the small numbers used here. */
const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

test.each([
  [1, 10, 8, 12],
  [0, 5, 0, 9],
  [3, 3, 4, 4],
  [50, 60, 2, 40],
  [7, 20, 7, 20],
])("the tails of %i of %i against %i of %i are those of the hypergeometric distribution", (h1, n1, h2, n2) => {
  let greater = 0;
  const total = choose(n1 + n2, h1 + h2);
  for (let x = h2; x <= n2; x++) greater += ((x === h2 ? 0.5 : 1) * choose(n2, x) * choose(n1, h1 + h2 - x)) / total;
  expect(fisherMidP(h1, n1, h2, n2).greater).toBeCloseTo(greater, 10);
  expect(fisherMidP(h1, n1, h2, n2).less).toBeCloseTo(1 - greater, 10);
});

test("large counts agree with the normal approximation", () => {
  const z = (1200 - 1000) / Math.sqrt(2 * 1100 * (1 - 1100 / 100_000));
  expect(z).toBeCloseTo(4.2877, 3);
  // P(Z > 4.2877) = 9.03e-6
  expect(fisherMidP(1000, 100_000, 1200, 100_000).greater).toBeCloseTo(9.03e-6, 6);
});

test("a design effect is 1 for independent trials and the cluster size for clusters of one mind", () => {
  const alternating = Array.from({ length: 1000 }, (_, i) => i % 2);
  expect(
    designEffect(
      alternating,
      alternating.map(() => 1),
    ),
  ).toBeCloseTo(1, 2);
  expect(designEffect([10, 0, 10, 0, 10, 0], [10, 10, 10, 10, 10, 10])).toBeCloseTo((10 * 6) / 5, 10);
  expect(designEffect([0, 0], [5, 5])).toBeNaN();
  expect(designEffect([1], [5])).toBeNaN();
});

// Wilson's interval by Brown, Cai and DasGupta's formula for 0 of 10, 5 of 10: the published limits to four digits.
test.each([
  [0, 10, 0, 0.2775],
  [5, 10, 0.2366, 0.7634],
  [10, 10, 0.7225, 1],
])("wilson(%i, %i)", (hits, n, low, high) => {
  expect(wilson(hits, n)[0]).toBeCloseTo(low, 4);
  expect(wilson(hits, n)[1]).toBeCloseTo(high, 4);
});
