import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { LogBins, NO_BIN } from "../../src/stats/logBins.js";
import { SAMPLES } from "../support/samples.js";

const bins = new LogBins();
const QUANTILES = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

/** The smallest value with at least q of the values at or below it. */
function byRank(sorted: ArrayLike<number>, q: number): number {
  for (let i = 0; i < sorted.length; i++) if ((i + 1) / sorted.length >= q) return sorted[i]!;
  return sorted[sorted.length - 1]!;
}

test.each(SAMPLES)("every quantile of %s data is within 1%% of the value at its rank, merges included", (_, draw) => {
  for (const [seed, n] of [1, 2, 3, 10, 20, 100, 1000, 20_000].entries()) {
    const random = new Random(seed);
    const values = Float32Array.from({ length: n }, () => draw(random));
    const parts = [new Uint32Array(bins.count), new Uint32Array(bins.count), new Uint32Array(bins.count)];
    for (const value of values) parts[random.int(3)]![bins.binOf(value)]!++;
    const merged = parts[0]!.map((count, bin) => count + parts[1]![bin]! + parts[2]![bin]!);
    values.sort();
    for (const q of QUANTILES) {
      const truth = byRank(values, q);
      expect(Math.abs(bins.quantile(merged, q) - truth) / truth, `n ${n}, q ${q}`).toBeLessThanOrEqual(0.01);
    }
  }
});

test("bins tile the range, and every value of a bin is within the promise of the bin's value", () => {
  for (let bin = 1; bin < bins.count; bin++) {
    expect(bins.lower(bin)).toBe(bins.upper(bin - 1));
    expect(bins.binOf(bins.lower(bin))).toBe(bin);
    for (const edge of [bins.lower(bin), bins.upper(bin)])
      expect(Math.abs(bins.valueOf(bin) - edge) / edge).toBeLessThanOrEqual(bins.relativeError * (1 + 1e-12));
  }
  expect(bins.relativeError).toBeLessThan(0.01);
});

test.each([
  [0, 0],
  [-0, 0],
  [1e-9, 0],
  [2 ** -20, 1],
  [1e30, bins.count - 1],
  [Number.NaN, NO_BIN],
  [-1, NO_BIN],
  [Number.POSITIVE_INFINITY, NO_BIN],
])("%d falls into bin %d", (value, bin) => expect(bins.binOf(value)).toBe(bin));

test("a quantile asks for whole ranks", () => {
  const counts = new Uint32Array(bins.count);
  for (let value = 1; value <= 100; value++) counts[bins.binOf(value)]!++;
  // 0.07 × 100 is 7.000000000000001 in floating point; the seventh value is still enough.
  expect(bins.quantile(counts, 0.07)).toBeCloseTo(7, 0);
  expect(bins.binOf(bins.quantile(counts, 0.07))).toBe(bins.binOf(7));
  expect(bins.quantile(new Uint32Array(bins.count), 0.5)).toBeNaN();
  expect(bins.mean(counts)).toBeGreaterThan(50);
  expect(bins.mean(counts)).toBeLessThan(51);
});
