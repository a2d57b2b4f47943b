import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { medianLine, weightedMedian } from "../../src/stats/medianLine.js";

test("a line is found exactly, and with a quarter of the points anywhere", () => {
  const x = Array.from({ length: 40 }, (_, i) => i * 100);
  const exact = x.map((v) => 20 + 0.02 * v);
  const one = x.map(() => 1);
  const line = medianLine(x, exact, one)!;
  expect(line.slope).toBeCloseTo(0.02, 12);
  expect(line.intercept).toBeCloseTo(20, 9);
  const bent = exact.map((v, i) => (i % 4 === 3 ? v + 400 : v));
  expect(medianLine(x, bent, one)!.slope).toBeCloseTo(0.02, 3);
  expect(medianLine(x, bent, one)!.intercept).toBeCloseTo(20, 0);
});

// By hand: the slopes of the six pairs are 1, 1, 3, 1, 4, 7, at distances of 1, 2, 3, 1, 2, 1.
test("pairs weigh as much as they are apart", () => {
  expect(medianLine([0, 1, 2, 3], [0, 1, 2, 9], [1, 1, 1, 1])!.slope).toBe(3);
});

test("thousands of points are taken together without losing the line", () => {
  const random = new Random(1);
  const x = Array.from({ length: 5000 }, () => random.next() ** 2 * 12_000);
  const y = x.map((v) => 30 + 0.015 * v + 4 * random.normal() + (random.next() < 0.15 ? 300 : 0));
  const line = medianLine(
    x,
    y,
    x.map(() => 1 + random.int(9)),
  )!;
  expect(Math.abs(line.slope - 0.015)).toBeLessThan(0.0006);
  expect(Math.abs(line.intercept - 30)).toBeLessThan(3);
});

test("no line through one x, and no weight is no point", () => {
  expect(medianLine([5, 5], [1, 2], [1, 1])).toBeUndefined();
  expect(medianLine([1, 2], [1, 2], [1, 0])).toBeUndefined();
  expect(weightedMedian([3, 1, 2], [1, 1, 5])).toBe(2);
});
