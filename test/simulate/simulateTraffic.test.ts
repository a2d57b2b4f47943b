import { beforeAll, describe, expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import type { Locator } from "../../src/locate/locator.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { checkTrafficSpec, simulateTraffic, type TrafficSpec } from "../../src/simulate/index.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";

const spec: TrafficSpec = {
  seed: 5,
  start: "2026-03-02T00:00:00Z",
  days: 1,
  requestsPerDay: 20_000,
  countries: { DE: 3, FR: 2, BR: 1 },
  citiesPerCountry: 4,
  incidents: [
    { kind: "traffic-drop", startHours: 10, minutes: 120, area: { countries: ["DE"] }, lost: 0.9 },
    { kind: "errors", startHours: 10, minutes: 120, area: { countries: ["FR"] }, failing: 0.5, service: "api" },
    { kind: "latency", startHours: 14, minutes: 120, area: { countries: ["BR"] }, factor: 3 },
    {
      kind: "credential-stuffing",
      startHours: 12,
      minutes: 20,
      area: { countries: ["BR"] },
      attempts: 300,
      addresses: 5,
    },
    { kind: "traffic-surge", startHours: 16, minutes: 20, area: { countries: ["FR"] }, requests: 500, addresses: 10 },
    { kind: "impossible-travel", startHours: 18, minutes: 60, accounts: 2 },
  ],
};

describe.skipIf(!hasCityDatabase)("simulated traffic", () => {
  let locator: Locator;
  beforeAll(async () => {
    locator = await openLocator({ databases: [cityDatabase.ipv4] });
  });

  test("is the same for the same seed, in time order, and about as much as asked for", () => {
    const first = [...simulateTraffic(spec, locator).requests];
    const second = [...simulateTraffic(spec, locator).requests];
    expect(first).toEqual(second);
    const times = first.map((r) => r.ts);
    expect(times).toEqual(times.toSorted());
    expect(first.length).toBeGreaterThan(12_000);
    expect(first.length).toBeLessThan(28_000);
  });

  test("every address lies where the simulated world says", () => {
    const countries = new Set<string>();
    for (const request of simulateTraffic(spec, locator).requests)
      countries.add(locator.locate(request.ip)?.country ?? "?");
    expect([...countries].sort()).toEqual(["BR", "DE", "FR"]);
  });

  test("each incident is in the log as the truth tells it", () => {
    const { requests, incidents } = simulateTraffic(spec, locator);
    const all = [...requests].map((r) => ({ ...r, timeMs: Date.parse(r.ts), country: locator.locate(r.ip)?.country }));
    const during = (kind: string, country?: string) => {
      const { startMs, endMs } = incidents.find((i) => i.kind === kind)!;
      const inside = all.filter((r) => r.timeMs >= startMs && r.timeMs < endMs && (!country || r.country === country));
      const before = all.filter(
        (r) => r.timeMs >= startMs - (endMs - startMs) && r.timeMs < startMs && r.country === country,
      );
      return { inside, before };
    };
    const drop = during("traffic-drop", "DE");
    expect(drop.inside.length).toBeLessThan(0.2 * drop.before.length);
    const errors = during("errors", "FR").inside.filter((r) => r.service === "api");
    expect(errors.filter((r) => r.status >= 500).length / errors.length).toBeCloseTo(0.5, 1);
    const slow = during("latency", "BR");
    const median = (rows: typeof all) => rows.map((r) => r.latency_ms).sort((a, b) => a - b)[rows.length >> 1]!;
    expect(median(slow.inside) / median(slow.before)).toBeGreaterThan(2.4);
    const stuffing = incidents.find((i) => i.kind === "credential-stuffing")!;
    const tried = all.filter(
      (r) =>
        stuffing.ips.includes(r.ip) && r.path === "/login" && r.timeMs >= stuffing.startMs && r.timeMs < stuffing.endMs,
    );
    expect(tried.length).toBeGreaterThanOrEqual(300);
    expect(incidents.filter((i) => i.kind === "impossible-travel")).toHaveLength(2);
  });

  test("an area that holds no city is refused", () => {
    const nowhere = { ...spec, incidents: [{ ...spec.incidents[0]!, area: { countries: ["AQ"] } }] } as TrafficSpec;
    expect(() => simulateTraffic(nowhere, locator)).toThrow(/incidents\[0\]\.area/);
  });
});

test.each([
  [null, /the spec must be an object/],
  [{ ...spec, days: 0 }, /days must be a number/],
  [{ ...spec, start: "soon" }, /start must be an ISO 8601 time/],
  [{ ...spec, incidents: [{ kind: "flood" }] }, /incidents\[0\]\.kind must be one of/],
  [
    { ...spec, incidents: [{ kind: "errors", startHours: 1, minutes: 5, failing: 2, area: {} }] },
    /incidents\[0\]\.failing/,
  ],
  [{ ...spec, countries: { DE: "many" } }, /countries\.DE/],
])("a bad spec is refused and the field named (%#)", (bad, message) => {
  try {
    checkTrafficSpec(bad);
    expect.unreachable();
  } catch (error) {
    expect(isGeopivotError(error)).toBe(true);
    expect((error as Error).message).toMatch(message);
  }
});
