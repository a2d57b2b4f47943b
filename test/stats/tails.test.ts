import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { benjaminiHochberg } from "../../src/stats/benjaminiHochberg.js";
import {
  countQuantile,
  logBinomialLowerTail,
  logBinomialUpperTail,
  logCountLowerTail,
  logCountUpperTail,
  logPoissonLowerTail,
  logPoissonUpperTail,
} from "../../src/stats/countTails.js";
import { logGamma } from "../../src/stats/logGamma.js";
import { logNormalUpperTail, normalLowerTail, normalQuantile } from "../../src/stats/normal.js";

describe("tails agree with scipy 1.17 however far out", () => {
  // scipy.stats.poisson.logcdf(k, m)
  test.each([
    [0, 4, -4],
    [3, 10, -4.572117429097319],
    [36, 210, -113.03694345349747],
    [500, 480, -0.1917119920142588],
  ])("Poisson, at most %i of %f", (k, m, log) => expect(logPoissonLowerTail(k, m)).toBeCloseTo(log, 9));

  // scipy.stats.poisson.logsf(k - 1, m)
  test.each([
    [5, 0.3, -11.05644786759145],
    [20, 1.5, -35.65247160207988],
    [300, 210, -19.593813204366093],
  ])("Poisson, at least %i of %f", (k, m, log) => expect(logPoissonUpperTail(k, m)).toBeCloseTo(log, 9));

  // scipy.stats.nbinom.logcdf(k, r, r / (r + m)) with r = m * m / (v - m)
  test.each([
    [36, 210, 420, -70.55014335261578],
    [0, 12, 30, -7.33032585499324],
    [100, 90, 200, -0.2525491781949507],
  ])("negative binomial, at most %i of %f", (k, m, v, log) => expect(logCountLowerTail(k, m, v)).toBeCloseTo(log, 8));

  // scipy.stats.nbinom.logsf(k - 1, r, r / (r + m))
  test.each([
    [400, 210, 420, -33.115180169183624],
    [40, 12, 30, -8.610998890771741],
  ])("negative binomial, at least %i of %f", (k, m, v, log) => expect(logCountUpperTail(k, m, v)).toBeCloseTo(log, 8));

  // scipy.stats.binom.logsf(k - 1, n, p) and logcdf(k, n, p)
  test("binomial", () => {
    expect(logBinomialUpperTail(12, 100, 0.02)).toBeCloseTo(-13.987482936162706, 9);
    expect(logBinomialUpperTail(300, 1000, 0.25)).toBeCloseTo(-8.549766374303795, 9);
    expect(logBinomialLowerTail(2, 100, 0.2)).toBeCloseTo(-16.499105822675183, 9);
    expect(logBinomialLowerTail(190, 1000, 0.25)).toBeCloseTo(-12.4520326614779, 9);
  });

  // scipy.stats.norm.logsf(z)
  test.each([
    [1, -1.84102165],
    [6, -20.7367689],
    [30, -454.321244],
    [-2, -0.0230129093],
  ])("normal beyond %f", (z, log) => expect(logNormalUpperTail(z) / log).toBeCloseTo(1, 8));
});

test("a normal quantile is where its tail is", () => {
  expect(normalQuantile(1e-12)).toBeCloseTo(-7.03448383, 8);
  expect(normalQuantile(0.975)).toBeCloseTo(1.95996398454, 10);
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      expect(normalLowerTail(normalQuantile(p))).toBeCloseTo(p, 12);
    }),
  );
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(1.1)]).toEqual([-Infinity, Infinity, Number.NaN]);
});

test("the gamma function is the factorial", () => {
  let log = 0;
  for (let n = 1; n < 100; n++) {
    expect(logGamma(n)).toBeCloseTo(log, 9);
    log += Math.log(n);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
});

test("both tails of a count cover everything, their common value twice", () => {
  const counts = fc.record({
    count: fc.integer({ min: 0, max: 400 }),
    mean: fc.double({ min: 0.01, max: 300, noNaN: true }),
    excess: fc.double({ min: 0, max: 500, noNaN: true }),
  });
  fc.assert(
    fc.property(counts, ({ count, mean, excess }) => {
      const lower = Math.exp(logCountLowerTail(count, mean, mean + excess));
      const above = Math.exp(logCountUpperTail(count + 1, mean, mean + excess));
      expect(lower + above).toBeCloseTo(1, 8);
    }),
  );
});

test("a quantile is the first count that reaches it", () => {
  const cases = fc.record({
    p: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    mean: fc.double({ min: 0.1, max: 200, noNaN: true }),
    excess: fc.double({ min: 0, max: 300, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ p, mean, excess }) => {
      const q = countQuantile(p, mean, mean + excess);
      expect(Math.exp(logCountLowerTail(q, mean, mean + excess))).toBeGreaterThanOrEqual(p * (1 - 1e-9));
      if (q > 0) expect(Math.exp(logCountLowerTail(q - 1, mean, mean + excess))).toBeLessThan(p);
    }),
  );
});

// R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05, 0.9), "BH"), and with n = 10
test("Benjamini-Hochberg agrees with R's p.adjust", () => {
  const p = [0.01, 0.02, 0.03, 0.04, 0.05, 0.9];
  expect([...benjaminiHochberg(p)].map((v) => +v.toFixed(10))).toEqual([0.06, 0.06, 0.06, 0.06, 0.06, 0.9]);
  expect(benjaminiHochberg([0.001, 0.5, Number.NaN, 0.2])[2]).toBeNaN();
  expect([...benjaminiHochberg([0.001, 0.5, 0.2])].map((v) => +v.toFixed(10))).toEqual([0.003, 0.5, 0.3]);
});
