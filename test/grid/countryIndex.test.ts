import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { CountryIndex } from "../../src/grid/regions/countryIndex.js";
import { countryByBruteForce, nearestByBruteForce } from "./bruteForceCountries.js";
import { hardPoints, REGIONS } from "./hardPoints.js";

const index = new CountryIndex();

test("a million random points find their countries, two thousand of them as by brute force", () => {
  const { lats, lons } = hardPoints(REGIONS["the sphere"]!, 1_000_000, 0, new Random(5));
  const found = index.findAll(lats, lons);
  for (let i = 0; i < 2_000; i++) {
    const expected = countryByBruteForce(lats[i]!, lons[i]!);
    if (found[i] !== expected) expect([lats[i], lons[i], found[i]]).toEqual([lats[i], lons[i], expected]);
  }
  const onLand = found.filter((row) => row >= 0).length / found.length;
  expect(onLand).toBeGreaterThan(0.28);
  expect(onLand).toBeLessThan(0.3);
});

test.each(["the poles", "the antimeridian"])("points near %s find their countries as by brute force", (name) => {
  const { lats, lons } = hardPoints(REGIONS[name]!, 800, 0, new Random(6));
  const found = index.findAll(lats, lons);
  for (let i = 0; i < lats.length; i++) {
    const expected = countryByBruteForce(lats[i]!, lons[i]!);
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

test("the nearest country within a tolerance is that of the nearest of all edges", () => {
  const { lats, lons } = hardPoints(REGIONS["the sphere"]!, 100, 0, new Random(8));
  let near = 0;
  for (const [i, lat] of lats.entries()) {
    const lon = lons[i]!;
    if (index.find(lat, lon) >= 0) continue;
    const { country, km } = nearestByBruteForce(lat, lon);
    const expected = km <= 300 ? index.countries[country]!.code : "";
    expect([lat, lon, index.nearest(lat, lon, 300)]).toEqual([lat, lon, expected]);
    if (expected !== "") near++;
  }
  expect(near).toBeGreaterThan(5);
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
