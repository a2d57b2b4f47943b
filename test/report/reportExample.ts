import { PlaceTable } from "../../src/core/places.js";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import type { ReportOptions } from "../../src/report/page/buildReportModel.js";
import { eventsOf, type PlainEvent } from "../support/randomEvents.js";
import { findingExample } from "./findingExample.js";

/** Monday. */
export const EXAMPLE_START_MS = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;
const DAYS = 4;

/** City, country, latitude, longitude, requests an hour. */
const CITIES: readonly (readonly [string, string, number, number, number])[] = [
  ["Frankfurt am Main", "DE", 50.11, 8.68, 40],
  ["Berlin", "DE", 52.52, 13.4, 30],
  ["Hamburg", "DE", 53.55, 9.99, 20],
  ["München", "DE", 48.14, 11.58, 25],
  ["Paris", "FR", 48.86, 2.35, 30],
  ["London", "GB", 51.51, -0.13, 40],
  ["New York", "US", 40.71, -74.01, 35],
  ["San Francisco", "US", 37.77, -122.42, 25],
  ["São Paulo", "BR", -23.55, -46.63, 20],
  ["Mumbai", "IN", 19.07, 72.87, 25],
  ["Tokyo", "JP", 35.68, 139.69, 30],
  ["Suva", "FJ", -18.14, 178.44, 3],
];

/** Four days of seeded traffic from a dozen cities, with an hour on the third day in which Germany is silent. */
export function cubeExample(cityName: (name: string) => string = (name) => name): Cube {
  const random = new Random(7);
  const places = new PlaceTable();
  for (const [city, country, lat, lon] of CITIES) {
    const shared = { region: "", regionCode: "", accuracyKm: 20, precision: "city", timeZone: "" } as const;
    places.add({ ...shared, city: cityName(city), country, lat, lon });
  }
  const plain: PlainEvent[] = [];
  const placeIds: number[] = [];
  for (let hour = 0; hour < 24 * DAYS; hour++) {
    for (const [i, [, country, , , rate]] of CITIES.entries()) {
      const silent = country === "DE" && hour === SILENT_HOUR;
      for (let n = random.poisson(silent ? rate / 20 : rate); n > 0; n--) {
        plain.push(request(random, EXAMPLE_START_MS + (hour + random.next()) * HOUR_MS));
        placeIds.push(i + 1);
      }
    }
  }
  const events = { ...eventsOf(plain), place: Uint32Array.from(placeIds), places };
  return Cube.from(events, { bucketSeconds: 300, resolution: 4 });
}

/** The hour in which Germany is silent, from the start. */
export const SILENT_HOUR = 60;

/** The example's report: an outage in Germany with a chart, a slow Japan without one, a stuffing that has no place. */
export function reportExample(changes: Partial<ReportOptions> = {}): ReportOptions {
  const startMs = EXAMPLE_START_MS + SILENT_HOUR * HOUR_MS;
  const timeMs = Array.from({ length: 12 }, (_, i) => startMs + (i - 6) * HOUR_MS);
  const outage = findingExample({
    startMs,
    endMs: startMs + HOUR_MS,
    detectedAtMs: startMs + 900_000,
    series: {
      bucketMs: HOUR_MS,
      timeMs,
      observed: timeMs.map((time) => (time === startMs ? 6 : 115)),
      expected: timeMs.map(() => 115),
      low: timeMs.map(() => 95),
      high: timeMs.map(() => 136),
    },
  });
  const { series: _, expectedInterval: __, ...bare } = outage;
  const tokyo = { name: "Japan", countries: ["JP"], cells: ["842f5a3ffffffff"], centroid: { lat: 35.68, lon: 139.69 } };
  const slow = {
    ...bare,
    id: "slow-1",
    kind: "latency-hotspot" as const,
    subtype: "latency",
    severity: "high" as const,
    title: "Latency in Japan is three times the usual",
    measure: "p95_latency_ms",
    region: { ...bare.region, ...tokyo },
  };
  const stuffing = {
    ...bare,
    id: "stuffing-1",
    kind: "suspicious-traffic" as const,
    subtype: "credential-stuffing",
    severity: "low" as const,
    title: "412 failed logins from one network",
    region: { ...bare.region, name: "", countries: [], cells: [], centroid: null },
    users: Array.from({ length: 40 }, (_, i) => `u${i}`),
  };
  const cube = cubeExample();
  return {
    cube,
    findings: [outage, slow, stuffing],
    input: {
      files: ["access.log"],
      events: cube.groups.count.reduce((sum, count) => sum + count, 0),
      rejected: 2,
      unlocated: 0,
      fromMs: cube.firstTimeMs,
      toMs: cube.lastTimeMs,
    },
    attributions: ["IP Geolocation by DB-IP"],
    title: "Example",
    ...changes,
  };
}

function request(random: Random, timeMs: number): PlainEvent {
  return {
    timeMs,
    place: 0,
    status: random.next() < 0.01 ? 503 : 200,
    latencyMs: 80 * Math.exp(0.5 * random.normal()),
    bytes: 1_000,
    client: 1 + random.int(500),
    user: "",
    service: "api",
    version: "1",
  };
}
