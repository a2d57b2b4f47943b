import { tableFromIPC } from "@uwdata/flechette";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { arbitraryEvents, TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { plainGroups } from "../support/naiveGroups.js";
import { eventsOf, type PlainEvent } from "../support/randomEvents.js";
import { runs } from "../support/runs.js";

const options = { bucketSeconds: 3600, resolution: 4, dimensions: ["service"] };
const EVENT: PlainEvent = {
  ...{ timeMs: TEST_ORIGIN_MS, place: 1, status: 200, latencyMs: 10, bytes: 5 },
  ...{ client: 1, user: "ann", service: "api", version: "" },
};

test("a cube goes through Arrow and back", () => {
  fc.assert(
    fc.property(arbitraryEvents, (plain) => {
      const cube = Cube.from(eventsOf(plain), options);
      const back = Cube.fromArrow(cube.toArrow());
      expect(plainGroups(back)).toEqual(plainGroups(cube));
      expect([back.firstTimeMs, back.settings.errorStatuses]).toEqual([cube.firstTimeMs, cube.settings.errorStatuses]);
    }),
    { numRuns: runs(20) },
  );
});

test("crowded groups keep their registers through Arrow", () => {
  const plain = Array.from({ length: 5000 }, (_, i) => ({
    ...EVENT,
    client: 10 + i,
    user: `u${i}`,
    latencyMs: i % 50,
  }));
  const cube = Cube.from(eventsOf(plain), options);
  const { clients, users, latencies } = Cube.fromArrow(cube.toArrow()).segment;
  expect([clients.sketches, users.sketches, latencies]).toEqual([
    cube.segment.clients.sketches,
    cube.segment.users.sketches,
    cube.segment.latencies,
  ]);
});

test("the table has plain columns", () => {
  const bytes = Cube.from(eventsOf([EVENT, { ...EVENT, place: 3, status: 500 }]), options).toArrow({
    sketches: false,
  });
  const rows = tableFromIPC(bytes).toArray() as Record<string, unknown>[];
  expect(rows[1]).toMatchObject({
    ...{ time: TEST_ORIGIN_MS, country: "BR", city: "São Paulo", "dimension.service": "api" },
    ...{ count: 1, errors: 1, bytes: 5, latency_count: 1 },
  });
  expect(rows[1]!.cell).toMatch(/^84[0-9a-f]{13}$/);
  expect(rows[1]).not.toHaveProperty("client_address");
});

test("what is not a cube is refused", () => {
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(100).fill(65),
    Cube.from(eventsOf([EVENT])).toArrow({ sketches: false }),
  ])
    expect(() => Cube.fromArrow(bytes)).toThrow(expect.objectContaining({ code: "bad-cube-file" }));
});

test("an export with a privacy floor has no row of fewer clients, no address, and merges upward", () => {
  const many = (place: number, clients: number, from: number): PlainEvent[] =>
    Array.from({ length: clients }, (_, i) => ({ ...EVENT, place, client: from + i }));
  const plain = [...many(1, 6, 100), ...many(2, 2, 200), ...many(4, 3, 300), ...many(5, 2, 400), ...many(7, 1, 500)];
  const cube = Cube.from(eventsOf(plain), options);
  const rows = tableFromIPC(cube.toArrow({ minClients: 5 })).toArray() as Record<string, unknown>[];
  expect(rows.map(({ country, city, count }) => [country, city, count])).toEqual([
    ["DE", "Frankfurt", 6],
    ["US", "", 5],
  ]);
  const floored = cube.withPrivacyFloor(5);
  expect([floored.topClients([0]), floored.settings.measures.has("clients")]).toEqual([[], false]);
  expect(plainGroups(cube.withPrivacyFloor(1)).size).toBe(5);
});
