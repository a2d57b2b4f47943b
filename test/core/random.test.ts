import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";

test("the same seed gives the same numbers", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const a = new Random(seed);
      const b = new Random(seed);
      for (let i = 0; i < 20; i++) expect(a.uint32()).toBe(b.uint32());
    }),
  );
});

// Mean and variance of 40,000 deviates against the distribution's own; 5 standard errors leave a seed's chance below 1e-6.
test.each([
  ["normal", (r: Random) => r.normal(), 0, 1],
  ["exponential", (r: Random) => r.exponential(), 1, 1],
  ["gamma(0.4)", (r: Random) => r.gamma(0.4), 0.4, 0.4],
  ["gamma(7)", (r: Random) => r.gamma(7), 7, 7],
  ["poisson(0.3)", (r: Random) => r.poisson(0.3), 0.3, 0.3],
  ["poisson(12)", (r: Random) => r.poisson(12), 12, 12],
  ["poisson(900)", (r: Random) => r.poisson(900), 900, 900],
  ["binomial(20, 0.3)", (r: Random) => r.binomial(20, 0.3), 6, 4.2],
  ["binomial(5000, 0.02)", (r: Random) => r.binomial(5000, 0.02), 100, 98],
] as const)("%s has the mean and the variance of its distribution", (_, draw, mean, variance) => {
  const random = new Random(7);
  const n = 40_000;
  const values = Array.from({ length: n }, () => draw(random));
  const average = values.reduce((a, b) => a + b) / n;
  const spread = values.reduce((a, b) => a + (b - average) ** 2, 0) / (n - 1);
  expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
  expect(Math.abs(spread / variance - 1)).toBeLessThan(0.1);
});
