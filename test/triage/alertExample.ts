import type { Alert } from "../../src/triage/alert.js";

/** An alert with every field set, changed where a test says so. */
export function alertExample(changes: Partial<Alert> = {}): Alert {
  const startMs = Date.UTC(2026, 2, 2, 12);
  return {
    key: "regional-outage/traffic-drop/germany/service=api/abcdefghijklmnop",
    status: "firing",
    severity: "critical",
    kind: "regional-outage",
    subtype: "traffic-drop",
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
    startMs,
    endMs: null,
    detectedAtMs: startMs + 300_000,
    measure: "requests",
    observed: 10,
    expected: 138,
    confidence: 0.998,
    cause: "97% of the lost requests: version 4.3.0",
    causes: [{ slice: { version: "4.3.0" }, share: 0.97 }],
    clients: 96,
    findings: ["outage-1", "outage-2"],
    receivers: ["sre-emea"],
    runbook: "https://runbooks.example/outage",
    steps: ["Check the provider's status page", "Roll back version 4.3.0"],
    actions: [{ action: "rollback", version: "4.3.0", service: "api" }],
    alongside: ["Latency in Brazil up 3 times"],
    secondOpinion: "also seen by IODA",
    change: "opened",
    loss: { amount: 128, unit: "requests lost", share: 0.93 },
    resolution: null,
    tiers: ["gold"],
    history: [],
    why: ["severity critical: 93% of Germany lost for 55 min", "route: region Europe → sre-emea"],
    ...changes,
  };
}
