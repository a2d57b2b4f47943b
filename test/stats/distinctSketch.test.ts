import fc from "fast-check";
import { expect, test } from "vitest";
import { hashIpv4High, hashIpv4Low } from "../../src/core/hash.js";
import { Random } from "../../src/core/random.js";
import {
  DistinctSketch,
  EXACT_DISTINCT,
  estimateDistinct,
  REGISTER_COUNT,
  raise,
} from "../../src/stats/distinctSketch.js";
import { SAMPLES } from "../support/samples.js";

const add = (sketch: DistinctSketch, value: number): void => sketch.add(hashIpv4Low(value), hashIpv4High(value));

test("the union of sketches is the sketch of the union, in any order and any grouping", () => {
  const values = fc.array(fc.tuple(fc.nat(20_000), fc.nat(9000)), { maxLength: 4 });
  fc.assert(
    fc.property(values, values, (left, right) => {
      const of = (ranges: readonly (readonly [number, number])[]): DistinctSketch => {
        const sketch = new DistinctSketch();
        for (const [from, count] of ranges) for (let v = from; v < from + count; v++) add(sketch, v);
        return sketch;
      };
      const both = of([...left, ...right]);
      for (const [a, b] of [
        [left, right],
        [right, left],
      ] as const) {
        const merged = of(a);
        merged.merge(of(b));
        expect(merged.count()).toBe(both.count());
        expect(merged.registers).toEqual(both.registers);
      }
    }),
    { numRuns: 25 },
  );
});

test("counts are exact up to 4,096, duplicates and the empty hash aside", () => {
  const sketch = new DistinctSketch();
  for (let round = 0; round < 3; round++) for (let v = 0; v < EXACT_DISTINCT; v++) add(sketch, v);
  sketch.add(0, 0);
  expect([sketch.count(), sketch.exact]).toEqual([4096, true]);
  add(sketch, 9999);
  expect(sketch.exact).toBe(false);
  sketch.clear();
  expect([sketch.count(), sketch.exact]).toEqual([0, true]);
});

test.each(SAMPLES)("distinct counts of %s data are within 2%%", (_, draw) => {
  let within = 0;
  for (let seed = 0; seed < 30; seed++) {
    const random = new Random(seed);
    const truth = new Set<number>();
    const parts = [new DistinctSketch(), new DistinctSketch()];
    for (let i = 0; i < 6000; i++) {
      const value = Math.floor(draw(random) * 1e6) >>> 0;
      truth.add(value);
      add(parts[random.int(2)]!, value);
    }
    parts[0]!.merge(parts[1]!);
    if (Math.abs(parts[0]!.count() - truth.size) <= 0.02 * truth.size) within++;
  }
  expect(within).toBeGreaterThanOrEqual(29);
});

test("the estimator is unbiased from thousands to tens of millions", () => {
  const random = new Random(1);
  for (const n of [5000, 30_000, 80_000, 300_000, 3_000_000]) {
    const registers = new Uint8Array(REGISTER_COUNT);
    for (let i = 0; i < n; i++) raise(registers, random.uint32(), random.uint32());
    expect(Math.abs(estimateDistinct(registers) / n - 1), String(n)).toBeLessThan(0.02);
  }
});
