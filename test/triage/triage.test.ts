import { expect, test } from "vitest";
import { type Triage, triage } from "../../src/triage/triage.js";
import { findingOf, HOUR, MINUTE, NOON_MS } from "./findings.js";

const changes = ({ alerts }: Triage): string[] => alerts.map(({ change, title }) => `${change}: ${title}`);
const stored = ({ state }: Triage): Triage["state"] => JSON.parse(JSON.stringify(state));

test("an incident is told opened, grown and resolved under one key, and nothing twice", () => {
  const at = (minutes: number) => ({ nowMs: NOON_MS + minutes * MINUTE });
  const open = findingOf({ to: null, severity: "medium" });
  const first = triage([open], {}, null, at(10));
  expect(changes(first)).toEqual([`opened: ${open.title}`]);
  const second = triage([open], {}, stored(first), at(11));
  expect(second.alerts[0]).toMatchObject({ change: "unchanged", status: "firing", endMs: null });
  const worse = { ...open, severity: "critical" as const };
  const third = triage([worse], {}, stored(second), at(12));
  expect(third.alerts[0]).toMatchObject({ change: "grown", severity: "critical" });
  const over = { ...worse, endMs: NOON_MS + 55 * MINUTE };
  const fourth = triage([over], {}, stored(third), at(60));
  expect(fourth.alerts[0]).toMatchObject({ change: "resolved", status: "resolved" });
  expect(fourth.alerts[0]!.resolution).toBe("Lasted 55 min; 90 requests lost (90% of the region's)");
  expect(triage([over], {}, stored(fourth), at(61)).alerts[0]!.change).toBe("unchanged");
  expect(triage([], {}, stored(fourth), at(62)).alerts).toEqual([]);
  expect(new Set([first, second, third, fourth].map(({ alerts }) => alerts[0]!.key)).size).toBe(1);
  expect(fourth.alerts[0]!.history.map(({ change }) => change)).toEqual(["opened", "grown", "resolved"]);
});

test("what was told firing and is no longer found is told resolved, once", () => {
  const open = findingOf({ to: null });
  const first = triage([open], {}, null, { nowMs: NOON_MS + 10 * MINUTE });
  const gone = triage([], {}, stored(first), { nowMs: NOON_MS + 20 * MINUTE });
  expect(gone.alerts).toHaveLength(1);
  expect(gone.alerts[0]).toMatchObject({ change: "resolved", status: "resolved", findings: [] });
  expect(gone.alerts[0]!.resolution).toContain("no longer found");
  expect(triage([], {}, stored(gone), { nowMs: NOON_MS + 30 * MINUTE }).alerts).toEqual([]);
});

test("keys hold no values, addresses or times: another week, other figures and other addresses give the same key", () => {
  const attack = { kind: "suspicious-traffic", subtype: "credential-stuffing", ips: ["203.0.113.7"] } as const;
  const keysOf = (parts: Parameters<typeof findingOf>[0]): string[] =>
    triage([findingOf({ ...parts }), findingOf({ ...parts, ...attack, country: "VN", city: "Hanoi" })]).alerts.map(
      ({ key }) => key,
    );
  const week = { startMs: NOON_MS + 7 * 24 * HOUR, to: 7 * 24 * 60 + 20, observed: 77, expected: 978, clients: 3 };
  const keys = keysOf({});
  expect(keysOf({ ...week, ips: ["198.51.100.4"] })).toEqual(keys);
  expect(new Set(keys).size).toBe(2);
  for (const key of keys) expect(key).toMatch(/^[a-z/-]{1,255}$/);
});
