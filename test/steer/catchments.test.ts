import { geoContains } from "d3-geo";
import fc from "fast-check";
import type { Polygon } from "geojson";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { greatCircleKm } from "../../src/core/sphere.js";
import { Cube } from "../../src/cube/cube.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { catchments } from "../../src/steer/catchments/catchments.js";
import { catchmentsGeoJson } from "../../src/steer/catchments/catchmentsGeoJson.js";
import { sphericalVoronoi } from "../../src/steer/catchments/sphericalVoronoi.js";
import { latencyModel } from "../../src/steer/latencyModel.js";

const SERVERS = [
  { name: "fra", lat: 50.11, lon: 8.68 },
  { name: "iad", lat: 39.04, lon: -77.49 },
  { name: "nrt", lat: 35.77, lon: 140.39 },
];
const CITIES = [
  { country: "DE", city: "Berlin", lat: 52.52, lon: 13.4 },
  { country: "FR", city: "Paris", lat: 48.86, lon: 2.35 },
  { country: "US", city: "Boston", lat: 42.36, lon: -71.06 },
  { country: "US", city: "Denver", lat: 39.74, lon: -104.99 },
  { country: "JP", city: "Osaka", lat: 34.69, lon: 135.5 },
  { country: "SG", city: "Singapore", lat: 1.35, lon: 103.82 },
];
const usualMs = (c: (typeof CITIES)[number], s: (typeof SERVERS)[number]): number =>
  10 + 0.015 * greatCircleKm(c.lat, c.lon, s.lat, s.lon);
/** Everybody is at the nearest server but Paris, which is sent to America; of every other pair, a little is seen. */
const cube = cubeOf((c, s) => (c.city === "Paris" ? s.name === "iad" : usualMs(c, s) < 20 + least(c)));

test("who goes to the wrong server is named with what it loses; requests add up", () => {
  const found = catchments(cube, SERVERS);
  expect(found.places[0]).toMatchObject({ city: "Paris", today: "iad", best: "fra", requests: 200 });
  const paris = CITIES[1]!;
  const lost = usualMs(paris, SERVERS[1]!) - usualMs(paris, SERVERS[0]!);
  expect(found.places[0]!.regretMs / lost).toBeGreaterThan(0.7);
  expect(found.places[0]!.regretMs / lost).toBeLessThan(1.3);
  expect(found.places[0]!.surelyMisplaced).toBe(200);
  expect(found.regions[0]!.country).toBe("FR");
  for (const one of found.places.slice(1)) expect(one.today).toBe(one.best);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  expect(sum(found.servers.map(({ today }) => today))).toBe(found.total.requests);
  expect(sum(found.servers.map(({ best }) => best))).toBe(found.total.requests);
  expect(found.total.requests + found.leftOut).toBe(sum(Array.from(cube.groups.count)));
});

test("a log tells what it has and predicts what it has not", () => {
  const model = latencyModel({ cube, servers: SERVERS });
  const { places } = cube;
  for (let row = 1; row < places.length; row++) {
    const where = {
      lat: places.lat[row]!,
      lon: places.lon[row]!,
      accuracyKm: Math.max(0, places.accuracyKm[row]! || 0),
    };
    const city = CITIES.find(({ city: name }) => name === places.cities.value(places.city[row]!))!;
    for (const server of SERVERS) {
      const told = model.predict(where, server.name);
      expect(told.ms / usualMs(city, server), `${city.city} ${server.name}`).toBeGreaterThan(0.7);
      expect(told.ms / usualMs(city, server), `${city.city} ${server.name}`).toBeLessThan(1.4);
    }
  }
  expect(() => latencyModel({ cube, servers: [{ name: "x", lat: 0, lon: 0 }] })).toThrow(/serverDimension/);
});

test("catchments are outlines of cells, with the nearest server beneath", () => {
  const { features } = catchmentsGeoJson(catchments(cube, SERVERS));
  const layers = features.map(({ properties }) => `${properties.layer} ${properties.server}`);
  expect(layers).toContain("nearest nrt");
  expect(layers).toContain("today iad");
  expect(layers).toContain("best fra");
  const isIn = (layer: string) =>
    features
      .find((f) => `${f.properties.layer} ${f.properties.server}` === layer)!
      .geometry.coordinates.some((rings) =>
        geoContains(
          { type: "Polygon", coordinates: rings.map((ring) => [...ring].reverse()) } as Polygon,
          [2.35, 48.86],
        ),
      );
  expect([isIn("today iad"), isIn("best fra"), isIn("best iad")]).toEqual([true, true, false]);
});

test("a Voronoi cell holds what is nearer to its point than to any other; also on one great circle, and of two", () => {
  const random = new Random(1);
  const point = fc.record({
    lat: fc.double({ min: -80, max: 80, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  const holds = (points: readonly { lat: number; lon: number }[]): void => {
    const cells = sphericalVoronoi(points);
    for (let i = 0; i < 20; i++) {
      const [lat, lon] = [(180 / Math.PI) * Math.asin(2 * random.next() - 1), 360 * random.next() - 180];
      const km = points.map((p) => greatCircleKm(lat, lon, p.lat, p.lon));
      const order = [...km].sort((a, b) => a - b);
      if (points.length > 1 && order[1]! - order[0]! < 100) continue;
      const inside = cells.map(({ coordinates }) =>
        coordinates.some(
          ([outside, ...holes]) => isInRing(outside!, lon, lat) && !holes.some((hole) => isInRing(hole, lon, lat)),
        ),
      );
      expect(inside.indexOf(true), JSON.stringify({ points, lat, lon })).toBe(km.indexOf(order[0]!));
      expect(inside.filter(Boolean)).toHaveLength(1);
    }
  };
  holds([{ lat: 0, lon: 0 }]);
  holds([
    { lat: 0, lon: 0 },
    { lat: 0, lon: 90 },
  ]);
  holds([
    { lat: 0, lon: 0 },
    { lat: 0, lon: 10 },
    { lat: 0, lon: 20 },
    { lat: 0, lon: 30 },
  ]);
  holds([
    { lat: 50, lon: 8 },
    { lat: 39, lon: -77 },
    { lat: 35, lon: 140 },
  ]);
  fc.assert(
    fc.property(
      fc.uniqueArray(point, {
        minLength: 4,
        maxLength: 12,
        selector: (p) => Math.round(p.lat / 5) * 100 + Math.round(p.lon / 5),
      }),
      holds,
    ),
    { numRuns: 30 },
  );
});

function least(c: (typeof CITIES)[number]): number {
  return Math.min(...SERVERS.map((s) => usualMs(c, s)));
}

function cubeOf(goes: (c: (typeof CITIES)[number], s: (typeof SERVERS)[number]) => boolean): Cube {
  const random = new Random(7);
  const rows = CITIES.flatMap((c) =>
    SERVERS.filter((s) => goes(c, s)).flatMap((s) =>
      Array.from({ length: 200 }, (_, i) => ({
        ts: 1_760_000_000 + 18 * i,
        ip: `203.0.113.${i % 50}`,
        latency_ms: usualMs(c, s) * Math.exp(0.1 * random.normal()),
        pop: s.name,
        "geo.country.iso_code": c.country,
        "geo.locality.name": c.city,
        "geo.location.lat": c.lat,
        "geo.location.lon": c.lon,
      })),
    ),
  );
  return Cube.from(eventsFromObjects(rows), { bucketSeconds: 3600, dimensions: ["pop"] });
}

/** Ray casting in longitude and latitude. */
function isInRing(ring: readonly (readonly number[])[], lon: number, lat: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi, xj, yj] = [ring[i]![0]!, ring[i]![1]!, ring[j]![0]!, ring[j]![1]!];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
