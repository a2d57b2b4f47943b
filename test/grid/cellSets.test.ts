import area from "@turf/area";
import fc from "fast-check";
import {
  cellArea,
  cellToChildren,
  cellToLatLng,
  cellToParent,
  getResolution,
  gridDisk,
  gridRing,
  latLngToCell,
} from "h3-js";
import { expect, test } from "vitest";
import { adaptiveCells, resolutionForAccuracy } from "../../src/grid/adaptiveCells.js";
import { cellAdjacency } from "../../src/grid/cellAdjacency.js";
import { cellsAreaKm2, cellsCentroid } from "../../src/grid/cellsArea.js";
import { cellHalves, cellText } from "../../src/grid/cellText.js";
import { compactCells, expandCells } from "../../src/grid/compactCells.js";
import { greatCircleKm } from "../../src/grid/distance.js";
import { latLngsToCells } from "../../src/grid/latLngsToCells.js";
import { cellsToGeoJson } from "../../src/grid/outlines/cellsToGeoJson.js";
import { readShape } from "../../src/grid/regions/readShape.js";
import { ShapeIndex } from "../../src/grid/regions/shapeIndex.js";

const lat = fc.double({ min: -90, max: 90, noNaN: true });
const lon = fc.double({ min: -180, max: 180, noNaN: true });
const halves = (cells: readonly string[]) => {
  const both = cells.map(cellHalves);
  return { low: Uint32Array.from(both, ([l]) => l), high: Uint32Array.from(both, ([, h]) => h) };
};
const texts = ({ low, high }: { low: Uint32Array; high: Uint32Array }) =>
  Array.from(low, (l, i) => cellText(l, high[i]!));

/** A cell and some of those around it, anywhere on Earth, poles and antimeridian among them. */
const patch = (resolutions: { min: number; max: number }) =>
  fc
    .tuple(lat, lon, fc.integer(resolutions), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 2 ** 30 }))
    .map(([y, x, r, k, mask]) => {
      const cells = gridDisk(latLngToCell(y, x, r), k);
      return cells.filter((_, i) => i === 0 || (mask >>> (i % 30)) & 1);
    });

test("the parent of a cell holds its centre", () => {
  fc.assert(
    fc.property(lat, lon, fc.integer({ min: 1, max: 15 }), (y, x, r) => {
      const cell = latLngsToCells([y], [x], r)[0]!.toString(16);
      const [centreLat, centreLon] = cellToLatLng(cell);
      expect(latLngsToCells([centreLat], [centreLon], r - 1)[0]!.toString(16)).toBe(cellToParent(cell, r - 1));
    }),
  );
});

test("a k-ring is symmetric: who is my neighbour has me as neighbour", () => {
  fc.assert(
    fc.property(patch({ min: 0, max: 15 }), fc.integer({ min: 1, max: 3 }), (cells, k) => {
      const { low, high } = halves(cells);
      const { offsets, neighbours } = cellAdjacency(low, high, k);
      const rows = cells.map((_, i) => new Set(neighbours.subarray(offsets[i], offsets[i + 1])));
      rows.forEach((row, i) => {
        for (const other of row) expect(rows[other]!.has(i)).toBe(true);
      });
    }),
    { numRuns: 50 },
  );
});

test("an outline's area is the sum of its cells' within 1%, from a twelfth of the Earth down", () => {
  fc.assert(
    fc.property(patch({ min: 0, max: 8 }), (cells) => {
      const sum = cells.reduce((total, cell) => total + cellArea(cell, "m2"), 0);
      expect(Math.abs(area(cellsToGeoJson(cells)) / sum - 1)).toBeLessThan(0.01);
      expect(cellsAreaKm2([...cells, ...cells])).toBeCloseTo(sum / 1e6, 3);
    }),
    { numRuns: 200 },
  );
});

test("outlines stay on the map, close their rings and turn outsides to the left, holes to the right", () => {
  const turn = (ring: number[][]) =>
    ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0]! * y! - x! * ring[i]![1]!, 0);
  fc.assert(
    fc.property(patch({ min: 1, max: 8 }), (cells) => {
      for (const polygon of cellsToGeoJson(cells).coordinates) {
        polygon.forEach((ring, i) => {
          expect(ring[0]).toEqual(ring[ring.length - 1]);
          expect(Math.sign(turn(ring))).toBe(i === 0 ? 1 : -1);
          for (const [x, y] of ring) expect(Math.abs(x!) <= 180 && Math.abs(y!) <= 90).toBe(true);
          for (let k = 1; k < ring.length; k++) {
            const [x1, y1] = ring[k - 1]!;
            const [x2, y2] = ring[k]!;
            // Only along the frame of the map, at a pole, may an edge be long.
            if (Math.abs(x2! - x1!) > 180) expect(Math.abs(y1!) === 90 && y1 === y2).toBe(true);
          }
        });
      }
    }),
  );
});

test.each([
  [50, 8],
  [0, 179.9],
  [89.5, 0],
])("an island in a lake on an island, around %f, %f, keeps its holes apart", (y, x) => {
  const centre = latLngToCell(y, x, 4);
  const lake = new Set([...gridRing(centre, 3), centre]);
  const cells = gridDisk(centre, 6).filter((cell) => !lake.has(cell));
  const outline = cellsToGeoJson(cells);
  expect(area(outline) / 1e6 / cellsAreaKm2(cells)).toBeCloseTo(1, 2);
  const index = new ShapeIndex(
    outline.coordinates.map((polygon) => readShape({ type: "Polygon", coordinates: polygon }, "")),
  );
  for (const cell of gridDisk(centre, 6)) {
    const [cellLat, cellLon] = cellToLatLng(cell);
    expect([cell, index.findAll(cellLat, cellLon).length]).toEqual([cell, lake.has(cell) ? 0 : 1]);
  }
});

test("compaction round-trips, and a cell takes the place of all its children", () => {
  fc.assert(
    fc.property(patch({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 }), (cells, deeper) => {
      const resolution = getResolution(cells[0]!) + deeper;
      const fine = expandCells(cells, resolution);
      const compacted = compactCells(fine);
      expect(compacted.length).toBeLessThanOrEqual(cells.length);
      expect(expandCells(compacted, resolution)).toEqual(fine);
    }),
    { numRuns: 50 },
  );
  const parent = latLngToCell(50, 8, 4);
  expect(compactCells([...cellToChildren(parent, 6), parent])).toEqual([parent]);
  expect(compactCells([])).toEqual([]);
  expect(() => expandCells([parent], 15)).toThrow(/more than the 10000000 allowed/);
  expect(() => expandCells([parent], 3)).toThrow(/resolution 3/);
  expect(() => compactCells(["x"])).toThrow('"x" is not an H3 cell');
});

const traffic = fc.array(fc.tuple(lat, lon, fc.integer({ min: 0, max: 50 })), { minLength: 1, maxLength: 60 });

test("adaptive cells hold every row once, none with less than the minimum, whatever the order", () => {
  fc.assert(
    fc.property(traffic, fc.integer({ min: 0, max: 80 }), fc.integer({ min: 2, max: 9 }), (rows, minCount, r) => {
      const cells = rows.map(([y, x]) => latLngToCell(y, x, r));
      const counts = rows.map(([, , count]) => count);
      const { low, high } = halves(cells);
      const before = texts({ low, high });
      const found = adaptiveCells(low, high, counts, { minCount, coarsest: 1 });
      const shown = texts(found);
      expect(texts({ low, high })).toEqual(before);
      expect(found.counts.reduce((a, b) => a + b, 0)).toBe(counts.reduce((a, b) => a + b, 0));
      shown.forEach((cell, id) => {
        if (cell !== "") expect(found.counts[id]).toBeGreaterThanOrEqual(minCount);
      });
      cells.forEach((cell, row) => {
        const given = shown[found.ids[row]!]!;
        if (given !== "") expect(cellToParent(cell, getResolution(given))).toBe(given);
      });
      const turned = halves(cells.toReversed());
      const again = adaptiveCells(turned.low, turned.high, counts.toReversed(), { minCount, coarsest: 1 });
      expect(texts(again)).toEqual(shown);
      expect([...again.counts]).toEqual([...found.counts]);
    }),
  );
});

test("adaptive cells are fine where there is traffic and coarse where there is little or the place is vague", () => {
  const busy = latLngToCell(50.1, 8.7, 7);
  const quiet = latLngToCell(-20, 130, 7);
  const { low, high } = halves([busy, quiet, busy]);
  const plain = adaptiveCells(low, high, [100, 2, 0], { minCount: 10, coarsest: 2 });
  expect(texts(plain)).toEqual(["", busy]);
  expect([...plain.counts]).toEqual([2, 100]);
  const vague = adaptiveCells(low, high, [100, 100, 100], { minCount: 10, accuracyKm: [1, 50, Number.NaN] });
  expect(
    texts(vague)
      .map((cell) => getResolution(cell))
      .sort(),
  ).toEqual([3, 7]);
  expect(resolutionForAccuracy(1e6)).toBe(0);
  expect(resolutionForAccuracy(0)).toBe(15);
  expect(() => adaptiveCells(low, high, [1], { minCount: 1 })).toThrow(/"counts" has 1 rows/);
  expect(() => adaptiveCells(low, high, [1, 1, 1], { minCount: -1 })).toThrow(/minCount -1/);
});

test("the centroid of a disk is its centre, at the pole and on the antimeridian too", () => {
  for (const [y, x] of [
    [50, 8],
    [0, 180],
    [89.9, 0],
  ] as const) {
    const centre = latLngToCell(y, x, 5);
    const { lat: cy, lon: cx } = cellsCentroid(gridDisk(centre, 4))!;
    expect(greatCircleKm(cy, cx, ...(cellToLatLng(centre) as [number, number]))).toBeLessThan(3);
  }
  expect(cellsCentroid([])).toBeNull();
  expect(cellsCentroid(["85283473fffffff"], [0])).toBeNull();
});
