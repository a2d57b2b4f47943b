import fc from "fast-check";
import { greatCircleDistance, UNITS } from "h3-js";
import { expect, test } from "vitest";
import {
  chordKm,
  EARTH_RADIUS_KM,
  greatCircleKm,
  kmChord,
  SphericalCentroid,
  unitVectors,
} from "../../src/core/sphere.js";

const lat = fc.double({ min: -90, max: 90, noNaN: true });
const lon = fc.double({ min: -180, max: 180, noNaN: true });

test("great circles are those of h3-js, by coordinates and by unit vectors", () => {
  fc.assert(
    fc.property(lat, lon, lat, lon, (lat1, lon1, lat2, lon2) => {
      const theirs = greatCircleDistance([lat1, lon1], [lat2, lon2], UNITS.km);
      expect(Math.abs(greatCircleKm(lat1, lon1, lat2, lon2) - theirs)).toBeLessThan(1e-3);
      const v = unitVectors([lat1, lat2], [lon1, lon2]);
      const chord = Math.hypot(v[0]! - v[3]!, v[1]! - v[4]!, v[2]! - v[5]!);
      expect(Math.abs(chordKm(chord) - theirs)).toBeLessThan(0.5); // near the antipode a chord says little
      expect(Math.abs(kmChord(theirs) - chord)).toBeLessThan(1e-9);
    }),
  );
  expect(greatCircleKm(0, 0, 0, 180)).toBeCloseTo(Math.PI * EARTH_RADIUS_KM, 6);
  expect(greatCircleKm(0, Number.NaN, 0, 1)).toBeNaN();
});

test("a centroid meets at the antimeridian and over the poles, turns with the globe, and is null where points balance", () => {
  const centroid = (points: readonly (readonly [number, number, number])[]) => {
    const sum = new SphericalCentroid();
    for (const [y, x, weight] of points) sum.add(y, x, weight);
    return sum.point();
  };
  expect(centroid([])).toBeNull();
  expect(centroid([[10, 20, 0]])).toBeNull();
  expect(
    centroid([
      [0, 0, 1],
      [0, 180, 1],
    ]),
  ).toBeNull();
  expect(
    centroid([
      [Number.NaN, 0, 5],
      [50, 8, 1],
    ])?.lat,
  ).toBeCloseTo(50, 9);
  expect(
    Math.abs(
      centroid([
        [10, 179, 1],
        [10, -179, 1],
      ])!.lon,
    ),
  ).toBeCloseTo(180, 9);
  expect(
    centroid([
      [80, 0, 1],
      [80, 180, 1],
    ])?.lat,
  ).toBeCloseTo(90, 9);
  fc.assert(
    fc.property(fc.array(fc.tuple(lat, lon, fc.integer({ min: 1, max: 9 })), { minLength: 1 }), lon, (points, turn) => {
      const [here, there] = [centroid(points), centroid(points.map(([y, x, w]) => [y, x + turn, w]))];
      if (here === null || there === null) return;
      expect(there.lat).toBeCloseTo(here.lat, 4);
      if (Math.abs(here.lat) > 89.9) return;
      expect(Math.cos(((there.lon - here.lon - turn) * Math.PI) / 180)).toBeCloseTo(1, 6);
    }),
  );
});
