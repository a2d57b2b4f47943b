import { expect, test } from "vitest";
import { mostAlarms, quietAlarms } from "../support/quietAlarms.js";

// Bursts, sessions, retries, clients that are unlike each other: 300 pairs, of which 5% may raise an alarm.
const common = { canary: 0, options: {}, errorRate: 0.05, uneven: true };

test.each([
  ["windows", { ...common, countries: 25, requests: 150, clients: 60, hours: 24 }],
  [
    "hours of the week",
    { ...common, countries: 20, requests: 150, clients: 60, hours: 24, options: { align: "weekday-hour" } },
  ],
  ["a canary and the rest", { ...common, countries: 20, requests: 300, clients: 80, hours: 12, canary: 0.3 }],
] as const)("quiet pairs of %s keep the promised share of false alarms", (_, plan) => {
  const { alarms } = quietAlarms(plan, 300);
  expect(alarms).toBeLessThanOrEqual(mostAlarms(300, 0.05));
});

test("at other rates, too", () => {
  const plan = { ...common, countries: 15, requests: 100, clients: 40, hours: 6, options: { falseDiscoveryRate: 0.2 } };
  const { alarms } = quietAlarms(plan, 200);
  expect(alarms).toBeLessThanOrEqual(mostAlarms(200, 0.2));
  // A test that never tells anything would keep any promise.
  expect(alarms).toBeGreaterThan(4);
});
