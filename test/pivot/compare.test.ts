import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import { compare } from "../../src/pivot/compare/compare.js";
import { TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { quietTraffic } from "../support/quietTraffic.js";
import { eventsOf, type PlainEvent } from "../support/randomEvents.js";

const WEEK_MS = 7 * 86_400_000;
const cubeOf = (plain: readonly PlainEvent[]): Cube =>
  Cube.from(eventsOf(plain), { bucketSeconds: 3600, dimensions: ["service"] });
const by = ["service"];

const pairOf = (seed: number, after: (country: number) => number, countries = 100, requests = 500) => {
  const random = new Random(seed);
  const common = { random, hours: 48, countries, requests, clients: 250 };
  const before = quietTraffic({ ...common, originMs: TEST_ORIGIN_MS, errorRate: () => 0.1 });
  const later = quietTraffic({ ...common, originMs: TEST_ORIGIN_MS + WEEK_MS, errorRate: after });
  return [cubeOf(before), cubeOf(later)] as const;
};

test("a release that takes one country of a hundred from 10% to 20% errors is found, and is all that is found", () => {
  let found = 0;
  let others = 0;
  for (let seed = 0; seed < 8; seed++) {
    const [before, after] = pairOf(seed, (country) => (country === 17 ? 0.2 : 0.1));
    const { regressions } = compare(before, after, { by });
    const hits = regressions.filter((r) => r.region.service === "country17" && r.measure === "error_rate");
    found += hits.length;
    others += regressions.length - hits.length;
    for (const hit of hits) expect(["high", "medium"]).toContain(hit.severity);
  }
  expect(found).toBeGreaterThanOrEqual(7);
  expect(others).toBeLessThanOrEqual(2);
});

test("exactly 50 and 100 errors of 500 are found", () => {
  const plain = (originMs: number, errors: (country: number) => number): PlainEvent[] =>
    Array.from({ length: 50_000 }, (_, i) => ({
      ...{ timeMs: originMs + ((i * 7919) % 172_800) * 1000, place: 1, latencyMs: 50, bytes: 1, user: "", version: "" },
      ...{
        status: (Math.floor(i / 100) * 37) % 500 < errors(i % 100) ? 500 : 200,
        client: 5000 + (i % 100) * 500 + Math.floor(i / 300),
      },
      service: `country${i % 100}`,
    }));
  const before = cubeOf(plain(TEST_ORIGIN_MS, () => 50));
  const after = cubeOf(plain(TEST_ORIGIN_MS + WEEK_MS, (country) => (country === 3 ? 100 : 50)));
  const { regressions } = compare(before, after, { by });
  expect(regressions.map(({ region, measure, severity }) => [region.service, measure, severity])).toEqual([
    ["country3", "error_rate", "high"],
  ]);
  expect(regressions[0]!.before).toBe(0.1);
  expect(regressions[0]!.contribution).toBeCloseTo(50 / 50_000, 12);
});

test("one client's errors are no region's", () => {
  const [before] = pairOf(1, () => 0.1, 5);
  const random = new Random(2);
  const common = { random, hours: 48, countries: 5, requests: 500, clients: 250, originMs: TEST_ORIGIN_MS + WEEK_MS };
  const quiet = quietTraffic({ ...common, errorRate: () => 0.1 });
  const broken = quiet.filter((e) => e.country === 2).map((e) => ({ ...e, client: 7, status: 500 }));
  const { regressions } = compare(before, cubeOf([...quiet, ...broken]), { by });
  expect(regressions).toEqual([]);
});

test("a region that goes dark, slows down or loses its clients is found", () => {
  const [before] = pairOf(3, () => 0.1, 20);
  const common = { random: new Random(4), hours: 48, countries: 20, requests: 500, clients: 250 };
  const quiet = quietTraffic({ ...common, originMs: TEST_ORIGIN_MS + WEEK_MS, errorRate: () => 0.1 });
  const after = quiet
    .filter((e) => e.country !== 5)
    .map((e) => (e.country === 9 ? { ...e, latencyMs: e.latencyMs * 5 } : e));
  const found = compare(before, cubeOf(after), { by, falseDiscoveryRate: 0.01 }).regressions.map(
    (r) => `${r.region.service} ${r.measure}`,
  );
  expect(found.sort()).toEqual(["country5 clients", "country5 traffic_share", "country9 latency"]);
});

test("windows are aligned by the hour of the week when asked", () => {
  const at = (hour: number, status: number): PlainEvent[] =>
    Array.from({ length: 400 }, (_, i) => ({
      ...{ timeMs: TEST_ORIGIN_MS + hour * 3_600_000 + i, place: 1, status, latencyMs: 5, bytes: 1, user: "" },
      ...{ client: 100 + i, service: "a", version: "" },
    }));
  const before = cubeOf([...at(1, 200), ...at(2, 200)]);
  const after = cubeOf([...at(24 * 7 + 1, 200), ...at(24 * 7 + 9, 500)]);
  expect(compare(before, after, { by }).after.errors).toBe(400);
  const aligned = compare(before, after, { by, align: "weekday-hour" });
  expect([aligned.before.requests, aligned.after.requests, aligned.after.errors]).toEqual([400, 400, 0]);
});

test("empty windows compare to nothing", () => {
  const empty = Cube.from([], { bucketSeconds: 3600, dimensions: ["service"] });
  expect(compare(empty, empty).changes).toEqual([]);
  const [before] = pairOf(5, () => 0.1, 3);
  expect(compare(before, empty, { by }).regressions).toEqual([]);
});

test.each([
  [{ quantile: 1 }],
  [{ falseDiscoveryRate: 0 }],
  [{ by: [] }],
  [{ align: "week" as "hour" }],
  [{ by: ["x"] }],
])("options %j are refused", (bad) => {
  const empty = Cube.from([]);
  expect(() => compare(empty, empty, bad)).toThrow(expect.objectContaining({ name: "GeopivotError" }));
});
