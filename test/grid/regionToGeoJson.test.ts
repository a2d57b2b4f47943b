import area from "@turf/area";
import fc from "fast-check";
import type { MultiPolygon, Polygon } from "geojson";
import { gridDisk, latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { greatCircleKm } from "../../src/grid/distance.js";
import { CountryIndex } from "../../src/grid/regions/countryIndex.js";
import { readShape } from "../../src/grid/regions/readShape.js";
import { type DrawnRegion, regionToGeoJson } from "../../src/grid/regions/regionToGeoJson.js";
import { ShapeIndex } from "../../src/grid/regions/shapeIndex.js";

const AUTHALIC_KM = 6371.007;
const km2 = (shape: MultiPolygon): number => area(shape) / 1e6;
const polygon = (...ring: [number, number][]): Polygon => ({ type: "Polygon", coordinates: [ring] });

/** Even-odd rule over all rings, in the plane of the map; the drawing must not cross the antimeridian. */
function holds({ coordinates }: MultiPolygon, lat: number, lon: number): boolean {
  let inside = false;
  for (const ring of coordinates.flat())
    for (let i = 1; i < ring.length; i++) {
      const [[x1, y1], [x2, y2]] = [ring[i - 1] as [number, number], ring[i] as [number, number]];
      if (y1 > lat !== y2 > lat && lon < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
  return inside;
}

/** What RFC 7946 asks of every MultiPolygon: closed rings on the map, outsides counter-clockwise, holes clockwise, no jumps. */
function checkRfc7946(drawn: MultiPolygon): void {
  for (const rings of drawn.coordinates)
    rings.forEach((ring, i) => {
      expect(ring[0]).toEqual(ring.at(-1));
      expect(ring.length).toBeGreaterThanOrEqual(4);
      let twice = 0;
      for (let k = 1; k < ring.length; k++) {
        const [[x1, y1], [x2, y2]] = [ring[k - 1] as [number, number], ring[k] as [number, number]];
        twice += x1 * y2 - x2 * y1;
        expect(Math.abs(x2)).toBeLessThanOrEqual(180);
        expect(Math.abs(y2)).toBeLessThanOrEqual(90);
      }
      expect(Math.sign(twice)).toBe(i === 0 ? 1 : -1);
    });
}

test.each([
  ["Basel", 47.56, 7.59, 250],
  ["Fiji, across the antimeridian", -17.7, 178.1, 600],
  ["the antimeridian from the east", 10, -179.9, 300],
  ["the north pole inside", 85, 33, 1500],
  ["the south pole itself", -90, 0, 1000],
  ["just short of a pole", 80, -120, 1000],
  ["more than half of the Earth", 20, 100, 12_000],
  ["a small one", 0, 0, 0.5],
])("a circle around %s holds what greatCircleKm says, and has its area", (_, lat, lon, radiusKm) => {
  const drawn = regionToGeoJson({ lat, lon, radiusKm });
  checkRfc7946(drawn);
  const cap = 2 * Math.PI * AUTHALIC_KM ** 2 * (1 - Math.cos(radiusKm / AUTHALIC_KM));
  expect(km2(drawn) / cap).toBeCloseTo(1, 2);
  fc.assert(
    fc.property(
      fc.double({ min: -89.9, max: 89.9, noNaN: true }),
      fc.double({ min: -179.9, max: 179.9, noNaN: true }),
      (y, x) => {
        const km = greatCircleKm(lat, lon, y, x);
        if (Math.abs(km / radiusKm - 1) < 0.01) return;
        expect(holds(drawn, y, x)).toBe(km < radiusKm);
      },
    ),
    { numRuns: 300 },
  );
});

test("a circle of no radius is nothing, one of half the Earth's girth is the Earth", () => {
  expect(regionToGeoJson({ lat: 1, lon: 2, radiusKm: 0 })).toEqual({ type: "MultiPolygon", coordinates: [] });
  expect(km2(regionToGeoJson({ lat: 1, lon: 2, radiusKm: 20_100 })) / (4 * Math.PI * AUTHALIC_KM ** 2)).toBeCloseTo(
    1,
    3,
  );
});

test("a region of countries, circles, polygons, cells and other regions is their union, point for point", () => {
  const cell = latLngToCell(60, 10, 3);
  const box = polygon([2, 44], [9, 44], [9, 49], [2, 49], [2, 44]);
  const groups = {
    alps: ["CH", "Austria"],
    sales: ["DE", { group: "alps" }, { polygon: box }, cell, { lat: 50, lon: 4, radiusKm: 150 }],
  };
  const drawn = regionToGeoJson("sales", { groups });
  checkRfc7946(drawn);
  // Dissolved: no border is left between Switzerland and Germany, and the cell in Norway stands alone.
  expect(drawn.coordinates.length).toBeLessThan(20);
  const countries = new CountryIndex();
  const index = new ShapeIndex([readShape(box, "box"), readShape(regionToGeoJson(cell), "cell")]);
  fc.assert(
    fc.property(fc.double({ min: 40, max: 65, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), (y, x) => {
      const expected =
        ["DE", "CH", "AT"].includes(countries.codeAt(y, x)) ||
        index.find(y, x) >= 0 ||
        greatCircleKm(50, 4, y, x) <= 149;
      if (!expected && greatCircleKm(50, 4, y, x) < 151) return;
      expect(holds(drawn, y, x)).toBe(expected);
    }),
    { numRuns: 500 },
  );
  expect(regionToGeoJson(groups.sales as DrawnRegion, { groups })).toEqual(drawn);
});

test("polygons across the antimeridian, around a pole and with holes are drawn as they are looked up", () => {
  const shapes = {
    across: polygon([170, -30], [-170, -30], [-170, 0], [170, 0], [170, -30]),
    beyond: polygon([170, 10], [190, 10], [190, 30], [170, 30], [170, 10]),
    clockwise: polygon([0, 0], [0, 10], [10, 10], [10, 0], [0, 0]),
    north: polygon([0, 70], [90, 75], [180, 70], [-90, 75], [0, 70]),
    south: polygon([0, -70], [90, -60], [180, -70], [-90, -70], [0, -70]),
    holed: {
      type: "Polygon",
      coordinates: [
        [
          [20, 20],
          [60, 20],
          [60, 50],
          [20, 50],
          [20, 20],
        ],
        [
          [30, 30],
          [50, 30],
          [50, 40],
          [30, 40],
          [30, 30],
        ],
      ],
    } as Polygon,
  };
  const random = fc.tuple(
    fc.double({ min: -89.9, max: 89.9, noNaN: true }),
    fc.double({ min: -179.9, max: 179.9, noNaN: true }),
  );
  for (const [name, value] of Object.entries(shapes)) {
    const drawn = regionToGeoJson({ polygon: value });
    checkRfc7946(drawn);
    const index = new ShapeIndex([readShape(value, name)]);
    fc.assert(
      fc.property(random, ([y, x]) => {
        expect([name, holds(drawn, y, x)]).toEqual([name, index.find(y, x) >= 0]);
      }),
      { numRuns: 400 },
    );
  }
  const all = regionToGeoJson(Object.values(shapes).map((value) => ({ polygon: value })));
  checkRfc7946(all);
  const each = Object.values(shapes).map((value) => km2(regionToGeoJson({ polygon: value })));
  expect(km2(all) / each.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
});

test("countries that the antimeridian cuts, and the one around a pole, are drawn whole", () => {
  const countries = new CountryIndex();
  for (const [code, y, x] of [
    ["RU", 66, -172],
    ["FJ", -16.5, 179.9],
    ["AQ", -89, 40],
    ["US", 52, 173],
  ] as const) {
    const drawn = regionToGeoJson(code);
    checkRfc7946(drawn);
    expect([code, holds(drawn, y, x)]).toEqual([code, countries.codeAt(y, x) === code]);
  }
});

test("a finding is its cells, without them its countries, and nothing without either", () => {
  const cells = gridDisk(latLngToCell(-17, 179.9, 4), 2);
  const region = { name: "Fiji", cells, countries: ["FJ"], subdivisions: [], cities: [], centroid: null };
  const drawn = regionToGeoJson({ region });
  checkRfc7946(drawn);
  expect(regionToGeoJson(region)).toEqual(drawn);
  expect(km2(regionToGeoJson({ region: { ...region, cells: [] } }))).toBeCloseTo(km2(regionToGeoJson("FJ")), 3);
  expect(regionToGeoJson({ ...region, cells: [], countries: [] }).coordinates).toEqual([]);
});

test("an outline may be simplified: fewer points, about the same area", () => {
  const [exact, rough] = [regionToGeoJson("NO"), regionToGeoJson("NO", { toleranceKm: 20 })];
  const points = ({ coordinates }: MultiPolygon) => coordinates.flat(2).length;
  expect(points(rough)).toBeLessThan(points(exact) / 2);
  expect(km2(rough) / km2(exact)).toBeCloseTo(1, 1);
  checkRfc7946(rough);
});

test("what no map outlines is an error, unless the rest is to be drawn", () => {
  const groups = { mixed: ["CH", "10.0.0.0/8", "DE-HE", { country: "US", region: "Oregon" }] };
  expect(() => regionToGeoJson("mixed", { groups })).toThrow(expect.objectContaining({ code: "no-outline" }));
  expect(regionToGeoJson("mixed", { groups, undrawn: "skip" })).toEqual(regionToGeoJson("CH"));
  expect(() => regionToGeoJson("Atlantis")).toThrow(expect.objectContaining({ code: "bad-group" }));
});

test.each([
  ["a bow tie", polygon([0, 0], [10, 10], [10, 0], [0, 10], [0, 0]), 5, 5],
  ["one across the antimeridian", polygon([175, 0], [-175, 10], [-175, 0], [175, 10], [175, 0]), 180, 5],
  ["a star drawn in one line", polygon([0, 10], [6, -8], [-9.5, 3], [9.5, 3], [-6, -8]), undefined, undefined],
])("a polygon that crosses itself is refused: %s", (_, value, lon, lat) => {
  const error = expect.objectContaining({ code: "self-crossing" });
  expect(() => readShape(value, "x")).toThrow(error);
  expect(() => regionToGeoJson({ polygon: value })).toThrow(error);
  if (lon !== undefined)
    expect(() => readShape(value, "x")).toThrow(expect.objectContaining({ details: { name: "x", lon, lat } }));
});

test("a ring may touch itself, repeat points and hold points in a row", () => {
  readShape(polygon([0, 0], [5, 0], [5, 0], [10, 0], [10, 10], [5, 0], [0, 10], [0, 0]), "touches");
  readShape(polygon([-180, -60], [180, -60], [180, -90], [-180, -90], [-180, -60]), "all around");
});

test("random rings cross themselves when a pair of their edges does, and 50,000 points are looked through at once", () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }));
  const side = ([x1, y1]: number[], [x2, y2]: number[], [x, y]: number[]) =>
    Math.sign((x2! - x1!) * (y! - y1!) - (y2! - y1!) * (x! - x1!));
  fc.assert(
    fc.property(fc.uniqueArray(point, { minLength: 3, maxLength: 12, selector: String }), (ring) => {
      const edges = ring.map((from, i) => [from, ring[(i + 1) % ring.length]!] as const);
      const crossing = edges.some(([a, b]) =>
        edges.some(([c, d]) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0),
      );
      let code = "";
      try {
        readShape(polygon(...ring), "x");
      } catch (error) {
        code = (error as { code: string }).code;
      }
      expect(code).toBe(crossing ? "self-crossing" : "");
    }),
    { numRuns: 500 },
  );
  const jagged = Array.from({ length: 50_000 }, (_, i): [number, number] => {
    const [angle, radius] = [(2 * Math.PI * i) / 50_000, 20 + (i % 2) * 0.01 + Math.sin(i / 50)];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const from = process.cpuUsage();
  readShape(polygon(...jagged), "jagged");
  const { user, system } = process.cpuUsage(from);
  expect((user + system) / 1e6).toBeLessThan(2);
});
