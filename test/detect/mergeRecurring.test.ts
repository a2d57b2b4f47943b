import { expect, test } from "vitest";
import type { Finding } from "../../src/detect/finding.js";
import { mergeRecurring } from "../../src/detect/mergeRecurring.js";

const HOUR = 3_600_000;
const finding = (hours: number, more: Partial<Finding> = {}): Finding => ({
  id: `f${hours}`,
  kind: "regional-outage",
  subtype: "errors",
  severity: "medium",
  confidence: 0.99,
  startMs: hours * HOUR,
  endMs: (hours + 0.2) * HOUR,
  detectedAtMs: (hours + 0.1) * HOUR,
  title: "3% of requests from the whole world fail",
  region: { name: "the whole world", countries: [], subdivisions: [], cities: [], cells: [], centroid: null },
  dimensions: {},
  measure: "errors",
  observed: 10,
  expected: 1,
  clients: 9,
  users: [],
  ips: [],
  cause: [],
  ...more,
});

test("deploys every six hours are one finding", () => {
  const deploys = [2, 8, 14.1, 20, 32].map((h) => finding(h, h === 14.1 ? { severity: "high", observed: 30 } : {}));
  const merged = mergeRecurring(deploys);
  expect(merged).toHaveLength(1);
  expect(merged[0]).toMatchObject({ startMs: 2 * HOUR, endMs: 32.2 * HOUR, severity: "high", observed: 30 });
  expect(merged[0]!.title).toMatch(/, recurring, 5 times$/);
});

test("three outages at no regular times, two outages, and other places stay apart", () => {
  expect(mergeRecurring([2, 9, 31].map((h) => finding(h)))).toHaveLength(3);
  expect(mergeRecurring([2, 8].map((h) => finding(h)))).toHaveLength(2);
  const region = { ...finding(0).region, name: "Germany" };
  expect(mergeRecurring([finding(2), finding(8), finding(14, { region })])).toHaveLength(3);
});

test("a scraper that comes back is the same one, and another is not", () => {
  const scraper = (hours: number, ip: string) =>
    finding(hours, { kind: "suspicious-traffic", subtype: "scraper", ips: [ip] });
  const merged = mergeRecurring([scraper(1, "203.0.113.7"), scraper(25.3, "203.0.113.7"), scraper(30, "203.0.113.8")]);
  expect(merged.map((f) => f.startMs / HOUR)).toEqual([1, 30]);
});
