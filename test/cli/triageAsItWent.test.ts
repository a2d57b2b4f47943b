import { expect, test } from "vitest";
import { triageAsItWent } from "../../src/cli/triageAsItWent.js";
import { triageFindings } from "../../src/cli/triageFindings.js";
import type { Policy } from "../../src/triage/policy/policy.js";
import { findingOf, MINUTE, NOON_MS } from "../triage/findings.js";

const at = (minute: number): number => NOON_MS + minute * MINUTE;
const policy: Policy = {
  grouping: { storm: 0 },
  escalations: [{ after: "30m", receivers: ["boss"] }],
  defaultReceivers: ["oncall"],
};
const version = { version: "4.3.0" };
const findings = [
  findingOf({ id: "de", title: "Germany", dimensions: version, from: 0, to: 90, detectedAtMs: at(5) }),
  findingOf({
    id: "jp",
    title: "Japan",
    country: "JP",
    dimensions: version,
    from: 14,
    to: 80,
    detectedAtMs: at(20),
    severity: "critical",
  }),
];

test("histories of what is over say what could be said at the time, to whom", () => {
  const [alert, ...others] = triageAsItWent(findings, at(600), policy).alerts;
  expect(others).toEqual([]);
  expect(
    alert!.history.map(({ atMs, change, severity, region, receivers }) => [
      (atMs - NOON_MS) / MINUTE,
      `${change} as ${severity}: ${region} → ${receivers.join("+")}`,
    ]),
  ).toEqual([
    [5, "opened as high: Germany → oncall"],
    [20, expect.stringMatching(/^grown as critical: 2 regions .* → oncall$/)],
    [30, expect.stringMatching(/^grown as critical: 2 regions .* → oncall\+boss$/)],
    [90, expect.stringMatching(/^resolved as critical: 2 regions .* → oncall\+boss$/)],
  ]);
});

test("what was over long before the end is an incident all the same, and told once", () => {
  const apart = [findings[0]!, findingOf({ id: "fr", country: "FR", title: "France", from: 2000, to: 2060 })];
  const { alerts } = triageAsItWent(apart, at(9000), policy);
  expect(alerts.map(({ title, status }) => [title, status])).toEqual([
    ["Germany", "resolved"],
    ["France", "resolved"],
  ]);
});

test("all else is what triage says at the end", () => {
  const without = ({ alerts }: ReturnType<typeof triageFindings>) =>
    alerts.map(({ history: _, change: __, ...alert }) => alert);
  const end = triageFindings(findings, at(600), policy);
  expect(without(triageAsItWent(findings, at(600), policy))).toEqual(without(end));
});

test("what would take too many moments is told from its end", () => {
  const many = Array.from({ length: 600 }, (_, i) => findingOf({ id: `f${i}`, city: `City ${i}`, from: i, to: i + 2 }));
  const [one] = triageAsItWent(many, at(900), policy).alerts;
  expect(one!.history.map(({ change }) => change)).toEqual(["opened", "resolved"]);
});
