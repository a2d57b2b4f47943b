import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { circularScan } from "../../src/stats/scan/clusterScan.js";
import { csvColumns } from "../support/csvColumns.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

/** Share of significant maps and mean overlap of the most likely cluster (0 where none is significant), by scenario. */
function powers() {
  const { longitude, latitude, population } = csvColumns("detect/scan/ny_leukemia.csv");
  const truth = JSON.parse(readFileSync(sharedData("detect/scan/ny_power_truth.json"), "utf8")) as Record<
    string,
    number[]
  >;
  const lines = readFileSync(sharedData("detect/scan/ny_power_cases.csv"), "utf8").trim().split(/\r?\n/).slice(1);
  const sums = new Map<string, { maps: number; significant: number; overlap: number }>();
  for (const line of lines) {
    const [, scenario = "", rr, ...counts] = line.split(",");
    const points = { x: longitude!, y: latitude! };
    const [first] = circularScan(points, { cases: counts.map(Number), population: population! });
    const injected = new Set((truth[scenario] ?? []).map((id) => id - 1));
    const both = first!.regions.filter((r) => injected.has(r)).length;
    const sum = sums.get(`${scenario} ${rr}`) ?? { maps: 0, significant: 0, overlap: 0 };
    sum.maps++;
    if (first!.pValue <= 0.05) {
      sum.significant++;
      sum.overlap += both / (injected.size + first!.regions.length - both);
    }
    sums.set(`${scenario} ${rr}`, sum);
  }
  return (key: string) => {
    const { maps, significant, overlap } = sums.get(key)!;
    return { power: significant / maps, overlap: overlap / maps };
  };
}

describe.skipIf(!hasSharedData("detect/scan/ny_power_cases.csv"))("230 simulated maps", () => {
  test("circles keep their level, and find compact clusters at least as smerc does", () => {
    const of = powers();
    expect(of("null 1").power).toBeLessThanOrEqual(0.05);
    expect(of("A_rural8 2").power).toBeGreaterThanOrEqual(0.5);
    expect(of("B_urban12 2").power).toBeGreaterThanOrEqual(0.75);
    expect(of("A_rural8 3").power).toBe(1);
    expect(of("B_urban12 3").power).toBe(1);
    expect(of("A_rural8 3").overlap).toBeGreaterThanOrEqual(0.88);
    expect(of("B_urban12 3").overlap).toBeGreaterThanOrEqual(0.86);
  });
});
