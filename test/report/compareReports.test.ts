import { expect, test } from "vitest";
import type { Comparison, RegionChange } from "../../src/pivot/compare/comparison.js";
import { compareMarkdown, verdict } from "../../src/report/payloads/compareMarkdown.js";
import { compareJunit } from "../../src/report/payloads/junit.js";

const worse: RegionChange = {
  region: { country: "BR" },
  measure: "error_rate",
  before: 0.1,
  after: 0.2,
  interval: [0.05, 0.15],
  requestsBefore: 500,
  requestsAfter: 510,
  pValue: 1e-5,
  qValue: 2e-4,
  significant: true,
  direction: "worse",
  severity: "high",
  contribution: 0.001,
};
const still: RegionChange = {
  ...worse,
  region: { country: "DE" },
  after: 0.1,
  significant: false,
  severity: "info",
  qValue: 1,
};
const comparison: Comparison = {
  before: { label: "4.2.0", fromMs: 0, toMs: 60_000, requests: 1000, errors: 100, clients: 50 },
  after: { label: "4.3.0", fromMs: 0, toMs: 60_000, requests: 1010, errors: 150, clients: 50 },
  by: ["country"],
  quantile: 0.95,
  falseDiscoveryRate: 0.05,
  changes: [worse, still],
  regressions: [worse],
  movers: [worse],
};
const failed = (change: RegionChange): boolean => change.significant;

test("Markdown says first what is worse, and where", () => {
  const text = compareMarkdown(comparison);
  expect(text.split("\n")[0]).toBe("## Worse in BR: 4.2.0 → 4.3.0");
  expect(text).toContain("| high | BR | error rate | 10.0% → 20.0% | 500 → 510 | 2.0e-4 |");
  expect(text).toContain("| BR | 10.0% → 20.0% | +0.10 |");
  expect(verdict({ ...comparison, regressions: [] })).toBe("No region is worse: 4.2.0 → 4.3.0");
});

test("JUnit XML has a case a test and a failure a regression", () => {
  const xml = compareJunit(comparison, failed);
  expect(xml).toContain('<testsuites name="geopivot compare" tests="2" failures="1" errors="0" skipped="0">');
  expect(xml).toContain(
    '<testcase classname="error rate" name="BR"><failure type="high" message="error rate 10.0% → 20.0%',
  );
  expect(xml).toContain('<testcase classname="error rate" name="DE"/>');
});

test("names out of logs cannot act in Markdown or XML", () => {
  const hostile = '<img src=x>|[a](b)\n# "x" & \u0000';
  const bad = {
    ...comparison,
    regressions: [{ ...worse, region: { service: hostile } }],
    changes: [{ ...worse, region: { service: hostile } }],
  };
  expect(compareMarkdown(bad)).not.toMatch(/<img|\]\(b\)|\n# /);
  const xml = compareJunit(bad, failed);
  expect(xml.includes("<img") || xml.includes("\u0000")).toBe(false);
  expect(xml).toContain("&lt;img src=x&gt;|[a](b)");
});
