import { createRequire } from "node:module";
import type { MultiPolygon, Polygon } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { CountryIndex } from "../../src/grid/regions/countryIndex.js";
import { hardPoints, REGIONS } from "./hardPoints.js";

const atlas = createRequire(import.meta.url)("world-atlas/countries-50m.json") as Topology;
const features = feature(atlas, atlas.objects.countries as GeometryCollection<{ name: string }>).features;
const index = new CountryIndex();

/** Every edge of every country, flat: lon, lat, lon, lat, country; twice where it crosses the antimeridian. */
const edges = Float64Array.from(
  features.flatMap(({ geometry }, country) => {
    const { type, coordinates } = geometry as Polygon | MultiPolygon;
    const rings = (type === "Polygon" ? coordinates : coordinates.flat()) as number[][][];
    return rings.flatMap((ring) =>
      ring.slice(1).flatMap(([x2, y2], i) => {
        const [x1, y1] = ring[i] as [number, number];
        if (Math.abs(x2! - x1) <= 180) return [x1, y1, x2!, y2!, country];
        const [west, east] = x1 < 0 ? [x1, x2! - 360] : [x1 - 360, x2!];
        return [west, y1, east, y2!, country, west + 360, y1, east + 360, y2!, country];
      }),
    );
  }),
);

/** The countries whose edges are crossed an odd number of times on the way north, to a pole that belongs to none. */
function bruteForce(lat: number, lon: number): number {
  const x = lon >= 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
  const crossed = new Uint8Array(features.length);
  for (let e = 0; e < edges.length; e += 5) {
    const [x1, x2] = [edges[e]!, edges[e + 2]!];
    if (x1 > x === x2 > x) continue;
    if (edges[e + 1]! + ((x - x1) / (x2 - x1)) * (edges[e + 3]! - edges[e + 1]!) > lat) crossed[edges[e + 4]!]! ^= 1;
  }
  return crossed.indexOf(1);
}

test("a million random points find their countries, ten thousand of them as by brute force", () => {
  const { lats, lons } = hardPoints(REGIONS["the sphere"]!, 1_000_000, 0, new Random(5));
  const found = index.findAll(lats, lons);
  for (let i = 0; i < 10_000; i++) {
    const expected = bruteForce(lats[i]!, lons[i]!);
    if (found[i] !== expected) expect([lats[i], lons[i], found[i]]).toEqual([lats[i], lons[i], expected]);
  }
  const onLand = found.filter((row) => row >= 0).length / found.length;
  expect(onLand).toBeGreaterThan(0.28);
  expect(onLand).toBeLessThan(0.3);
});

test.each(["the poles", "the antimeridian"])("points near %s find their countries as by brute force", (name) => {
  const { lats, lons } = hardPoints(REGIONS[name]!, 1_500, 0, new Random(6));
  const found = index.findAll(lats, lons);
  for (let i = 0; i < lats.length; i++) {
    const expected = bruteForce(lats[i]!, lons[i]!);
    if (found[i] !== expected) expect([lats[i], lons[i], found[i]]).toEqual([lats[i], lons[i], expected]);
  }
});

test.each([
  ["DE", 50.1, 8.7],
  ["US", 64.8, -147.7],
  ["RU", 66.0, -172.0],
  ["RU", 68.0, 178.0],
  ["FJ", -16.6, 179.9],
  ["FJ", -16.8, -179.95],
  ["AQ", -89.9, 12],
  ["LS", -29.6, 28.2],
  ["ZA", -26.2, 28.0],
  ["XK", 42.6, 21.0],
  ["SM", 43.94, 12.46],
  ["", 0, -30],
  ["", 89, 0],
])("%s holds %f, %f", (code, lat, lon) => {
  expect(index.codeAt(lat, lon)).toBe(code);
  expect(index.codeAt(lat, lon + 360)).toBe(code);
});

test("a tolerance brings islands and harbours ashore, and not the wrong country", () => {
  expect(index.codeAt(1.35, 104.1)).not.toBe("SG");
  expect(index.isIn("SG", 1.35, 104.1, 50)).toBe(true);
  expect(index.isIn("ZA", 26.2, 28.0, 50)).toBe(false);
  expect(index.isIn("QQ", 26.2, 28.0, 50)).toBe(false);
  expect(index.nearest(51.1, 2.2, 50)).not.toBe("");
  expect(index.nearest(0, -30, 50)).toBe("");
  expect(index.nearest(50.1, 8.7, 50)).toBe("DE");
});

test("a point that is not on Earth is in no country", () => {
  for (const [lat, lon] of [
    [91, 0],
    [Number.NaN, 0],
    [0, Number.NaN],
    [0, Infinity],
  ] as const)
    expect(index.find(lat, lon)).toBe(-1);
});
