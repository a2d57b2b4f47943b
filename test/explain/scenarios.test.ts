import { describe, expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { explain } from "../../src/explain/explain.js";
import { EXPLAIN_DIMENSIONS, explainTraffic, type Scenario } from "../support/explainTraffic.js";

const isThorough = Boolean(process.env.GEOPIVOT_THOROUGH);
const PLACES = ["continent", "country", "region", "city"];

function explained(scenario: Scenario, seed: number) {
  const made = explainTraffic(scenario, seed);
  const cube = Cube.from(made.events, { bucketSeconds: 600, dimensions: EXPLAIN_DIMENSIONS });
  const dimensions = [...PLACES, ...EXPLAIN_DIMENSIONS];
  return { ...made, why: explain(cube, { ...made.window, measure: made.measure, dimensions }) };
}

/** A slice without the places that its own place lies in. */
function bare({ country, region, ...slice }: Readonly<Record<string, string>>): Record<string, string> {
  if ("city" in slice) return slice;
  return { ...slice, ...(region !== undefined ? { region } : country !== undefined ? { country } : {}) };
}

describe("traffic of visits, errors in bursts, a few busy clients", () => {
  // The issue of rare events: parts of a slice are told apart by what two or three of them in the reference say.
  test.each(["version-in-country", "pop-for-service"] as const)(
    "%s is the first cause named, mostly",
    (scenario) => {
      const seeds = isThorough ? 20 : 2;
      const right = range(seeds).filter((i) => {
        const { why, truth } = explained(scenario, i === 1 && !isThorough ? 2 : i);
        return why.causes[0] !== undefined && same(bare(why.causes[0].slice), truth[0]!);
      });
      expect(right.length / seeds).toBeGreaterThanOrEqual(0.75);
    },
    600_000,
  );

  test("a quiet comparison explains nothing, but for one in twenty", () => {
    const seeds = isThorough ? 200 : 3;
    const told = range(seeds).filter((seed) => explained("none", seed).why.verdict !== "none");
    expect(told.length / seeds).toBeLessThanOrEqual(0.05);
  }, 1_800_000);

  test("one client's 1,040 errors are one client", () => {
    const { why, address } = explained("client", 0);
    expect(why.causes[0]?.client).toBe(address);
  }, 120_000);
});

const same = (a: object, b: object): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
