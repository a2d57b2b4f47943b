import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { pivot } from "../../src/pivot/pivot.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { unlocated } from "../../src/read/unlocated.js";

const row = (method: string, status?: number) => ({
  ts: 1_767_225_600,
  ip: "198.51.100.7",
  method,
  ...(status && { status }),
});

function cubeOf(rows: readonly object[]): Cube {
  return Cube.from(eventsFromObjects(rows, { locator: unlocated(), dimensions: ["method"] }), {
    dimensions: ["method"],
  });
}

const mixed = cubeOf([row("GET", 500), row("GET"), row("GET"), row("POST"), row("PUT", 200), row("PUT", 404)]);
const rates = (cube: Cube) =>
  JSON.parse(
    pivot(cube, { by: ["method"], measures: ["count", "answered", "error_rate", "client_error_rate"] }).toJSON({
      type: "rows",
    }),
  ).map((r: Record<string, unknown>) => [r.method, r.count, r.answered, r.error_rate, r.client_error_rate]);

const EXPECTED = [
  ["GET", 3, 1, 1, 0],
  ["POST", 1, 0, null, null],
  ["PUT", 2, 2, 0, 0.5],
];

test("rates are of the requests that have a status; where none has one, there is no rate", () => {
  expect(rates(mixed)).toEqual(EXPECTED);
});

test("so it stays through merging, files and Arrow", () => {
  const halves = [
    cubeOf([row("GET", 500), row("GET")]),
    cubeOf([row("GET"), row("POST"), row("PUT", 200), row("PUT", 404)]),
  ];
  expect(rates(Cube.merge(halves))).toEqual(EXPECTED);
  expect(rates(Cube.load(mixed.save()))).toEqual(EXPECTED);
  expect(rates(Cube.fromArrow(mixed.toArrow()))).toEqual(EXPECTED);
  const all = cubeOf([row("GET", 200)]);
  expect(rates(Cube.load(all.save()))).toEqual([["GET", 1, 1, 0, 0]]);
  expect(Buffer.from(all.save()).includes("statusless")).toBe(false);
});
