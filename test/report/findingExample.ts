import type { Finding } from "../../src/detect/finding.js";

/** A finding with every field set, changed where a test says so. */
export function findingExample(changes: Partial<Finding> = {}): Finding {
  const startMs = Date.UTC(2026, 2, 2, 12);
  const timeMs = Array.from({ length: 24 }, (_, i) => startMs + (i - 12) * 300_000);
  return {
    id: "outage-1",
    kind: "regional-outage",
    subtype: "traffic-drop",
    severity: "critical",
    confidence: 0.998,
    startMs,
    endMs: startMs + 3_600_000,
    detectedAtMs: startMs + 300_000,
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
    expectedInterval: [115, 162],
    clients: 96,
    users: ["u1034"],
    ips: ["203.0.113.7"],
    cause: [{ slice: { version: "4.3.0", country: "DE" }, share: 0.97 }],
    series: {
      bucketMs: 300_000,
      timeMs,
      observed: timeMs.map((t) => (t < startMs ? 140 : 10)),
      expected: timeMs.map(() => 138),
      low: timeMs.map(() => 115),
      high: timeMs.map(() => 162),
    },
    evidence: { buckets: 12 },
    ...changes,
  };
}

/** What was read, for the same day. */
export const inputExample = {
  files: ["access.log"],
  events: 1_072_471,
  rejected: 3,
  unlocated: 12,
  fromMs: Date.UTC(2026, 2, 2),
  toMs: Date.UTC(2026, 2, 10),
};
