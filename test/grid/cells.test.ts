import area from "@turf/area";
import fc from "fast-check";
import { areNeighborCells, cellArea, cellToParent, getRes0Cells, gridDisk, latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { cellAdjacency } from "../../src/grid/cellAdjacency.js";
import { cellResolution, toParents } from "../../src/grid/cellParent.js";
import { cellHalves, cellText } from "../../src/grid/cellText.js";
import { denseCells } from "../../src/grid/denseCells.js";
import { greatCircleKm, rowsWithinKm, surelyApartKm } from "../../src/grid/distance.js";
import { latLngsToCellHalves, latLngsToCells } from "../../src/grid/latLngsToCells.js";
import { cellsToGeoJson } from "../../src/grid/outlines/cellsToGeoJson.js";

const lat = fc.double({ min: -90, max: 90, noNaN: true });
const lon = fc.double({ min: -180, max: 180, noNaN: true });
const resolution = fc.integer({ min: 0, max: 15 });
const halves = (cells: readonly string[]) => {
  const both = cells.map(cellHalves);
  return { low: Uint32Array.from(both, ([l]) => l), high: Uint32Array.from(both, ([, h]) => h) };
};

test("latLngsToCells gives h3-js's cells", () => {
  fc.assert(
    fc.property(lat, lon, resolution, (y, x, r) => {
      expect(latLngsToCells([y], [x], r)[0]!.toString(16)).toBe(latLngToCell(y, x, r));
    }),
  );
});

test("a point that is not on Earth throws its row, or is the null cell", () => {
  const lats = [50, 91, Number.NaN];
  const lons = [8, 0, 0];
  expect(() => latLngsToCells(lats, lons, 5)).toThrow("row 1: latitude 91, longitude 0 is not a point on Earth");
  const first = BigInt(`0x${latLngToCell(50, 8, 5)}`);
  expect([...latLngsToCells(lats, lons, 5, { invalid: "null" })]).toEqual([first, 0n, 0n]);
  expect(latLngsToCellHalves(lats, lons, 5, new Uint32Array(3), new Uint32Array(3))).toBe(2);
  expect(() => latLngsToCells([0], [0], 16)).toThrow(/resolution 16/);
  expect(() => latLngsToCells([0], [], 5)).toThrow(/"lons" has 0 rows/);
});

test("cellText and cellHalves are inverse", () => {
  fc.assert(
    fc.property(lat, lon, resolution, (y, x, r) => {
      const text = latLngToCell(y, x, r);
      expect(cellText(...cellHalves(text))).toBe(text);
    }),
  );
  expect(cellText(0, 0)).toBe("");
  expect(() => cellHalves("85zz")).toThrow('"85zz" is not an H3 cell');
});

test("parents by arithmetic are h3-js's", () => {
  fc.assert(
    fc.property(lat, lon, resolution, resolution, (y, x, fine, coarse) => {
      const text = latLngToCell(y, x, fine);
      const { low, high } = halves([text]);
      toParents(low, high, coarse);
      expect(cellText(low[0]!, high[0]!)).toBe(coarse > fine ? text : cellToParent(text, coarse));
      expect(cellResolution(high[0]!)).toBe(Math.min(coarse, fine));
    }),
  );
});

test("dense cells are the distinct cells in order, and ids lead to them", () => {
  const cells = ["85283473fffffff", "", "85283447fffffff", "85283473fffffff"];
  const { low, high } = halves(cells);
  const dense = denseCells(low, high);
  const texts = Array.from(dense.low, (l, id) => cellText(l, dense.high[id]!));
  expect([...dense.ids].map((id) => texts[id])).toEqual(cells);
  expect(texts).toEqual(["", "85283447fffffff", "85283473fffffff"]);
});

test("adjacency is symmetric and holds the pairs that share an edge, pentagons among them", () => {
  for (const centre of ["851c0003fffffff", latLngToCell(50, 8, 5)]) {
    const cells = gridDisk(centre, 3);
    const { low, high } = halves(cells);
    const { offsets, neighbours } = cellAdjacency(low, high);
    const linked = new Set<string>();
    for (let i = 0; i < cells.length; i++) {
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) linked.add(`${i} ${neighbours[k]}`);
    }
    for (const [i, a] of cells.entries()) {
      for (const [j, b] of cells.entries()) expect(linked.has(`${i} ${j}`)).toBe(i !== j && areNeighborCells(a, b));
    }
  }
});

const centres = [
  [50, 8],
  [0, 180],
  [-17, 179.9],
  [66, -179.99],
  [90, 0],
  [-90, 0],
] as const;
test.each(centres)("an outline around %f, %f has the area of its cells and stays on the map", (y, x) => {
  for (const r of [3, 4]) {
    const cells = gridDisk(latLngToCell(y, x, r), 3);
    const outline = cellsToGeoJson(cells);
    const sum = cells.reduce((total, cell) => total + cellArea(cell, "m2"), 0);
    expect(area(outline) / sum).toBeCloseTo(1, 2);
    for (const [px] of outline.coordinates.flat(2)) expect(Math.abs(px!)).toBeLessThanOrEqual(180);
  }
});

test("an outline keeps holes, follows the right-hand rule, and refuses what is no cell", () => {
  const disk = gridDisk(latLngToCell(-17, 179.9, 4), 3);
  const outline = cellsToGeoJson(disk.filter((cell) => cell !== disk[0]));
  const turn = (ring: number[][]) =>
    ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0]! * y! - x! * ring[i]![1]!, 0);
  for (const polygon of outline.coordinates) {
    expect(turn(polygon[0]!)).toBeGreaterThan(0);
    for (const hole of polygon.slice(1)) expect(turn(hole)).toBeLessThan(0);
  }
  expect(cellsToGeoJson([])).toEqual({ type: "MultiPolygon", coordinates: [] });
  expect(() => cellsToGeoJson(["85zz"])).toThrow('"85zz" is not an H3 cell');
  expect(cellsToGeoJson(getRes0Cells()).coordinates.length).toBeGreaterThan(0);
});

test("distances are great circles, less the accuracy where asked", () => {
  expect(greatCircleKm(52.52, 13.405, 48.8566, 2.3522)).toBeCloseTo(877.46, 1);
  expect(greatCircleKm(0, 0, 0, 180)).toBeCloseTo(20015.11, 1);
  expect(surelyApartKm(100, 30, Number.NaN)).toBe(70);
  expect(surelyApartKm(100, 80, 80)).toBe(0);
  expect([...rowsWithinKm(50, 8, 200, [50, 51, 60], [9, 8, 8])]).toEqual([0, 1]);
});
