import fc from "fast-check";
import { latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { type Place, PlaceTable } from "../../src/core/places.js";
import { greatCircleKm } from "../../src/grid/distance.js";
import { readShape } from "../../src/grid/regions/readShape.js";
import { RegionGroups } from "../../src/grid/regions/regionGroups.js";
import { regionTree } from "../../src/grid/regions/regionTree.js";
import { ShapeIndex } from "../../src/grid/regions/shapeIndex.js";

const place = (fields: Partial<Place>): Place => ({
  country: "",
  region: "",
  regionCode: "",
  city: "",
  lat: Number.NaN,
  lon: Number.NaN,
  accuracyKm: 10,
  precision: "city",
  timeZone: "",
  ...fields,
});
const square = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const polygon = (...coordinates: number[][][]) => ({ type: "Polygon", coordinates }) as const;

test("a polygon with a hole, one across the antimeridian and one over a pole hold what they should", () => {
  const index = new ShapeIndex(
    [
      polygon(square(0, 0, 20, 20), square(5, 5, 15, 15)),
      polygon([
        [170, -10],
        [-170, -10],
        [-170, 10],
        [170, 10],
        [170, -10],
      ]),
      polygon([
        [170, 30],
        [190, 30],
        [190, 40],
        [170, 40],
      ]),
      polygon([
        [-120, 70],
        [0, 70],
        [120, 70],
        [-120, 70],
      ]),
      polygon(square(-180, -90, 180, -60)),
      polygon(square(-180, -90, 180, 90)),
    ].map((p, i) => readShape(p, String(i))),
  );
  const rows = (lat: number, lon: number) => index.findAll(lat, lon).filter((row) => row !== 5);
  expect(rows(2, 2)).toEqual([0]);
  expect(rows(10, 10)).toEqual([]);
  expect(rows(0, 179)).toEqual([1]);
  expect(rows(0, -179)).toEqual([1]);
  expect(rows(0, 180)).toEqual([1]);
  expect(rows(0, 160)).toEqual([]);
  expect(rows(35, 175)).toEqual([2]);
  expect(rows(35, -175)).toEqual([2]);
  expect(rows(80, 33)).toEqual([3]);
  expect(rows(90, 0)).toEqual([3]);
  expect(rows(60, 33)).toEqual([]);
  expect(rows(-89, 77)).toEqual([4]);
  expect(rows(-90, 0)).toEqual([4]);
  for (const [y, x] of [
    [0, 0],
    [-90, 0],
    [89.9, 180],
    [45, -180],
  ] as const)
    expect(index.findAll(y, x)).toContain(5);
});

/** Ray casting over all edges of a star around a centre, in the plane of longitude and latitude. */
function bruteForce(ring: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length]!;
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}

test("the index of polygons agrees with ray casting, wherever the polygon lies and however fine the squares are", () => {
  const radii = fc.array(fc.double({ min: 0.5, max: 25, noNaN: true }), { minLength: 3, maxLength: 40 });
  const points = fc.array(
    fc.tuple(fc.double({ min: -30, max: 30, noNaN: true }), fc.double({ min: -30, max: 30, noNaN: true })),
    {
      minLength: 20,
      maxLength: 20,
    },
  );
  const centre = fc.tuple(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -60, max: 60 }));
  fc.assert(
    fc.property(radii, points, centre, fc.constantFrom(0.5, 3, 7, 45), (lengths, offsets, [cx, cy], squares) => {
      const ring = lengths.map((length, i): [number, number] => {
        const angle = (2 * Math.PI * i) / lengths.length;
        return [cx + length * Math.cos(angle), cy + length * Math.sin(angle)];
      });
      const index = new ShapeIndex([readShape(polygon(ring), "star")], squares);
      for (const [dx, dy] of offsets) {
        expect(index.find(cy + dy, cx + dx)).toBe(bruteForce(ring, cx + dx, cy + dy) ? 0 : -1);
      }
    }),
  );
});

test("a corner that lies where squares have their centre, on the meridian of the point, is passed on the right side", () => {
  const diamond = [0, 1, 2, 3].map((i): [number, number] => {
    const angle = (Math.PI * i) / 2;
    return [0.5 * Math.cos(angle), -25 + 0.5 * Math.sin(angle)];
  });
  const index = new ShapeIndex([readShape(polygon(diamond), "diamond")], 3);
  expect(index.find(-25, 0)).toBe(0);
  expect(index.find(-24.4, 0)).toBe(-1);
});

test("squares that do not divide the map evenly know what lies on both sides of the antimeridian", () => {
  const crossing = polygon([
    [178.5, -1.2],
    [179, -1.5],
    [180.4104, -4.1],
    [179.7, -1.4],
    [179.5, -0.5],
  ]);
  // The last squares reach from 177° to 184°; the point from which their edges are counted lies behind 180°.
  const index = new ShapeIndex([readShape(crossing, "crossing")], 7);
  expect(index.find(-1, 179.2)).toBe(0);
  expect(index.find(-3.9, -179.67)).toBe(0);
  expect(index.find(-1, 178)).toBe(-1);
  expect(index.find(-1, -179.7)).toBe(-1);
});

test.each([
  [{ type: "Point", coordinates: [0, 0] }, /no Polygon or MultiPolygon/],
  [null, /no Polygon or MultiPolygon/],
  [
    polygon([
      [0, 0],
      [1, 1],
    ]),
    /fewer than three points/,
  ],
  [
    polygon([
      [0, 0],
      [1, 95],
      [2, 0],
    ]),
    /\[1,95\] is not a longitude and a latitude/,
  ],
  [{ type: "Polygon", coordinates: 7 }, /a polygon has no ring/],
  [{ type: "MultiPolygon", coordinates: 7 }, /its coordinates are no list/],
])("GeoJSON that bounds no area is refused: %j", (value, message) =>
  expect(() => readShape(value, "x")).toThrow(message),
);

const groups = new RegionGroups({
  DACH: ["DE", "AUT", "Switzerland"],
  "sales-west": ["US-CA", { country: "US", region: "Oregon" }, { group: "DACH" }],
  offices: ["10.8.0.0/16", "10.8.1.0/24", "2001:db8::/32"],
  harbour: [{ lat: 53.55, lon: 9.99, radiusKm: 20 }],
  bbox: [{ polygon: polygon(square(170, -30, -170, 0)) as never }],
  cell: [latLngToCell(48.1, 11.6, 4)],
  europe: [{ continent: "EU" }],
  un: [{ unRegion: "Western Europe" }],
});
const named = (ids: readonly number[]) => ids.map((id) => groups.names[id]);

test.each([
  [{ country: "DE", lat: 53.5, lon: 10 }, ["DACH", "sales-west", "harbour", "europe", "un"]],
  [{ country: "DE", lat: 48.1, lon: 11.6 }, ["DACH", "sales-west", "cell", "europe", "un"]],
  [{ country: "US", regionCode: "US-CA" }, ["sales-west"]],
  [{ country: "US", region: "Oregon" }, ["sales-west"]],
  [{ country: "US", regionCode: "US-OR" }, ["sales-west"]],
  [{ country: "US", region: "Nevada" }, []],
  [{ country: "FJ", lat: -18, lon: 178 }, ["bbox"]],
  [{ country: "TO", lat: -21, lon: -175 }, ["bbox"]],
  [{}, []],
])("the groups of %j", (fields, expected) => expect(named(groups.ofPlace(place(fields)))).toEqual(expected));

test("the groups of a table's places are those of each place", () => {
  const table = new PlaceTable();
  table.add(place({ country: "DE", lat: 53.5, lon: 10 }));
  table.add(place({ country: "US", regionCode: "US-CA" }));
  const { offsets, groups: ids } = groups.ofPlaces(table);
  expect([...offsets]).toEqual([0, 0, 5, 6]);
  for (let row = 1; row < 3; row++) {
    expect([...ids.subarray(offsets[row], offsets[row + 1])]).toEqual(groups.ofPlace(table.at(row)!));
  }
});

test("the groups of addresses and cells", () => {
  expect(named(groups.ofAddress("10.8.1.7"))).toEqual(["offices"]);
  expect(named(groups.ofAddress("2001:db8::7"))).toEqual(["offices"]);
  expect(named(groups.ofAddress("::ffff:10.8.0.1"))).toEqual(["offices"]);
  for (const other of ["10.9.0.0", "2001:db9::", "10.8.1", ""]) expect(groups.ofAddress(other)).toEqual([]);
  expect(named(groups.ofCell(latLngToCell(48.1, 11.6, 6)))).toEqual(["cell"]);
  expect(groups.ofCell(latLngToCell(48.1, 11.6, 3))).toEqual([]);
});

test.each([
  [{ a: ["Atlantis"] }, /group "a" cannot hold "Atlantis"/],
  [{ a: ["10.0.0.1/8"] }, /bits are set after its prefix/],
  [{ a: [{ group: "b" }], b: [{ group: "a" }] }, /it holds itself: a > b > a/],
  [{ a: [{ group: "toString" }] }, /no group has this name/],
  [{ a: [{ continent: "Gondwana" }] }, /no country belongs to it/],
  [{ a: [{ lat: 91, lon: 0, radiusKm: 1 }] }, /it needs a latitude within/],
  [{ a: [7] }, /neither text nor an object/],
])("a group that cannot be understood is refused: %j", (definitions, message) => {
  expect(() => new RegionGroups(definitions as never)).toThrow(message);
});

test("circles hold what lies within their radius, by the great circle, anywhere on Earth", () => {
  const lat = fc.double({ min: -90, max: 90, noNaN: true });
  const lon = fc.double({ min: -180, max: 180, noNaN: true });
  const near = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(lat, lon, fc.integer({ min: 0, max: 20_000 }), lat, lon, near, (y, x, radiusKm, py, px, d) => {
      const one = new RegionGroups({ a: [{ lat: y, lon: x, radiusKm }] });
      for (const [qy, qx] of [
        [py, px],
        [Math.max(-90, Math.min(90, y + d)), x + d],
      ] as const) {
        const inside = greatCircleKm(y, x, qy, qx) <= radiusKm;
        expect(one.ofPlace(place({ lat: qy, lon: qx }))).toEqual(inside ? [0] : []);
      }
    }),
  );
});

const anyPlace = fc.record({
  country: fc.constantFrom("", "DE", "US", "ZZ"),
  region: fc.constantFrom("", "Hesse", "A/B", "?"),
  regionCode: fc.constantFrom("", "", "DE-HE"),
  city: fc.constantFrom("", "Frankfurt", "100%"),
  lat: fc.constantFrom(Number.NaN, 50.1, -33),
  lon: fc.constantFrom(8.7, 151),
});

test("every region's children share out its places: each level is a partition of the one above", () => {
  fc.assert(
    fc.property(fc.array(anyPlace, { maxLength: 40 }), (rows) => {
      const table = new PlaceTable();
      for (const row of rows) table.add(place(row));
      const own = { name: "hemisphere", keyOf: (row: number) => (table.lat[row]! < 0 ? "south" : "") };
      const levels = ["continent", "unRegion", "unSubregion", "country", "subdivision", "city", own, "cell"] as const;
      const tree = regionTree(table, { levels });
      expect(tree.levels).toHaveLength(levels.length + 1);
      expect(new Set(tree.nodes.map(({ id }) => id)).size).toBe(tree.nodes.length);
      for (let level = 1; level < tree.levels.length; level++) {
        for (let row = 0; row < table.length; row++) {
          const node = tree.nodes[tree.nodeOf[level]![row]!]!;
          expect(node.level).toBe(level);
          expect(node.parent).toBe(tree.nodeOf[level - 1]![row]);
          expect(node.parent).toBeLessThan(tree.nodeOf[level]![row]!);
        }
      }
      const reversed = new PlaceTable();
      for (const row of rows.toReversed()) reversed.add(place(row));
      expect(regionTree(reversed).nodes).toEqual(regionTree(table).nodes);
    }),
  );
});

test("a tree names its regions and keeps unknown ones apart", () => {
  const table = new PlaceTable();
  table.add(place({ country: "DE", region: "Hesse", regionCode: "DE-HE", city: "Frankfurt" }));
  const { nodes } = regionTree(table);
  expect(nodes.map(({ id, name }) => [id, name])).toEqual([
    ["world", "World"],
    ["?", ""],
    ["?/?", ""],
    ["?/?/?", ""],
    ["?/?/?/?", ""],
    ["EU", "Europe"],
    ["EU/DE", "Germany"],
    ["EU/DE/DE-HE", "Hesse"],
    ["EU/DE/DE-HE/Frankfurt", "Frankfurt"],
  ]);
});
