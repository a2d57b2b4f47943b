import { expect, test } from "vitest";
import { findingsJson } from "../../src/report/payloads/findingsJson.js";
import { findingExample, inputExample } from "./findingExample.js";

test("findingsJson writes the contract's document: every field, in order, times in ISO 8601", () => {
  const json = findingsJson(inputExample, [findingExample()]);
  expect(json).toEqual({
    schema: "geopivot.findings/1",
    input: {
      files: ["access.log"],
      events: 1_072_471,
      rejected: 3,
      unlocated: 12,
      from: "2026-03-02T00:00:00.000Z",
      to: "2026-03-10T00:00:00.000Z",
    },
    findings: [
      {
        id: "outage-1",
        kind: "regional-outage",
        subtype: "traffic-drop",
        severity: "critical",
        confidence: 0.998,
        start: "2026-03-02T12:00:00.000Z",
        end: "2026-03-02T13:00:00.000Z",
        detectedAt: "2026-03-02T12:05:00.000Z",
        title: "Traffic from Germany down 93% (10 of 138 expected)",
        region: {
          name: "Germany",
          countries: ["DE"],
          subdivisions: [],
          cities: [],
          cells: ["841fa57ffffffff", "841fae1ffffffff"],
          centroid: { lat: 50.9, lon: 9.7 },
        },
        dimensions: { service: "api" },
        measure: "requests",
        observed: 10,
        expected: 138,
        clients: 96,
        users: ["u1034"],
        ips: ["203.0.113.7"],
        cause: [{ slice: { version: "4.3.0", country: "DE" }, share: 0.97 }],
      },
    ],
  });
  expect(Object.keys(json)).toEqual(["schema", "input", "findings"]);
});

test("a finding that lasts has a null end, and a log without events has no times", () => {
  const json = findingsJson({ ...inputExample, events: 0, fromMs: Number.NaN, toMs: null }, [
    findingExample({ endMs: null }),
  ]);
  expect(json.findings[0]!.end).toBeNull();
  expect(json.input).toMatchObject({ events: 0, from: null, to: null });
});

test("lists of users and addresses end at a thousand, the worst first", () => {
  const users = Array.from({ length: 1_500 }, (_, i) => `u${i}`);
  const [finding] = findingsJson(inputExample, [findingExample({ users, ips: users })]).findings;
  expect(finding!.users).toEqual(users.slice(0, 1_000));
  expect(finding!.ips).toHaveLength(1_000);
});

test("details add what a report needs to be drawn again, with times as text", () => {
  const [finding] = findingsJson(inputExample, [findingExample()], { details: true }).findings;
  expect(finding).toMatchObject({ expectedInterval: [115, 162], evidence: { buckets: 12 } });
  expect(finding!.series!.time[0]).toBe("2026-03-02T11:00:00.000Z");
  expect(finding!.series).not.toHaveProperty("timeMs");
});
