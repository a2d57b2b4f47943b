import { expect, test } from "vitest";
import { isGeopivotError } from "../../../src/core/errors.js";
import { HOUR_MS } from "../../../src/core/time.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import {
  findSlowForDistance,
  type ServerPosition,
  type SlowForDistanceOptions,
} from "../../../src/detect/regional/findSlowForDistance.js";
import { greatCircleKm } from "../../../src/grid/distance.js";
import {
  CITIES,
  type City,
  MONDAY_MS,
  type Request,
  regionalTraffic,
  type TrafficPlan,
} from "../../support/regionalTraffic.js";

const SERVERS: readonly ServerPosition[] = [
  { name: "fra", lat: 50.11, lon: 8.68 },
  { name: "iad", lat: 39.04, lon: -77.49 },
];
const kmOf = (city: City): number =>
  Math.min(...SERVERS.map((server) => greatCircleKm(city.lat, city.lon, server.lat, server.lon)));
/** 15 ms at the server, and 20 ms more every 1,000 km; times `factor` where something is wrong. */
const cubeOf = (factor: (city: City, timeMs: number) => number, plan: TrafficPlan = {}): Cube =>
  Cube.from(
    regionalTraffic({
      hours: 24,
      perMinute: 20,
      change: (r: Request, t, random) => ({
        ...r,
        latencyMs: (15 + 0.02 * kmOf(r.city)) * factor(r.city, t) * Math.exp(0.4 * random.normal()),
      }),
      ...plan,
    }),
  );
const told = (cube: Cube, options?: SlowForDistanceOptions): string[] =>
  findSlowForDistance(cube, SERVERS, options).map((finding) => finding.region.name);

test("far is not slow", () => {
  expect(told(cubeOf(() => 1))).toEqual([]);
});

test("a city, a subdivision, a country that is slow for its distance is told as that", () => {
  expect(told(cubeOf((city) => (city.city === "Dallas" ? 2.5 : 1)))).toEqual(["Texas, United States"]);
  expect(told(cubeOf((city) => (city.city === "Munich" ? 4 : 1)))).toEqual(["Munich, Germany"]);
  expect(told(cubeOf((city) => (city.country === "IN" ? 2.5 : 1)))).toEqual(["India"]);
});

test("the finding says from where, how far and what light needs", () => {
  const [finding] = findSlowForDistance(
    cubeOf((city) => (city.country === "JP" ? 3 : 1)),
    SERVERS,
  );
  expect(finding).toMatchObject({
    kind: "latency-hotspot",
    subtype: "slow-for-distance",
    severity: "low",
    measure: "p50_latency_ms",
    region: { countries: ["JP"] },
    evidence: { nearestServer: "fra", distanceKm: expect.closeTo(9290, -2) },
  });
  const { fibreMs, distanceKm, msPer1000Km } = finding!.evidence as Record<string, number>;
  expect(fibreMs).toBeCloseTo(distanceKm! / 100, 6);
  expect(Math.abs(msPer1000Km! - 20)).toBeLessThan(2);
  expect(finding!.observed / finding!.expected).toBeGreaterThan(2.5);
  expect(finding!.title).toMatch(/^Japan is slow for its distance: median \d+ ms, usually \d+ ms at \d+ km from fra$/);
});

test("what has become slow is a hotspot, and not slow for its distance", () => {
  const cube = cubeOf((city, t) => (city.country === "IN" && t > MONDAY_MS + 20 * HOUR_MS ? 3 : 1), { perMinute: 60 });
  const findings = detect(cube, { servers: SERVERS });
  expect(findings.map((f) => [f.subtype, f.region.name])).toEqual([["latency", "India"]]);
});

test("what was always slow is no hotspot", () => {
  const cube = cubeOf((city) => (city.country === "IN" ? 3 : 1), { perMinute: 60 });
  expect(detect(cube, { servers: SERVERS }).map((f) => f.subtype)).toEqual(["slow-for-distance"]);
  expect(detect(cube)).toEqual([]);
});

test("a handful of clients is no place", () => {
  const slow = (city: City): number => (city.city === "Dallas" ? 4 : 1);
  expect(told(cubeOf(slow, { clients: 4 }))).toEqual([]);
  expect(told(cubeOf(slow, { clients: 4 }), { minClients: 2 })).toEqual(["Texas, United States"]);
});

test("too few cities make no line, and quiet logs of many seeds have no findings", () => {
  const few = new Set(CITIES.slice(0, 7));
  expect(
    told(cubeOf((city) => (city.city === "Munich" ? 4 : 1), { change: (r) => (few.has(r.city) ? r : null) })),
  ).toEqual([]);
  for (let seed = 1; seed <= 10; seed++) expect(told(cubeOf(() => 1, { seed, perMinute: 5 }))).toEqual([]);
});

test("servers that are nowhere, and rates that are none, are refused", () => {
  const cube = cubeOf(() => 1, { hours: 1 });
  const refused = (servers: readonly ServerPosition[], options: SlowForDistanceOptions = {}): boolean => {
    try {
      findSlowForDistance(cube, servers, options);
    } catch (error) {
      return isGeopivotError(error, "bad-detect-option");
    }
    return false;
  };
  expect(refused([])).toBe(true);
  expect(refused([{ name: "lost", lat: Number.NaN, lon: 0 }])).toBe(true);
  expect(refused(SERVERS, { falseDiscoveryRate: 0 })).toBe(true);
});
