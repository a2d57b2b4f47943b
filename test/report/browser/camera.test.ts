import { geoEqualEarth, geoMercator } from "d3-geo";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Camera, keptOnWorld, latitudeTerms, viewOf, wrapLongitude } from "../../../src/report/app/map/camera.js";

const [WIDTH, HEIGHT] = [1000, 600];
const lon = fc.double({ min: -179.9, max: 179.9, noNaN: true });
const lat = fc.double({ min: -80, max: 80, noNaN: true });
const zoom = fc.double({ min: 0, max: 8, noNaN: true }).map((power) => 2 ** power);
const view = fc.record({ lon, lat, zoom });

test("from afar the map is d3's Equal Earth turned to the view's meridian", () => {
  fc.assert(
    fc.property(lon, lat, lon, lat, (centreLon, centreLat, pointLon, pointLat) => {
      const camera = new Camera({ lon: centreLon, lat: centreLat, zoom: 1 }, WIDTH, HEIGHT);
      const d3 = geoEqualEarth()
        .rotate([-centreLon, 0])
        .scale(camera.scale)
        .translate([WIDTH / 2, HEIGHT / 2]);
      const [x, y] = camera.project(pointLon, pointLat);
      const [expectedX, expectedY] = d3([pointLon, pointLat])!;
      const shift = d3([centreLon, centreLat])![1] - HEIGHT / 2;
      expect(Math.abs(x - expectedX) % (360 * camera.stretch(latitudeTerms(pointLat)))).toBeLessThan(1e-6);
      expect(y).toBeCloseTo(expectedY - shift, 6);
    }),
  );
});

test("from near by the map is d3's Mercator, true to size at the centre", () => {
  fc.assert(
    fc.property(lon, lat, fc.double({ min: -5, max: 5, noNaN: true }), (centreLon, centreLat, step) => {
      const camera = new Camera({ lon: centreLon, lat: centreLat, zoom: 100 }, WIDTH, HEIGHT);
      const scale = camera.scale * Math.cos((centreLat * Math.PI) / 180);
      const d3 = geoMercator()
        .scale(scale)
        .center([0, centreLat])
        .rotate([-centreLon, 0])
        .translate([WIDTH / 2, HEIGHT / 2]);
      const point: [number, number] = [wrapLongitude(centreLon + step), centreLat + step / 2];
      const [x, y] = camera.project(...point);
      const [expectedX, expectedY] = d3(point)!;
      expect(x).toBeCloseTo(expectedX, 4);
      expect(y).toBeCloseTo(expectedY, 4);
    }),
  );
});

test("inverting a projected point gives the point, at every magnification", () => {
  fc.assert(
    fc.property(view, lon, lat, (at, pointLon, pointLat) => {
      const camera = new Camera(at, WIDTH, HEIGHT);
      const [backLon, backLat] = camera.invert(...camera.project(pointLon, pointLat))!;
      expect(Math.abs(wrapLongitude(backLon - pointLon))).toBeLessThan(1e-6);
      expect(backLat).toBeCloseTo(pointLat, 6);
    }),
  );
});

test("a move brings the point at one pixel to another, whatever the magnification does", () => {
  const pixel = fc.tuple(fc.integer({ min: 300, max: 700 }), fc.integer({ min: 200, max: 400 }));
  const middling = fc.record({ lon, lat: fc.double({ min: -30, max: 30, noNaN: true }), zoom: zoom.map((z) => 4 * z) });
  fc.assert(
    fc.property(middling, pixel, pixel, fc.double({ min: 0.5, max: 2, noNaN: true }), (at, from, to, factor) => {
      const before = new Camera(at, WIDTH, HEIGHT);
      const held = before.invert(...from)!;
      const after = new Camera(before.moved(from, to, factor), WIDTH, HEIGHT);
      const [x, y] = after.project(...held);
      expect(x).toBeCloseTo(to[0], 3);
      expect(y).toBeCloseTo(to[1], 3);
    }),
  );
});

test("the view of a box shows all of it, and not from further away than it must", () => {
  const box = fc.record({
    west: lon,
    south: fc.double({ min: -60, max: 50, noNaN: true }),
    wide: fc.double({ min: 0.1, max: 60, noNaN: true }),
    high: fc.double({ min: 0.1, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(box, ({ west, south, wide, high }) => {
      const bounds = { west, east: west + wide, south, north: south + high };
      const camera = new Camera(viewOf(bounds, WIDTH, HEIGHT, 400), WIDTH, HEIGHT);
      const corners = [camera.project(west, south), camera.project(west + wide, south + high)];
      for (const [x, y] of corners) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(WIDTH);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(HEIGHT);
      }
      const [across, along] = [corners[1]![0] - corners[0]![0], corners[0]![1] - corners[1]![1]];
      if (camera.view.zoom < 399) expect(Math.max(across / WIDTH, along / HEIGHT)).toBeGreaterThan(0.5);
    }),
  );
});

test("panning never leaves the screen empty above or below the world, and never moves a view that does not", () => {
  const anywhere = fc.record({ lon, lat: fc.double({ min: -84, max: 84, noNaN: true }), zoom });
  fc.assert(
    fc.property(anywhere, (at) => {
      const kept = keptOnWorld(at, WIDTH, HEIGHT);
      const edges = (v: typeof kept) => {
        const camera = new Camera(v, WIDTH, HEIGHT);
        return [camera.y(latitudeTerms(84)), camera.y(latitudeTerms(-72))] as const;
      };
      expect([kept.lon, kept.zoom]).toEqual([at.lon, at.zoom]);
      const [top, bottom] = edges(kept);
      if (bottom - top < HEIGHT) return; // the whole world fits
      expect(top).toBeLessThanOrEqual(1);
      expect(bottom).toBeGreaterThanOrEqual(HEIGHT - 1);
      const before = edges(at);
      if (before[0] <= 0 && before[1] >= HEIGHT) expect(kept).toEqual(at);
    }),
  );
});

test("what can be seen lies in the box that says so", () => {
  fc.assert(
    fc.property(view, fc.integer({ min: 0, max: WIDTH }), fc.integer({ min: 0, max: HEIGHT }), (at, x, y) => {
      const camera = new Camera(at, WIDTH, HEIGHT);
      const point = camera.invert(x, y);
      if (!point) return;
      const { west, east, south, north } = camera.seen;
      expect(point[1]).toBeGreaterThanOrEqual(south - 1e-6);
      expect(point[1]).toBeLessThanOrEqual(north + 1e-6);
      const turn = wrapLongitude(point[0] - camera.view.lon);
      expect(turn).toBeGreaterThanOrEqual(west - camera.view.lon - 1e-6);
      expect(turn).toBeLessThanOrEqual(east - camera.view.lon + 1e-6);
    }),
  );
});
