import { expect, test } from "vitest";
import { explainedByAttack } from "../../src/detect/explainedByAttack.js";
import type { Finding } from "../../src/detect/finding.js";
import { findingExample } from "../report/findingExample.js";

const HOUR = 3_600_000;
const of = (subtype: string, from: number, to: number | null, countries: string[], observed: number): Finding => ({
  ...findingExample(),
  subtype,
  startMs: from * HOUR,
  endMs: to === null ? null : to * HOUR,
  region: { ...findingExample().region, countries },
  observed,
  expected: 10,
});
const refused = of("refused", 10, 12, ["VN"], 700);

test("refusals that an attack accounts for are the attack's", () => {
  expect(explainedByAttack(refused, [of("credential-stuffing", 10, 11, ["VN"], 650)])).toBe(true);
  expect(explainedByAttack(refused, [of("scraper", 9, null, ["US", "VN"], 5000)])).toBe(true);
});

test("refusals elsewhere, at another time, of many more requests, or beside no attack are an outage", () => {
  expect(explainedByAttack(refused, [])).toBe(false);
  expect(explainedByAttack(refused, [of("credential-stuffing", 10, 11, ["BR"], 650)])).toBe(false);
  expect(explainedByAttack(refused, [of("credential-stuffing", 8, 10, ["VN"], 650)])).toBe(false);
  expect(explainedByAttack(refused, [of("credential-stuffing", 10, 11, ["VN"], 300)])).toBe(false);
  expect(explainedByAttack(refused, [of("impossible-travel", 10, 11, ["VN"], 90_000)])).toBe(false);
});

test("failures are never a service's answer to an attack", () => {
  expect(explainedByAttack({ ...refused, subtype: "errors" }, [of("traffic-surge", 10, 11, ["VN"], 5000)])).toBe(false);
});
