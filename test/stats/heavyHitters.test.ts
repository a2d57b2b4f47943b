import fc from "fast-check";
import { expect, test } from "vitest";
import { CountTable, keepHeaviest } from "../../src/stats/heavyHitters.js";

const counts = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 50 })), { maxLength: 200 });

test("reduced tables bracket every true count, however they were split and merged", () => {
  fc.assert(
    fc.property(fc.array(counts, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (parts, limit) => {
      const truth = new Map<number, number>();
      let total = 0;
      const merged = new CountTable();
      let bound = 0;
      for (const part of parts) {
        const table = new CountTable();
        for (const [key, count] of part) {
          table.add(key, count, count >> 1);
          truth.set(key, (truth.get(key) ?? 0) + count);
          total += count;
        }
        bound += keepHeaviest(table, limit);
        for (let row = 0; row < table.size; row++) merged.add(table.keys[row]!, table.counts[row]!, table.errors[row]!);
        bound += keepHeaviest(merged, limit);
      }
      const kept = new Map(Array.from({ length: merged.size }, (_, r) => [merged.keys[r]!, merged.counts[r]!]));
      expect(kept.size).toBeLessThanOrEqual(limit);
      for (const [key, count] of truth) {
        expect(kept.get(key) ?? 0).toBeLessThanOrEqual(count);
        expect((kept.get(key) ?? 0) + bound).toBeGreaterThanOrEqual(count);
      }
      expect(bound).toBeLessThanOrEqual(total / (limit + 1));
    }),
  );
});

test("a table grows and clears", () => {
  const table = new CountTable();
  for (let round = 0; round < 2; round++) {
    for (let key = 0; key < 1000; key++) table.add(key * 64, 2, 1);
    for (let key = 0; key < 1000; key++) table.add(key * 64, 1, 0);
    expect([table.size, table.counts[999], table.errors[500]]).toEqual([1000, 3, 1]);
    table.clear();
    expect(table.size).toBe(0);
  }
});
