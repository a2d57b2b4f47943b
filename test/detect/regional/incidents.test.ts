import { describe, expect, test } from "vitest";
import { isGeopivotError } from "../../../src/core/errors.js";
import type { Events } from "../../../src/core/events.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import { CITIES, MONDAY_MS, regionalTraffic, type TrafficPlan } from "../../support/regionalTraffic.js";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Wednesday, 10:02 UTC: not at the edge of a bucket. */
const START = MONDAY_MS + 58 * HOUR + 2 * MINUTE;
const found = (plan: TrafficPlan) => findingsOf(regionalTraffic({ hours: 60, ...plan }));
const findingsOf = (events: Events) => detect(Cube.from(events, { dimensions: ["service"] }));
const during = (time: number, minutes = 40): boolean => time >= START && time < START + minutes * MINUTE;

test("a quiet log has no findings", () => {
  expect(found({ seed: 2 })).toEqual([]);
});

describe("one incident is one finding, in the smallest zone that explains it", () => {
  test("traffic from a country vanishes", () => {
    const findings = found({
      change: (r, t, random) => (during(t) && r.city.country === "DE" && random.next() < 0.9 ? null : r),
    });
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding).toMatchObject({ kind: "regional-outage", subtype: "traffic-drop", measure: "requests" });
    expect(finding!.region).toMatchObject({ name: "Germany", countries: ["DE"] });
    expect(finding!.startMs).toBe(MONDAY_MS + 58 * HOUR);
    expect(finding!.detectedAtMs - START).toBeLessThanOrEqual(15 * MINUTE);
    expect(finding!.endMs! - START).toBeLessThanOrEqual(50 * MINUTE);
    expect(finding!.observed).toBeLessThan(finding!.expectedInterval![0]);
    expect(finding!.clients).toBeGreaterThan(50);
    expect(finding!.title).toMatch(/^Traffic from Germany down \d\d% \(\d+ of \d+ expected\)$/);
  });

  test("a subdivision's requests fail", () => {
    const findings = found({
      change: (r, t, random) =>
        during(t) && r.city.region === "Bavaria" && random.next() < 0.6 ? { ...r, status: 503 } : r,
    });
    expect(findings.map((f) => [f.subtype, f.region.name])).toEqual([["errors", "Bavaria, Germany"]]);
    expect(findings[0]!.detectedAtMs - START).toBeLessThanOrEqual(8 * MINUTE);
  });

  test.each([403, 429, 404])("a country's requests are turned away with %i", (status) => {
    const findings = found({
      change: (r, t, random) => (during(t) && r.city.country === "DE" && random.next() < 0.5 ? { ...r, status } : r),
    });
    expect(findings.map((f) => [f.subtype, f.measure, f.region.name])).toEqual([["refused", "refused", "Germany"]]);
    expect(findings[0]!.title).toMatch(/ of requests from Germany are turned away /);
  });

  test("a scanner that finds nothing is no country's trouble", () => {
    const scanner = {
      city: CITIES.find((c) => c.city === "Berlin")!,
      client: 60_000,
      status: 404,
      latencyMs: 5,
      service: "web",
    };
    expect(found({ more: (minute) => Array.from({ length: during(minute) ? 300 : 0 }, () => scanner) })).toEqual([]);
  });

  test("a circle across borders is slow", () => {
    const near = new Set(["Basel", "Zurich", "Strasbourg"]);
    const findings = found({
      change: (r, t) => (during(t) && near.has(r.city.city) ? { ...r, latencyMs: 2.5 * r.latencyMs } : r),
    });
    expect(findings.map((f) => [f.kind, f.region.cities])).toEqual([
      ["latency-hotspot", ["Basel", "Strasbourg", "Zurich"]],
    ]);
    expect(findings[0]!.observed).toBeGreaterThan(1.5 * findings[0]!.expected);
  });

  test("cities along a line, which no circle and no border holds", () => {
    const line = ["Glasgow", "London", "Manchester", "Paris", "Toulouse"];
    const findings = found({
      perMinute: 120,
      change: (r, t, random) => (during(t) && line.includes(r.city.city) && random.next() < 0.85 ? null : r),
    });
    expect(findings.map((f) => [f.subtype, f.region.name, f.region.cities])).toEqual([
      ["traffic-drop", "5 cities in 2 countries", line],
    ]);
  });

  test("one service of a country fails", () => {
    const findings = found({
      change: (r, t) => (during(t) && r.city.country === "GB" && r.service === "web" ? { ...r, status: 500 } : r),
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      dimensions: { service: "web" },
      cause: [{ slice: { country: "GB", service: "web" } }],
    });
  });
});

test("options that make no sense are refused", () => {
  const cube = Cube.from(regionalTraffic({ hours: 1 }));
  for (const options of [{ falseAlarmsPerWeek: 0 }, { falseAlarmsPerWeek: Number.NaN }, { minClients: 0.5 }]) {
    let thrown: unknown;
    try {
      detect(cube, options);
    } catch (error) {
      thrown = error;
    }
    expect(isGeopivotError(thrown, "bad-detect-option", "wrong-option")).toBe(true);
  }
});

test("a finding agrees with itself: observed outside its interval, and title, interval and series from the same numbers", () => {
  let told = 0;
  for (let seed = 1; seed <= 6; seed++) {
    const kind = seed % 3;
    const findings = found({
      seed,
      change: (r, t, random) => {
        if (!during(t) || r.city.country !== ["DE", "GB", "US"][seed % 3] || random.next() < 0.4) return r;
        return kind === 0 ? null : { ...r, status: kind === 1 ? 503 : 403 };
      },
    });
    for (const f of findings) {
      const [low, high] = f.expectedInterval!;
      expect(f.subtype === "traffic-drop" ? f.observed < low : f.observed > high, f.title).toBe(true);
      expect(low <= f.expected && f.expected <= high, f.title).toBe(true);
      const { timeMs, observed, expected } = f.series!;
      const inside = timeMs.flatMap((t, i) => (t >= f.startMs && t < (f.endMs ?? Infinity) ? [i] : []));
      const sum = (values: readonly (number | null)[]): number => inside.reduce((total, i) => total + values[i]!, 0);
      expect(Math.abs(sum(observed) - f.observed), f.title).toBeLessThan(0.5);
      expect(Math.abs(sum(expected) - f.expected), f.title).toBeLessThan(0.5);
      expect(f.title, f.title).toContain(`${Math.round(f.observed)}`);
      told++;
    }
  }
  expect(told).toBeGreaterThanOrEqual(5);
});
