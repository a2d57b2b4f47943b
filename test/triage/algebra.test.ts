import fc from "fast-check";
import { expect, test } from "vitest";
import { type Finding, SEVERITIES } from "../../src/detect/finding.js";
import { dedupKey } from "../../src/triage/group/dedupKey.js";
import { linkReason } from "../../src/triage/group/linkReason.js";
import { PairIndex } from "../../src/triage/group/pairIndex.js";
import { judgeFinding } from "../../src/triage/judge/judgeFinding.js";
import { compilePolicy } from "../../src/triage/policy/compilePolicy.js";
import type { Policy } from "../../src/triage/policy/policy.js";
import { type Triage, triage } from "../../src/triage/triage.js";
import { runs } from "../support/runs.js";
import { findingOf, MINUTE, NOON_MS } from "./findings.js";

const COUNTRIES = ["DE", "FR", "JP", "BR"] as const;

const finding = fc
  .record({
    country: fc.constantFrom(...COUNTRIES),
    city: fc.constantFrom(undefined, "Alpha", "Beta"),
    from: fc.integer({ min: 0, max: 300 }),
    lasts: fc.option(fc.integer({ min: 1, max: 120 })),
    severity: fc.constantFrom(...SEVERITIES),
    what: fc.constantFrom(
      { kind: "regional-outage", subtype: "traffic-drop", measure: "requests" } as const,
      { kind: "regional-outage", subtype: "errors", measure: "errors" } as const,
      { kind: "latency-hotspot", subtype: "latency", measure: "p95_latency_ms" } as const,
      { kind: "suspicious-traffic", subtype: "traffic-surge", measure: "requests" } as const,
      { kind: "suspicious-traffic", subtype: "impossible-travel", measure: "speed_kmh" } as const,
    ),
    observed: fc.integer({ min: 0, max: 200 }),
    world: fc.boolean(),
    version: fc.constantFrom(undefined, "4.2.0", "4.3.0"),
    users: fc.constantFrom([], ["ann"], ["bob"]),
  })
  .map(
    ({ lasts, city, world, version, what, ...parts }): Finding =>
      findingOf({
        ...what,
        ...parts,
        to: lasts === null ? null : parts.from + lasts,
        ...(city === undefined ? {} : { city, subdivision: "Somewhere" }),
        ...(world ? { region: { name: "the whole world", countries: [...COUNTRIES].sort() } } : {}),
        dimensions: version === undefined ? {} : { version },
      }),
  );
const findings = fc
  .array(finding, { maxLength: 40 })
  .map((list) => list.map((one, i): Finding => ({ ...one, id: `f${i}` })));

const policy: fc.Arbitrary<Policy> = fc.record(
  {
    alertFrom: fc.constantFrom("high" as const, "low" as const, "medium" as const),
    budget: fc.record({ alertsPerHour: fc.integer({ min: 1, max: 5 }), digest: fc.boolean() }),
    flapping: fc.constantFrom(false as const, { changes: 1, within: "2h" }),
    feedback: fc.constantFrom({ f1: false, f2: true }, { f0: false }),
    severities: fc.constantFrom(
      [{ when: { region: "DE" }, lower: 1 }],
      [{ when: { kind: "regional-outage" as const }, raise: 1 }],
    ),
    windows: fc.constantFrom([{ name: "w", match: { region: "Europe" }, from: "12:30", until: "13:30" }]),
    silences: fc.constantFrom([{ match: { region: "JP" }, until: "2026-03-02T15:00:00Z", author: "a", reason: "b" }]),
    escalations: fc.constantFrom([{ after: "1h", raise: 1 }]),
    grouping: fc.constantFrom({ within: "5m", storm: 3 }, { storm: 0 }),
  },
  { requiredKeys: [] },
);

function placesOf({ alerts, digest, suppressed }: Triage): string[] {
  return [...alerts, ...digest, ...suppressed].flatMap((one) => one.findings);
}

const grave = (list: readonly Finding[]): string[] =>
  list.filter(({ severity }) => ["critical", "high", "medium"].includes(severity)).map(({ id }) => id);

test("every finding of medium severity and worse is in exactly one list, and no finding is in two", () => {
  fc.assert(
    fc.property(findings, policy, (list, rules) => {
      const placed = placesOf(triage(list, rules));
      expect(new Set(placed).size).toBe(placed.length);
      expect(grave(list).filter((id) => !placed.includes(id))).toEqual([]);
    }),
    { numRuns: runs(400) },
  );
});

test("the order of findings does not matter", () => {
  fc.assert(
    fc.property(findings, policy, (list, rules) => {
      const nowMs = NOON_MS + 500 * MINUTE;
      const alerts = (order: readonly Finding[]) =>
        triage(order, rules, null, { nowMs }).alerts.map(({ key, title, severity }) => [key, title, severity]);
      expect(alerts([...list].reverse())).toEqual(alerts(list));
    }),
    { numRuns: runs(300) },
  );
});

test("keys are unique in a document, and the same state and findings tell nothing twice", () => {
  fc.assert(
    fc.property(findings, policy, (list, rules) => {
      const nowMs = NOON_MS + 500 * MINUTE;
      const first = triage(list, rules, null, { nowMs });
      const keys = first.alerts.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      const again = triage(list, rules, JSON.parse(JSON.stringify(first.state)), { nowMs });
      expect(again.alerts.filter(({ change }) => change !== "unchanged")).toEqual([]);
      expect(again.alerts.map(({ key }) => key).sort()).toEqual([...keys].sort());
      expect(again.digest.map(({ fresh }) => fresh).filter((n) => n > 0)).toEqual([]);
    }),
    { numRuns: runs(300) },
  );
});

test("live, whatever is told firing is told resolved once, and never resolved without", () => {
  fc.assert(
    fc.property(findings, policy, (list, rules) => {
      let state: Triage["state"] | null = null;
      const firing = new Set<string>();
      for (let minute = 0; minute <= 520; minute += 20) {
        const nowMs = NOON_MS + minute * MINUTE;
        const known = list
          .filter(({ detectedAtMs }) => detectedAtMs <= nowMs)
          .map((one) => (one.endMs !== null && one.endMs > nowMs ? { ...one, endMs: null } : one));
        const { alerts, ...rest } = triage(minute === 520 ? [] : known, rules, state, { nowMs });
        state = JSON.parse(JSON.stringify(rest.state)) as Triage["state"];
        const placed = placesOf({ alerts, ...rest });
        expect(new Set(placed).size).toBe(placed.length);
        if (minute < 520) expect(grave(known).filter((id) => !placed.includes(id))).toEqual([]);
        for (const { key, change, status, history } of alerts) {
          if (change === "opened") expect(firing.has(key)).toBe(false);
          if (change === "opened") firing.add(key);
          if (change === "grown") expect(firing.has(key)).toBe(true);
          if (change === "resolved") expect(firing.delete(key) || history.length === 2).toBe(true);
          if (change === "unchanged" && status === "firing") expect(firing.has(key)).toBe(true);
        }
      }
      expect([...firing]).toEqual([]);
    }),
    { numRuns: runs(200) },
  );
});

test("the index of pairs leaves out no pair that is one incident", () => {
  const compiled = compilePolicy({});
  fc.assert(
    fc.property(findings, (list) => {
      const subjects = list.map((one) => judgeFinding(one, compiled, NOON_MS, null));
      const index = new PairIndex();
      subjects.forEach((subject, b) => {
        const found = new Set(index.candidates(subject));
        for (let a = 0; a < b; a++) {
          const linked = linkReason(subjects[a]!, subject, compiled.grouping) !== null;
          if (linked || dedupKey(subjects[a]!) === dedupKey(subject)) expect(found.has(a)).toBe(true);
        }
        index.add(b, subject);
      });
    }),
    { numRuns: runs(200) },
  );
});
