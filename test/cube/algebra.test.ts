import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { LATENCY_BINS } from "../../src/cube/measures/latencyStore.js";
import { arbitraryEvents, TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { naiveGroups, plainGroups } from "../support/naiveGroups.js";
import { eventsOf, type PlainEvent, TEST_PLACES } from "../support/randomEvents.js";
import { runs } from "../support/runs.js";

const HOUR_MS = 3_600_000;
const options = { bucketSeconds: 3600, resolution: 4, dimensions: ["service"] };
const cubeOf = (plain: readonly PlainEvent[], shift = 0): Cube => Cube.from(eventsOf(plain, shift), options);
const binOf = (ms: number): number => LATENCY_BINS.binOf(ms);
const naive = (plain: readonly PlainEvent[]) => naiveGroups(plain, HOUR_MS, binOf);

test("merge is associative, commutative and equals all at once, for every measure", () => {
  fc.assert(
    fc.property(arbitraryEvents, arbitraryEvents, arbitraryEvents, (a, b, c) => {
      const [x, y, z] = [cubeOf(a), cubeOf(b, 2), cubeOf(c, 5)] as const;
      const all = naive([...a, ...b, ...c]);
      expect(plainGroups(Cube.merge([x, y, z]))).toEqual(all);
      expect(plainGroups(Cube.merge([Cube.merge([z, x]), y]))).toEqual(all);
      expect(plainGroups(Cube.merge([x, Cube.merge([y, z])]))).toEqual(all);
      expect(plainGroups(x)).toEqual(naive(a));
    }),
    { numRuns: runs(15) },
  );
});

test("crowded groups merge to the very registers of all at once", () => {
  const crowd = (from: number, n: number): PlainEvent[] =>
    Array.from({ length: n }, (_, i) => ({
      ...{ timeMs: TEST_ORIGIN_MS, place: 1, status: 200, latencyMs: 1 + ((from + i) % 7000), bytes: 1 },
      ...{ client: 1000 + from + i, user: `u${from + i}`, service: "", version: "" },
    }));
  const parts = [crowd(0, 3000), crowd(2000, 6000), crowd(7500, 10)];
  const merged = Cube.merge(parts.map((part) => cubeOf(part)));
  const at = cubeOf(parts.flat()).segment;
  const { clients, users, latencies } = merged.segment;
  expect(users.sketches.get(0)).toEqual(at.users.sketches.get(0));
  expect(clients.sketches.get(0)!.registers).toEqual(at.clients.sketches.get(0)!.registers);
  expect(latencies).toEqual(at.latencies);
  expect(plainGroupsCount(Cube.merge([Cube.load(merged.save())]))).toBe(9010);
});

const plainGroupsCount = (cube: Cube): number => cube.groups.count.reduce((total, count) => total + count, 0);

test("a saved cube loads to the same answers, and saves to the same bytes", () => {
  fc.assert(
    fc.property(arbitraryEvents, (plain) => {
      const cube = cubeOf(plain);
      const saved = cube.save();
      const loaded = Cube.load(saved);
      expect(plainGroups(loaded)).toEqual(naive(plain));
      expect([loaded.firstTimeMs, loaded.lastTimeMs, loaded.settings.errorStatuses.length]).toEqual([
        cube.firstTimeMs,
        cube.lastTimeMs,
        100,
      ]);
      expect(Buffer.compare(loaded.save(), saved)).toBe(0);
      loaded.add(eventsOf(plain, 3));
      expect(plainGroupsCount(loaded)).toBe(2 * plain.length);
    }),
    { numRuns: runs(15) },
  );
});

test("a damaged file is refused, wherever it is damaged", () => {
  const plain = [1, 2, 3].map((place) => ({ ...EVENT, place }));
  const saved = cubeOf(plain).save();
  fc.assert(
    fc.property(fc.nat(saved.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = saved.slice();
      damaged[at]! ^= change;
      expect(() => Cube.load(damaged)).toThrow(expect.objectContaining({ code: "bad-cube-file" }));
    }),
    { numRuns: runs(300) },
  );
  for (const length of [0, 5, 8, 15, saved.length - 1])
    expect(() => Cube.load(saved.slice(0, length))).toThrow(expect.objectContaining({ code: "bad-cube-file" }));
  expect(() => Cube.load(saved, { maxBytes: 50 })).toThrow(/more than 50 bytes/);
});

test("a file that lies with a right checksum is refused, or still a cube", () => {
  const saved = cubeOf([1, 2, 3].map((place) => ({ ...EVENT, place, client: "v6-1" }))).save();
  fc.assert(
    fc.property(fc.integer({ min: 12, max: saved.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const lie = saved.slice();
      lie[at]! ^= change;
      new DataView(lie.buffer).setUint32(8, crc32(lie.subarray(12)), true);
      try {
        plainGroups(Cube.load(lie));
      } catch (error) {
        expect(error).toMatchObject({ code: "bad-cube-file" });
      }
    }),
    { numRuns: runs(1000) },
  );
});

const EVENT: PlainEvent = {
  ...{ timeMs: TEST_ORIGIN_MS, place: 1, status: 200, latencyMs: 10, bytes: 5 },
  ...{ client: 1, user: "ann", service: "api", version: "" },
};

test("a slice equals the cube of the events in it", () => {
  fc.assert(
    fc.property(arbitraryEvents, fc.nat(72), fc.nat(72), (plain, from, hours) => {
      const [fromMs, toMs] = [TEST_ORIGIN_MS + from * HOUR_MS, TEST_ORIGIN_MS + (from + hours) * HOUR_MS];
      const inside = (e: PlainEvent): boolean => e.timeMs >= fromMs && e.timeMs < toMs;
      const cube = cubeOf(plain);
      expect(plainGroups(cube.slice({ fromMs, toMs }))).toEqual(naive(plain.filter(inside)));
      expect(plainGroups(cube.withoutWindow(fromMs, toMs))).toEqual(naive(plain.filter((e) => !inside(e))));
      const us = plain.filter((e) => TEST_PLACES[e.place]![0] === "US" && e.service === "api");
      expect(plainGroups(cube.slice({ countries: ["US"], values: { service: "api" } }))).toEqual(naive(us));
    }),
    { numRuns: runs(15) },
  );
});

test("what was merged in can be taken out again", () => {
  fc.assert(
    fc.property(arbitraryEvents, arbitraryEvents, (a, b) => {
      const later = b.map((e) => ({ ...e, timeMs: e.timeMs + 100 * HOUR_MS }));
      const both = Cube.merge([cubeOf(a), cubeOf(later, 1)]);
      expect(plainGroups(both.minus(cubeOf(later)))).toEqual(naive(a));
    }),
    { numRuns: runs(15) },
  );
  const cube = cubeOf([EVENT, EVENT]);
  expect(() => cube.minus(cubeOf([EVENT]))).toThrow(expect.objectContaining({ code: "not-a-part" }));
  expect(() => cube.minus(cubeOf([{ ...EVENT, place: 3 }]))).toThrow(/lacks/);
});

test("rolling up equals building coarser from the events", () => {
  fc.assert(
    fc.property(arbitraryEvents, (plain) => {
      const cube = Cube.from(eventsOf(plain), { ...options, dimensions: ["version", "service"] });
      const days = naiveGroups(plain, 24 * HOUR_MS, binOf);
      const rolled = cube.rollUp({ dimensions: ["service"], bucketSeconds: 86_400, resolution: 2 });
      expect(plainGroups(rolled)).toEqual(days);
      expect(plainGroups(cube.rollUp({ dimensions: ["service"] }).resample(86_400))).toEqual(days);
      const direct = Cube.from(eventsOf(plain), { ...options, resolution: 2 }).places;
      expect(cells(rolled.places)).toEqual(cells(direct));
      const named = plain.map((e) => ({ ...e, place: COUNTRY_FIRST[e.place]! }));
      const strip = (groups: Map<string, unknown>) =>
        new Map([...groups].map(([key, g]) => [key.replace(/\|[^|]*\|[^|]*\|([^|]*)$/, "|$1"), g]));
      const countries = cube.rollUp({ level: "country", dimensions: ["service"] });
      expect(strip(plainGroups(countries))).toEqual(strip(naive(named)));
    }),
    { numRuns: runs(15) },
  );
});

const COUNTRY_FIRST = TEST_PLACES.map(([country]) => TEST_PLACES.findIndex((place) => place[0] === country));
const cells = ({ cellLow, cellHigh, length }: Cube["places"]): string[] =>
  Array.from({ length }, (_, row) => `${cellHigh[row]},${cellLow[row]}`).sort();

test("drilling down shows the regions of a country", () => {
  const plain = [1, 2, 2, 3].map((place) => ({ ...EVENT, place }));
  const regions = cubeOf(plain).drillDown({ countries: ["DE"] }, "region");
  const { places, groups } = regions;
  expect([...groups.place].map((row) => places.regions.value(places.region[row]!))).toEqual(["Hesse", "Berlin"]);
  expect([...groups.count]).toEqual([1, 2]);
  expect([...places.cellHigh.subarray(0, places.length)].every((half) => half === 0)).toBe(true);
});

test.each([
  [{ bucketSeconds: 7200 }, "bucketSeconds"],
  [{ resolution: 3 }, "resolution"],
  [{ dimensions: ["version"] }, "dimensions"],
  [{ errors: [500] }, "errors"],
  [{ measures: [] }, "measures"],
])("cubes that differ in %j do not merge", (change, what) => {
  const other = Cube.from(eventsOf([EVENT]), { ...options, ...change });
  expect(() => Cube.merge([cubeOf([EVENT]), other])).toThrow(
    expect.objectContaining({ code: "cubes-differ", details: expect.objectContaining({ what }) }),
  );
});

test.each([[{ resolution: 5 }], [{ bucketSeconds: 5400 }], [{ level: "street" as "city" }], [{ dimensions: ["x"] }]])(
  "rolling up to %j is refused",
  (bad) => {
    expect(() => cubeOf([EVENT]).rollUp(bad)).toThrow(/bucketSeconds|resolution|level|dimension/);
  },
);
