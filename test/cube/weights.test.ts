import fc from "fast-check";
import { expect, test } from "vitest";
import type { Events } from "../../src/core/events.js";
import { Cube } from "../../src/cube/cube.js";
import { detect } from "../../src/detect/detect.js";
import { compare } from "../../src/pivot/compare/compare.js";
import { pivot } from "../../src/pivot/pivot.js";
import { wilson } from "../../src/stats/wilson.js";
import { arbitraryEvent, TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { plainGroups } from "../support/naiveGroups.js";
import { eventsOf, type PlainEvent } from "../support/randomEvents.js";
import { runs } from "../support/runs.js";

const options = { bucketSeconds: 3600, dimensions: ["service"] };

interface Row {
  readonly event: PlainEvent;
  readonly weight: number;
}

const weighted = (rows: readonly Row[]): Events => ({
  ...eventsOf(rows.map(({ event }) => event)),
  weight: Float64Array.from(rows, ({ weight }) => weight),
});

const rowsOf = (weight: fc.Arbitrary<number>) =>
  fc.array(fc.record({ event: arbitraryEvent, weight }), { minLength: 1, maxLength: 120, size: "max" });

/** What a cube holds, but for the order within lists. */
const contents = (cube: Cube) => [...plainGroups(cube)];

const halvesOf = <T>(all: readonly T[]): T[][] => [
  all.filter((_, i) => i % 3 === 0),
  all.filter((_, i) => i % 3 !== 0),
];

test("a row counts as the requests that it stands for, in every measure", () => {
  fc.assert(
    fc.property(rowsOf(fc.integer({ min: 0, max: 50 })), (rows) => {
      const spelledOut = rows.flatMap(({ event, weight }) => Array<PlainEvent>(weight).fill(event));
      const wanted = contents(Cube.from(eventsOf(spelledOut), options));
      expect(contents(Cube.from(weighted(rows), options))).toEqual(wanted);
      const batches = halvesOf(rows).map(weighted);
      expect(contents(Cube.from(batches, options))).toEqual(wanted);
      expect(contents(Cube.merge(batches.map((batch) => Cube.from(batch, options))))).toEqual(wanted);
    }),
    { numRuns: runs(20) },
  );
});

test("rows with and without weights go together, in whichever order they come", () => {
  fc.assert(
    fc.property(rowsOf(fc.integer({ min: 1, max: 9 })), rowsOf(fc.constant(1)), (some, single) => {
      const spelledOut = [...some, ...single].flatMap(({ event, weight }) => Array<PlainEvent>(weight).fill(event));
      const wanted = contents(Cube.from(eventsOf(spelledOut), options));
      const batches = [weighted(some), eventsOf(single.map(({ event }) => event))];
      expect(contents(Cube.from(batches, options))).toEqual(wanted);
      expect(contents(Cube.from(batches.toReversed(), options))).toEqual(wanted);
      const cubes = batches.map((batch) => Cube.from(batch, options));
      expect(contents(Cube.merge(cubes))).toEqual(wanted);
      expect(Cube.load(Cube.merge(cubes).save()).save()).toEqual(Cube.merge(cubes).save());
    }),
    { numRuns: runs(12) },
  );
});

test("fractions add up exactly, through merging, saving, slicing and Arrow", () => {
  fc.assert(
    fc.property(rowsOf(fc.double({ min: 0.01, max: 100, noNaN: true })), (rows) => {
      const cube = Cube.from(weighted(rows), options);
      const step = 2 ** -12;
      const total = rows.reduce((sum, { weight }) => sum + Math.round(weight / step) * step, 0);
      const count = (of: Cube): unknown => pivot(of, { measures: ["count"] }).get("count", 0);
      expect(count(cube)).toBe(total);
      const merged = Cube.merge(halvesOf(rows).map((half) => Cube.from(weighted(half), options)));
      const sums = ({ groups }: Cube) =>
        [groups.count, groups.errors, groups.denied, groups.squares].map((c) => [...c!]);
      expect(sums(merged).map((c) => c.toSorted())).toEqual(sums(cube).map((c) => c.toSorted()));
      for (const same of [Cube.load(cube.save()), Cube.fromArrow(cube.toArrow())]) {
        expect(contents(same)).toEqual(contents(cube));
        expect(sums(same).map((c) => c.toSorted())).toEqual(sums(cube).map((c) => c.toSorted()));
      }
      const splitMs = TEST_ORIGIN_MS + 86_400_000;
      const parts = [cube.slice({ toMs: splitMs }), cube.slice({ fromMs: splitMs })];
      expect(count(Cube.merge(parts.filter(({ groups }) => groups.length > 0)))).toBe(total);
      expect(count(cube.rollUp({ level: "world", dimensions: [] }))).toBe(total);
    }),
    { numRuns: runs(12) },
  );
});

test("lists count fractions right on average", () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => ({
    event: event({ client: i + 1, latencyMs: 1 + i }),
    weight: 2.3,
  }));
  const cube = Cube.from(weighted(rows), options);
  const listed = cube.segment.latencies.count.reduce((sum, count) => sum + count, 0);
  // 20,000 draws of 2 or 3: the standard error of their sum is 65.
  expect(Math.abs(listed - 46_000)).toBeLessThan(5 * 65);
});

test("an interval knows of rows, not of the requests that they stand for", () => {
  const rows = (weight: number): Row[] =>
    Array.from({ length: 200 }, (_, i) => ({ event: event({ status: i < 10 ? 500 : 200, latencyMs: i }), weight }));
  for (const [weight, worth] of [
    [1, 200],
    [10, 200],
    [2.5, 200],
  ] as const) {
    const table = pivot(Cube.from(weighted(rows(weight)), options), { measures: ["error_rate", "under:99ms"] });
    const [low, high] = wilson((10 * worth) / 200, worth);
    expect(table.get("error_rate", 0)).toBeCloseTo(0.05, 12);
    expect(table.get("error_rate_low", 0)).toBeCloseTo(low, 10);
    expect(table.get("error_rate_high", 0)).toBeCloseTo(high, 10);
    const width = (table.get("under:99ms_high", 0) as number) - (table.get("under:99ms_low", 0) as number);
    expect(width).toBeGreaterThan(0.13);
  }
  // One row that stands for as many requests as all others leaves little to tell by: (2 Σ)² / (Σ² + Σ) is near 4.
  const uneven = [...rows(1), { event: event({ status: 200 }), weight: 200 }];
  const table = pivot(Cube.from(weighted(uneven), options), { measures: ["error_rate"] });
  const worth = 400 ** 2 / (200 + 200 ** 2);
  expect(table.get("error_rate_high", 0)).toBeCloseTo(wilson((10 / 400) * worth, worth)[1], 10);
});

test("a comparison of sampled logs finds no more than that of their rows", () => {
  const side = (failing: number, weight: number): Cube => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({
      event: event({ timeMs: TEST_ORIGIN_MS + i * 40_000, client: 1 + i, status: i % 2000 < failing ? 500 : 200 }),
      weight,
    }));
    return Cube.from(weighted(rows), options);
  };
  const errors = (weight: number) =>
    compare(side(20, weight), side(34, weight)).changes.find(({ measure }) => measure === "error_rate")!;
  const [rows, sampled] = [errors(1), errors(50)];
  expect(rows.pValue).toBeGreaterThan(0.01);
  expect(sampled.pValue).toBeGreaterThanOrEqual(0.9 * rows.pValue);
  expect(sampled.after).toBeCloseTo(rows.after, 12);
  expect(sampled.requestsAfter).toBe(50 * rows.requestsAfter);
});

test("detectors judge a sampled log by its rows", () => {
  const rows = (weight: number): Row[] =>
    Array.from({ length: 12_000 }, (_, i) => {
      const hour = Math.floor(i / 500);
      const fails = hour === 20 && i % 2 === 0;
      const timeMs = TEST_ORIGIN_MS + i * 7200;
      return {
        event: event({ timeMs, client: 1 + (i % 400), status: fails ? 500 : 200, latencyMs: 20 + (i % 50) }),
        weight,
      };
    });
  const found = (weight: number) =>
    detect(Cube.from(weighted(rows(weight)), { bucketSeconds: 300 })).map(({ kind, subtype, observed, title }) => {
      return { kind, subtype, observed, title };
    });
  expect(found(1)).not.toEqual([]);
  expect(found(10)).toEqual(found(1));
});

test("a log without weights is kept as if there were none in the world", () => {
  const cube = Cube.from(eventsOf([event({})]), options);
  expect(cube.groups.squares).toBeUndefined();
  expect(cube.groups.count).toBeInstanceOf(Uint32Array);
  expect(new TextDecoder("latin1").decode(cube.toArrow())).not.toContain("squares");
});

test("rows that stand for nothing are left aside", () => {
  const cube = Cube.from(
    weighted([
      { event: event({}), weight: 0 },
      { event: event({}), weight: 2 },
    ]),
    options,
  );
  expect([cube.outside, cube.groups.length, cube.groups.count[0]]).toEqual([1, 1, 2]);
});

function event(own: Partial<PlainEvent>): PlainEvent {
  return {
    ...{ timeMs: TEST_ORIGIN_MS, place: 1, service: "api", version: "", status: 200, bytes: 1, client: null, user: "" },
    latencyMs: Number.NaN,
    ...own,
  };
}
