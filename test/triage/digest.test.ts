import { expect, test } from "vitest";
import type { Finding } from "../../src/detect/finding.js";
import type { Alert } from "../../src/triage/alert.js";
import { parseTriageState } from "../../src/triage/parseTriageState.js";
import type { Policy } from "../../src/triage/policy/policy.js";
import { type Triage, triage } from "../../src/triage/triage.js";
import { findingOf, HOUR, MINUTE, NOON_MS } from "./findings.js";

const policy: Policy = {
  budget: { alertsPerHour: 1, digestReceivers: ["tickets"] },
  defaultReceivers: ["oncall"],
  grouping: { storm: 0 },
};
const COUNTRIES = ["DE", "JP", "BR", "AU", "ZA", "IN", "MX", "KR", "FR"];

/** An outage in each of so many countries, five minutes after another, of so many minutes each. */
const outages = (count: number, minutes: number) =>
  COUNTRIES.slice(0, count).map((country, i) =>
    findingOf({ id: country, country, from: 5 * i, to: 5 * i + minutes, title: country, detectedAtMs: at(5 * i + 1) }),
  );

const at = (minute: number): number => NOON_MS + minute * MINUTE;

/** Plays findings to triage a minute, or several, at a time, through a state that is JSON each time. */
function play(findings: readonly Finding[], minutes: number, step = 1): Triage[] {
  let state: Triage["state"] | null = null;
  return Array.from({ length: minutes / step }, (_, i) => {
    const nowMs = at(i * step);
    const known = findings
      .filter(({ detectedAtMs }) => detectedAtMs <= nowMs)
      .map((one) => (one.endMs !== null && one.endMs > nowMs ? { ...one, endMs: null } : one));
    const told = triage(known, policy, state, { nowMs });
    state = parseTriageState(JSON.stringify(told.state));
    return told;
  });
}

const news = (calls: readonly Triage[]): [minute: number, alert: Alert][] =>
  calls.flatMap(({ digestAlert }, minute): [number, Alert][] =>
    digestAlert === null || digestAlert.change === "unchanged" ? [] : [[minute, digestAlert]],
  );

test("the digest is one alert under one key: opened, told again when it has doubled, resolved after an hour of quiet", () => {
  const calls = play(outages(9, 20), 180);
  const told = news(calls);
  expect(told.map(([minute, { change, observed }]) => [minute, change, observed])).toEqual([
    [6, "opened", 1],
    [21, "grown", 4],
    [41, "grown", 8],
    [120, "resolved", 8],
  ]);
  expect(new Set(told.map(([, { key }]) => key))).toEqual(new Set(["digest/over-the-budget"]));
  const end = told.at(-1)![1];
  expect(end).toMatchObject({
    status: "resolved",
    receivers: ["tickets"],
    endMs: at(60),
    resolution: "Lasted 55 min; 8 incidents",
  });
  expect(end.history.map(({ change }) => change)).toEqual(["opened", "grown", "grown", "resolved"]);
});

test("what is in the digest is in no other list, and its alert names it", () => {
  const { alerts, digest, digestAlert, suppressed } = play(outages(4, 60), 30).at(-1)!;
  expect(alerts.map(({ title }) => title)).toEqual(["DE"]);
  expect(suppressed).toEqual([]);
  expect(digestAlert!.findings).toEqual(digest.flatMap(({ findings }) => findings));
  expect(digestAlert!.digest).toEqual(digest);
  expect(digestAlert!.title).toBe("3 more incidents, over the budget of 1 alerts an hour");
});

test("short ones that come again and again are one digest that does not come and go", () => {
  const findings = Array.from({ length: 60 }, (_, i) =>
    findingOf({
      id: `f${i}`,
      country: COUNTRIES[i % 9]!,
      city: `City ${i}`,
      from: 3 * i,
      to: 3 * i + 2,
      detectedAtMs: at(3 * i + 1),
    }),
  );
  const told = news(play(findings, 300, 3)).map(([, { change }]) => change);
  expect(told.filter((change) => change === "opened")).toHaveLength(1);
  expect(told.at(-1)).toBe("resolved");
  expect(told.length).toBeLessThanOrEqual(8);
});

test("a second digest after the first is news, and does not tell the first again", () => {
  const findings = [
    ...outages(3, 10),
    ...outages(3, 10).map((one, i) =>
      findingOf({
        ...one,
        id: `again ${i}`,
        city: "Other",
        startMs: one.startMs + 4 * HOUR,
        endMs: one.endMs! + 4 * HOUR,
        detectedAtMs: one.detectedAtMs + 4 * HOUR,
        country: COUNTRIES[i]!,
      }),
    ),
  ];
  const told = news(play(findings, 400, 4));
  expect(told.map(([, { change, observed }]) => [change, observed])).toEqual([
    ["opened", 1],
    ["grown", 2],
    ["resolved", 2],
    ["opened", 1],
    ["grown", 2],
    ["resolved", 2],
  ]);
});

test("in one call over a whole log it is over, told with what it was", () => {
  const { digestAlert } = triage(outages(5, 20), policy, null, { nowMs: at(600) });
  expect(digestAlert).toMatchObject({
    status: "resolved",
    change: "resolved",
    observed: 4,
    startMs: at(5),
    endMs: at(40),
  });
  expect(digestAlert!.history.map(({ change, atMs }) => [change, atMs])).toEqual([
    ["opened", at(6)],
    ["resolved", at(600)],
  ]);
});

test("there is none without a budget, within it, or where the policy wants none", () => {
  const many = outages(5, 60);
  for (const budget of [undefined, { alertsPerHour: 99 }, { alertsPerHour: 1, digest: false }]) {
    const { digestAlert, state } = triage(many, { grouping: { storm: 0 }, ...(budget && { budget }) });
    expect([digestAlert, state.digest]).toEqual([null, null]);
  }
});

test("a digest that is emptied, as what was in it is told by itself or taken back, is told over", () => {
  const [first, second] = outages(2, 60);
  const before = triage([first!, { ...second!, endMs: null }], policy, null, { nowMs: at(20) });
  expect(before.digestAlert!.change).toBe("opened");
  const feedback = { [second!.id]: false };
  const after = triage([first!, { ...second!, endMs: null }], policy, before.state, { nowMs: at(21), feedback });
  expect(after.digestAlert).toMatchObject({ status: "resolved", change: "resolved", endMs: at(21) });
  const later = triage([first!, { ...second!, endMs: null }], policy, after.state, { nowMs: at(22) });
  expect(later.digestAlert).toBeNull();
});
