import fc from "fast-check";
import { cellToBoundary, gridDisk, latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { findingsGeoJson } from "../../src/report/payloads/findingsGeoJson.js";
import { findingExample } from "./findingExample.js";

const around = (lat: number, lon: number, resolution: number, k: number) =>
  findingExample({
    region: {
      ...findingExample().region,
      cells: gridDisk(latLngToCell(lat, lon, resolution), k),
      centroid: { lat, lon },
    },
  });

test("a finding is a feature with its id, its outline and the contract's fields", () => {
  const { type, features } = findingsGeoJson([findingExample()]);
  expect(type).toBe("FeatureCollection");
  expect(features[0]).toMatchObject({
    type: "Feature",
    id: "outage-1",
    geometry: { type: "MultiPolygon" },
    properties: { severity: "critical", start: "2026-03-02T12:00:00.000Z", region: "Germany", countries: ["DE"] },
  });
  expect(features[0]!.properties).not.toHaveProperty("cells");
});

test("without cells the geometry is the centroid, and without that null", () => {
  const region = { ...findingExample().region, cells: [] };
  const { features } = findingsGeoJson([
    findingExample({ region }),
    findingExample({ region: { ...region, centroid: null } }),
  ]);
  expect(features.map((f) => f.geometry)).toEqual([{ type: "Point", coordinates: [9.7, 50.9] }, null]);
});

test("outer rings run counter-clockwise, are closed, and stay within [-180, 180] wherever the cells lie", () => {
  const point = fc.record({
    lat: fc.double({ min: -85, max: 85, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  fc.assert(
    fc.property(point, fc.integer({ min: 1, max: 5 }), ({ lat, lon }, resolution) => {
      const { geometry } = findingsGeoJson([around(lat, lon, resolution, 1)]).features[0]!;
      if (geometry?.type !== "MultiPolygon") throw new Error("no outline");
      for (const [outside] of geometry.coordinates) {
        expect(outside![0]).toEqual(outside!.at(-1));
        expect(outside!.every(([x, y]) => Math.abs(x!) <= 180 && Math.abs(y!) <= 90)).toBe(true);
        expect(area(outside!)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 200 },
  );
});

test("the outline of one cell is the boundary that h3-js draws", () => {
  const cell = latLngToCell(50.1, 8.7, 4);
  const region = { ...findingExample().region, cells: [cell] };
  const { geometry, bbox } = findingsGeoJson([findingExample({ region })]).features[0]!;
  const ring = geometry?.type === "MultiPolygon" ? geometry.coordinates[0]![0]! : [];
  const round = (points: readonly (readonly number[])[]) => points.map((p) => p.map((x) => x.toFixed(9)).join()).sort();
  expect(round(ring.slice(1))).toEqual(round(cellToBoundary(cell, true).slice(1)));
  expect(bbox![0]).toBeCloseTo(Math.min(...ring.map((p) => p[0]!)));
  expect(bbox![3]).toBeCloseTo(Math.max(...ring.map((p) => p[1]!)));
});

test("around Fiji the outline is split at the antimeridian and its box crosses it", () => {
  const { geometry, bbox } = findingsGeoJson([around(-17, 179.9, 3, 1)]).features[0]!;
  if (geometry?.type !== "MultiPolygon") throw new Error("no outline");
  expect(geometry.coordinates.length).toBeGreaterThan(1);
  expect(bbox![0]).toBeGreaterThan(170);
  expect(bbox![2]).toBeLessThan(-170);
});

test("a cell that is none is refused", () => {
  const region = { ...findingExample().region, cells: ["not-a-cell"] };
  expect(() => findingsGeoJson([findingExample({ region })])).toThrow(expect.objectContaining({ code: "bad-cell" }));
});

function area(ring: readonly (readonly number[])[]): number {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1]![0]! * ring[i]![1]! - ring[i]![0]! * ring[i - 1]![1]!;
  return sum / 2;
}
