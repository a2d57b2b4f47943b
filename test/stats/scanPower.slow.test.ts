import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { circularScan } from "../../src/stats/scan/clusterScan.js";
import { connectedScan } from "../../src/stats/scan/connectedScan.js";
import type { ScanCluster } from "../../src/stats/scan/scanZones.js";
import { csvColumns } from "../support/csvColumns.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

interface Power {
  /** Share of maps whose most likely cluster has p <= 0.05. */
  readonly power: number;
  /** Mean Jaccard index of that cluster and the injected one, 0 where it is not significant. */
  readonly overlap: number;
}

const ids = Array.from({ length: 281 }, (_, i) => `c${i + 1}`);

/** How a scan does on the simulated maps, by scenario and relative risk. */
function powers(scan: (cases: number[]) => readonly ScanCluster[]): Record<string, Power> {
  const truth = JSON.parse(readFileSync(sharedData("detect/scan/ny_power_truth.json"), "utf8"));
  const lines = readFileSync(sharedData("detect/scan/ny_power_cases.csv"), "utf8").trim().split(/\r?\n/).slice(1);
  const maps = new Map<string, number[]>();
  for (const line of lines) {
    const [, scenario = "", rr, ...counts] = line.split(",");
    if (rr === "1.5") continue; // Too faint for any scan; nothing is claimed of them.
    expect(counts).toHaveLength(ids.length);
    const [first] = scan(counts.map(Number));
    const injected = new Set((truth[scenario] ?? []).map((id: number) => id - 1));
    const regions = first?.regions ?? [];
    const both = regions.filter((r) => injected.has(r)).length;
    const overlap = (first?.pValue ?? 1) <= 0.05 ? both / (injected.size + regions.length - both) : -1;
    const key = `${scenario} ${rr}`;
    maps.set(key, [...(maps.get(key) ?? []), overlap]);
  }
  return Object.fromEntries(
    [...maps].map(([key, overlaps]) => {
      const significant = overlaps.filter((v) => v >= 0);
      const sum = significant.reduce((a, b) => a + b, 0);
      return [key, { power: significant.length / overlaps.length, overlap: sum / overlaps.length }];
    }),
  );
}

describe.skipIf(!hasSharedData("detect/scan/ny_power_cases.csv"))("230 simulated maps", () => {
  let circles: Record<string, Power> = {};
  let connected: Record<string, Power> = {};

  beforeAll(() => {
    const { longitude, latitude, population } = csvColumns("detect/scan/ny_leukemia.csv");
    const { i, j } = csvColumns("detect/scan/ny_leukemia_adjacency.csv");
    const adjacency = ids.map((): number[] => []);
    for (const [row, from] of i!.entries()) adjacency[from - 1]!.push(j![row]! - 1);
    const points = { x: longitude!, y: latitude! };
    circles = powers((cases) => circularScan(points, { cases, population: population! }, { maxPValue: 0 }));
    connected = powers((cases) => connectedScan({ cases, population: population! }, { adjacency, maxPValue: 0 }));
    console.table({ circles, connected });
  }, 1_200_000);

  test("both scans keep their level", () => {
    expect(circles["null 1"]!.power).toBeLessThanOrEqual(0.05);
    expect(connected["null 1"]!.power).toBeLessThanOrEqual(0.05);
  });

  test("circles find compact clusters at least as smerc does", () => {
    expect(circles["A_rural8 2"]!.power).toBeGreaterThanOrEqual(0.5);
    expect(circles["B_urban12 2"]!.power).toBeGreaterThanOrEqual(0.75);
    expect(circles["A_rural8 3"]!.power).toBe(1);
    expect(circles["B_urban12 3"]!.power).toBe(1);
    expect(circles["A_rural8 3"]!.overlap).toBeGreaterThanOrEqual(0.88);
    expect(circles["B_urban12 3"]!.overlap).toBeGreaterThanOrEqual(0.86);
  });

  test("the connected scan outlines a chain, where circles reach 0.20", () => {
    expect(connected["C_chain10 3"]!.overlap).toBeGreaterThanOrEqual(0.45);
    expect(circles["C_chain10 3"]!.overlap).toBeLessThanOrEqual(0.25);
  });
});
