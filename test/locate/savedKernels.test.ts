import { tmpdir } from "node:os";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { type Ranges4, Ranges4Builder } from "../../src/locate/ranges/ranges4.js";
import { type Ranges6, Ranges6Builder } from "../../src/locate/ranges/ranges6.js";
import { checkRuns } from "../../src/locate/saved/checkRuns.js";
import { checkTrie } from "../../src/locate/saved/checkTrie.js";
import { kernelCheck } from "../../src/locate/saved/kernelCheck.js";
import { plainCheck } from "../../src/locate/saved/savedCheck.js";
import { assembleTable4 } from "../../src/locate/tables/assembleTable4.js";
import { assembleTable6 } from "../../src/locate/tables/assembleTable6.js";
import { buildTable4 } from "../../src/locate/tables/buildTable4.js";
import { type PackedRuns, rangesOfRuns, runsOf } from "../../src/locate/tables/packedRuns.js";
import { type PackedTrie, type TrieLevel, trieOf6 } from "../../src/locate/tables/packedTrie.js";
import type { Table4 } from "../../src/locate/tables/table4.js";
import type { Table6 } from "../../src/locate/tables/table6.js";
import { TableMemory } from "../../src/locate/tables/tableMemory.js";
import { finished } from "./finished.js";

/** Ranges of all widths, crowded in places, with ids up to `ids`. */
function rangesOf(random: Random, count: number, ids: number): Ranges4 {
  const starts = Array.from({ length: count }, () => {
    const address = random.pick([random.uint32(), 0x0a000000 + random.int(1 << 16), 0xc0000000 + random.int(1 << 20)]);
    return (address & (-1 << random.pick([0, 1, 4, 7, 8, 8, 8, 10, 15, 16, 20, 24]))) >>> 0;
  });
  const builder = new Ranges4Builder();
  for (const start of new Set([0, ...Uint32Array.from(starts).sort()])) builder.push(start, random.int(ids));
  return builder.ranges();
}

/** The same for IPv6: prefixes that have others below them, down to single addresses. */
function ranges6Of(random: Random, count: number, ids: number): Ranges6 {
  const words = [0, 1, 255, 0x20010db8, 0xffffffff];
  const starts = Array.from({ length: count }, () => {
    const address = [0, 1, 2, 3].map((i) => (random.int(2 + i) === 0 ? random.uint32() : random.pick(words)));
    const bits = random.pick([0, 16, 24, 32, 32, 40, 44, 48, 48, 56, 64, 96, 128]);
    return address.map(
      (word, i) => (bits >= 32 * (i + 1) ? word : bits <= 32 * i ? 0 : word & (-1 << (32 * (i + 1) - bits))) >>> 0,
    );
  });
  const texts = [[0, 0, 0, 0], ...starts].map((start) =>
    start.map((word) => word.toString(16).padStart(8, "0")).join(" "),
  );
  const builder = new Ranges6Builder();
  for (const text of [...new Set(texts)].sort()) {
    const [w0, w1, w2, w3] = text.split(" ").map((word) => Number.parseInt(word, 16)) as [
      number,
      number,
      number,
      number,
    ];
    builder.push(w0, w1, w2, w3, random.int(ids));
  }
  return builder.ranges();
}

const sizes = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(20_000, 120_000));
/** Few ids, and more than 24 bits hold. */
const idCounts = fc.constantFrom(2, 1000, 2 ** 26);

test("runs fill the same table with the kernel, by loops and from their ranges, which fill it with a kernel and by loops", () => {
  const random = new Random(1);
  const same = (a: Table4, b: Table4): boolean =>
    (["direct", "lows", "ids"] as const).every((name) => Buffer.compare(bytesOf(a[name]), bytesOf(b[name])) === 0);
  fc.assert(
    fc.property(sizes, idCounts, (count, ids) => {
      const ranges = rangesOf(random, count, ids);
      const runs = finished(runsOf(ranges));
      expect(finished(rangesOfRuns(runs, (id) => id))).toEqual(ranges);
      const filled = finished(assembleTable4(runs, TableMemory.create()));
      const plain = finished(assembleTable4(runs, new TableMemory(undefined)));
      expect(same(filled, plain)).toBe(true);
      expect(same(filled, finished(buildTable4(ranges, TableMemory.create())))).toBe(true);
      expect(same(filled, finished(buildTable4(ranges, new TableMemory(undefined))))).toBe(true);
    }),
    { numRuns: 12 },
  );
});

test("the last run ends with the index, however short it is", () => {
  for (const last of [1, 2, 7, 8, 9, 255, 256, 257]) {
    const builder = new Ranges4Builder();
    builder.push(0, 1);
    builder.push(2 ** 32 - 256 * last, 2);
    const { direct, lows, ids } = finished(assembleTable4(finished(runsOf(builder.ranges())), TableMemory.create()));
    expect(direct.lastIndexOf(1)).toBe(2 ** 24 - last - 1);
    expect(direct.indexOf(2)).toBe(2 ** 24 - last);
    expect([direct.at(-1), ...lows, ...ids]).toEqual([2, 0]);
  }
});

test("an IPv6 table is filled the same with the kernel and by loops", () => {
  const random = new Random(4);
  const same = (a: Table6, b: Table6): boolean =>
    (["root", "nodes", "entries"] as const).every((name) => Buffer.compare(bytesOf(a[name]), bytesOf(b[name])) === 0);
  fc.assert(
    fc.property(sizes, idCounts, (count, ids) => {
      const trie = finished(trieOf6(ranges6Of(random, count, ids)));
      const filled = finished(assembleTable6(trie, TableMemory.create()));
      expect(same(filled, finished(assembleTable6(trie, new TableMemory(undefined))))).toBe(true);
    }),
    { numRuns: 12 },
  );
});

test.each(["/dev/zero", "/nowhere/zeros", tmpdir()])(
  "memory prepared from %s is as empty as any, and columns lie in it",
  async (zeros) => {
    const memory = TableMemory.create();
    await memory.prepare(3 << 20, undefined, zeros);
    const size = memory.wasm!.buffer.byteLength;
    const column = memory.uint32(1 << 18);
    expect(column.every((word) => word === 0)).toBe(true);
    expect(memory.wasm!.buffer.byteLength).toBe(size);
  },
);

test("the kernel and the loops find the same wrong in nodes, and the same children", () => {
  const random = new Random(2);
  const kernel = kernelCheck()!;
  let refused = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      idCounts,
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 3 }),
      (count, ids, level, changes) => {
        const part = copyOf(finished(trieOf6(ranges6Of(random, count, ids)))[level]!);
        for (let i = 0; i < changes && part.slots.length > 0; i++) {
          const column = random.pick([part.slots, part.low, part.high]);
          column[random.int(column.length)] = random.pick([0, 1, random.int(65_536)]);
        }
        expect(kernel.entriesOf(part.counts)).toBe(plainCheck.entriesOf(part.counts));
        const found = outcome(() => plainCheck.children(part, ids));
        expect(outcome(() => kernel.children(part, ids))).toBe(found);
        if (found === "refused") refused++;
      },
    ),
    { numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(50);
});

test("the kernel and the loops find the same wrong in runs, and the same divided /24s", () => {
  const random = new Random(5);
  const kernel = kernelCheck()!;
  let refused = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), idCounts, fc.integer({ min: 0, max: 3 }), (count, ids, changes) => {
      const runs = finished(runsOf(rangesOf(random, count, ids)));
      const from = random.int(runs.lengths.length);
      const to = from + 1 + random.int(60);
      const [lengths, low, high] = [runs.lengths.slice(from, to), runs.low.slice(from, to), runs.high.slice(from, to)];
      for (let i = 0; i < changes; i++) {
        const column = random.pick([lengths, low, high]);
        column[random.int(column.length)] = random.pick([0, 1, random.int(65_536)]);
      }
      expect(kernel.blocks(lengths)).toBe(plainCheck.blocks(lengths));
      const found = outcome(() => plainCheck.divided({ lengths, low, high }, ids));
      expect(outcome(() => kernel.divided({ lengths, low, high }, ids))).toBe(found);
      if (found === "refused") refused++;
    }),
    { numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(50);
});

test("the kernel checks a whole trie as the loops do", () => {
  const random = new Random(3);
  for (const ids of [1000, 2 ** 26]) {
    const trie = finished(trieOf6(ranges6Of(random, 120_000, ids)));
    for (const check of [plainCheck, kernelCheck()!]) {
      const checked = (changed: PackedTrie, limit = ids) => finished(checkTrie(changed, limit, check));
      expect(() => checked(trie)).not.toThrow();
      expect(() => checked(trie, ids / 2)).toThrow("ids that are none");
      const [first, second, third, ...others] = trie as [TrieLevel, TrieLevel, TrieLevel, ...TrieLevel[]];
      const [slots, low, high] = [third.slots.subarray(1), third.low.subarray(1), third.high.subarray(1)];
      expect(() => checked([first, second, { ...third, slots, low, high }, ...others])).toThrow("its tree");
      expect(() => checked([first, second, third])).toThrow("deeper than an address");
    }
  }
});

test("the kernel checks all runs as the loops do", () => {
  const random = new Random(6);
  for (const ids of [1000, 2 ** 26]) {
    // More than are checked at a time.
    const runs = finished(runsOf(rangesOf(random, 700_000, ids)));
    const { lengths, low, high, divided } = runs;
    expect(lengths.length).toBeGreaterThan(2 ** 18);
    for (const check of [plainCheck, kernelCheck()!]) {
      const checked = (changed: Partial<PackedRuns>, limit = ids) =>
        finished(checkRuns({ ...runs, ...changed }, limit, check));
      expect(() => checked({})).not.toThrow();
      expect(() => checked({}, ids / 2)).toThrow("an id that is none");
      expect(() => checked({ low: low.subarray(1) })).toThrow("its runs differ in length");
      const shorter = { lengths: lengths.subarray(1), low: low.subarray(1), high: high.subarray(1) };
      expect(() => checked(shorter)).toThrow("not the whole address space");
      const longer = lengths.slice();
      longer[low.findIndex((half, i) => half === 0 && high[i] === 0)]!++;
      expect(() => checked({ lengths: longer })).toThrow("an id that is none");
      expect(() => checked({ divided: { ...divided, counts: divided.counts.subarray(1) } })).toThrow("lacks ranges");
      const unknown = divided.low.slice();
      const unknownHigh = divided.high.slice();
      unknown[5] = unknownHigh[5] = 0;
      expect(() => checked({ divided: { ...divided, low: unknown, high: unknownHigh } })).toThrow("has no id");
      const unordered = divided.slots.slice();
      unordered[0] = 1;
      expect(() => checked({ divided: { ...divided, slots: unordered } })).toThrow("does not begin at its start");
    }
  }
});

test("words are compared across the pieces that a kernel takes", () => {
  const length = 2 ** 19 + 100;
  const ascending = Uint32Array.from({ length }, (_, i) => 8000 * i);
  for (const check of [plainCheck, kernelCheck()!]) {
    expect(check.areAscending(ascending)).toBe(true);
    expect(check.areBelow(ascending, 8000 * length)).toBe(true);
    expect(check.areBelow(ascending, 8000 * (length - 1))).toBe(false);
    for (const at of [1, 2 ** 19 - 1, 2 ** 19, length - 1]) {
      const fallen = ascending.slice();
      fallen[at] = fallen[at - 1]! - 1;
      expect(check.areAscending(fallen)).toBe(false);
    }
    expect(check.areAscending(new Uint32Array())).toBe(true);
    expect(check.areBelow(new Uint32Array(), 0)).toBe(true);
  }
});

function outcome(check: () => number): number | string {
  try {
    return check();
  } catch {
    return "refused";
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function copyOf({ counts, slots, low, high }: TrieLevel): TrieLevel {
  return { counts: counts.slice(), slots: slots.slice(), low: low.slice(), high: high.slice() };
}
