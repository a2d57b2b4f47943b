import { expect, test } from "vitest";
import { testWeights, type WeighedTest } from "../../src/pivot/compare/testWeights.js";

const errors = (hits: number): WeighedTest => ({ measure: "error_rate", hits, trials: 1000 });

test("weights average 1, whatever is tested", () => {
  const traffic: WeighedTest = { measure: "traffic_share", hits: 5, trials: 10 };
  const clients: WeighedTest = { measure: "clients", hits: 5, trials: 10 };
  for (const tests of [[errors(3)], [traffic], [errors(3), errors(90), traffic, clients], [traffic, clients]]) {
    const weights = testWeights(tests);
    expect(weights.reduce((a, b) => a + b, 0) / tests.length).toBeCloseTo(1, 12);
  }
  expect(testWeights([])).toHaveLength(0);
});

test("of error rates, the one that stands out weighs the most, and no other less than half its share", () => {
  const weights = testWeights([errors(100), errors(150), errors(98), errors(102)]);
  expect([...weights].indexOf(Math.max(...weights))).toBe(1);
  for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0.5);
});
