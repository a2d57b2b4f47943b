import { tableFromIPC } from "@uwdata/flechette";
import { expect, test } from "vitest";
import type { PlaceField } from "../../src/core/placeColumns.js";
import { PlaceTable } from "../../src/core/places.js";
import { Cube } from "../../src/cube/cube.js";
import { pivot } from "../../src/pivot/pivot.js";
import { TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { eventsOf, type PlainEvent } from "../support/randomEvents.js";

/** All that is said of a new dimension of places. */
const POSTAL_CODE: PlaceField = {
  ...{ type: "u32", unknown: 0, dictionary: "postalCodes" },
  ...{ level: "city", isKey: true, isAttribute: true, within: ["city", "country"] },
};
const DEPOT_KM: PlaceField = { type: "f32", unknown: Number.NaN };

const options = { bucketSeconds: 3600, resolution: 4, dimensions: [] };
const event = (place: number): PlainEvent => ({
  ...{ timeMs: TEST_ORIGIN_MS, place, status: 200, latencyMs: 10, bytes: 5 },
  ...{ client: place, user: "", service: "", version: "" },
});
const FRANKFURT = { country: "DE", region: "Hesse", regionCode: "DE-HE", city: "Frankfurt", lat: 50.11, lon: 8.68 };
const REST = { accuracyKm: 10, precision: "city" as const, timeZone: "Europe/Berlin" };

/** One event from each postal code, in the same cell of one city, or none of a code. */
function cubeOf(codes: readonly string[]): Cube {
  const places = new PlaceTable();
  places.declare("postalCode", POSTAL_CODE);
  places.declare("depotKm", DEPOT_KM);
  const ids = codes.map((postalCode, i) => places.add(Object.assign({ postalCode, depotKm: i }, FRANKFURT, REST)));
  return Cube.from({ ...eventsOf(codes.map(() => event(0))), places, place: Uint32Array.from(ids) }, options);
}

const countsOf = (cube: Cube): object[] => pivot(cube, { by: ["postalCode"], measures: ["count"] }).objects();
const both = [
  { postalCode: "60311", count: 2 },
  { postalCode: "60594", count: 1 },
];

test("a column of one's own tells places apart, and is pivoted and filtered by", () => {
  const cube = cubeOf(["60311", "60594", "60311"]);
  expect(cube.places.length).toBe(3);
  expect(countsOf(cube)).toEqual(both);
  const question = { by: ["city"], where: { postalCode: ["60594"] }, measures: ["count"] };
  expect(pivot(cube, question).objects()).toEqual([{ city: "Frankfurt", count: 1 }]);
  const zone = { name: "zone", of: (place: object) => `zone ${(place as { postalCode: string }).postalCode[2]}` };
  expect(pivot(cube, { by: [zone], measures: ["count"] }).objects()).toEqual([
    { zone: "zone 3", count: 2 },
    { zone: "zone 5", count: 1 },
  ]);
});

test("cubes with the column and without merge, in either order and however many at a time", () => {
  const parts = [cubeOf(["60594"]), Cube.from(eventsOf([event(2)]), options), cubeOf(["60311"]), cubeOf(["60311"])];
  for (const order of [parts, parts.toReversed()]) {
    const all = Cube.merge(order);
    expect(countsOf(all)).toEqual([{ postalCode: "", count: 1 }, ...both]);
    expect(countsOf(Cube.merge([Cube.merge(order.slice(0, 2)), Cube.merge(order.slice(2))]))).toEqual(countsOf(all));
  }
});

test("the column is saved and loaded, and goes through Arrow, with its numbers", () => {
  const cube = cubeOf(["60311", "60594", "60311"]);
  const loaded = Cube.load(cube.save());
  const back = Cube.fromArrow(cube.toArrow());
  for (const other of [loaded, back, Cube.merge([loaded, Cube.from(eventsOf([event(1)]), options)])]) {
    const known = countsOf(other).filter((row) => (row as { postalCode: string }).postalCode !== "");
    expect(known).toEqual(both);
    // Of two records of a place the one that comes first in the order of the columns stands for it.
    const depots = (other.places.column("depotKm") as Float32Array).slice(1, 3);
    expect([...depots].sort()).toEqual([0, 1]);
  }
  expect(loaded.save()).toEqual(cube.save());
  expect(tableFromIPC(cube.toArrow()).getChild("place.postalCode")?.at(0)).toBe("60311");
});

test("coarser places do without the column, which is of the level of cities", () => {
  const cube = cubeOf(["60311", "60594"]);
  expect(countsOf(cube.rollUp({ level: "city" }))).toHaveLength(2);
  expect(countsOf(cube.rollUp({ level: "region" }))).toEqual([{ postalCode: "", count: 2 }]);
});

test("a cube of places as they always are saves no word of columns of one's own", () => {
  const plain = Cube.load(Cube.from(eventsOf([event(1)]), options).save());
  expect([...plain.places.fields.keys()]).not.toContain("postalCode");
  expect(() => countsOf(plain)).toThrow(expect.objectContaining({ code: "no-such-dimension" }));
});

test("a column that would hide another is refused", () => {
  const places = new PlaceTable();
  expect(() => places.declare("length", POSTAL_CODE)).toThrow(RangeError);
  expect(() => places.declare("city", POSTAL_CODE)).toThrow(RangeError);
});
