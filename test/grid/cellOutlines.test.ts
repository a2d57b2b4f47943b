import fc from "fast-check";
import { cellToBoundary, cellToLatLng, latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { cellHalves } from "../../src/grid/cellText.js";
import { cellOutlines } from "../../src/grid/outlines/cellOutlines.js";

const point = fc.record({
  lat: fc.double({ min: -89, max: 89, noNaN: true }),
  lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: 179, max: 180, noNaN: true })),
});

test("cellOutlines draws h3-js's boundaries, with longitudes that never jump", () => {
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 0, max: 7 }),
      (points, resolution) => {
        const cells = points.map(({ lat, lon }) => latLngToCell(lat, lon, resolution));
        const halves = cells.map(cellHalves);
        const drawn = cellOutlines(
          Uint32Array.from(halves, (h) => h[0]),
          Uint32Array.from(halves, (h) => h[1]),
        );
        let at = 0;
        cells.forEach((cell, i) => {
          const boundary = cellToBoundary(cell);
          expect([drawn.lat[i], drawn.lon[i]]).toEqual(cellToLatLng(cell).map(Math.fround));
          expect(drawn.vertexCount[i]).toBe(boundary.length);
          for (const [lat, lon] of boundary) {
            const turn = (drawn.outline[at]! - lon) / 360;
            expect(Math.abs(turn - Math.round(turn))).toBeLessThan(1e-6);
            expect(drawn.outline[at + 1]).toBeCloseTo(lat, 4);
            expect(Math.abs(drawn.outline[at]! - drawn.lon[i]!)).toBeLessThanOrEqual(180);
            at += 2;
          }
        });
        expect(drawn.outline.length).toBe(at);
      },
    ),
  );
});
