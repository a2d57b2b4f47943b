import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Random } from "../../src/core/random.js";
import type { MmdbFile } from "../../src/locate/mmdb/mmdbFile.js";
import { eachRecord } from "../../src/locate/mmdb/recordIds.js";
import { type MmdbRanges, walkMmdb } from "../../src/locate/mmdb/walkMmdb.js";
import { finished } from "./finished.js";

interface TreeOptions {
  readonly ipVersion: 4 | 6;
  readonly recordSize: 24 | 28 | 32;
  /** Nodes at most. */
  readonly size: number;
  /** Records begin at multiples of this. */
  readonly spacing: number;
  readonly dataBytes: number;
  /** Records of the tree that are overwritten by anything. */
  readonly mistakes: number;
}

/** A file of a random tree, some of whose subtrees and most of whose records have several ways to them. */
function randomFile(random: Random, options: TreeOptions): MmdbFile {
  const { ipVersion, recordSize, size, spacing, dataBytes, mistakes } = options;
  const nodes: [number, number][] = [];
  // Negative: -1 for no record, below that records.
  const leaf = (): number => (random.int(5) === 0 ? -1 : -2 - spacing * random.int(Math.ceil(dataBytes / spacing)));
  // IPv4 networks lie below 96 zeros.
  const leansLeft = random.int(2) === 0;
  const grow = (depth: number): number => {
    if (depth === (ipVersion === 4 ? 32 : 128) || nodes.length >= size) return leaf();
    const node = nodes.push([-1, -1]) - 1;
    const first = leansLeft ? 0 : random.int(2);
    nodes[node]![first] = random.int(40) === 0 ? leaf() : grow(depth + 1);
    nodes[node]![1 - first] = random.int(2) === 0 ? grow(depth + 1) : leaf();
    return node;
  };
  grow(0);
  const nodeCount = nodes.length;
  const bytes = Buffer.alloc((nodeCount * recordSize) / 4 + 16 + dataBytes);
  const written = nodes.map((node) => node.map((to) => (to >= 0 ? to : to === -1 ? nodeCount : nodeCount + 14 - to)));
  for (let i = 0; i < mistakes; i++) {
    const anything = [random.int(nodeCount), nodeCount + 3, nodeCount + 16 + dataBytes + random.int(3) - 1, 0];
    written[random.int(nodeCount)]![random.int(2)] = random.pick(anything);
  }
  for (const [n, [left, right]] of written.entries()) writeNode(bytes, n, recordSize, left!, right!);
  const dataStart = (nodeCount * recordSize) / 4 + 16;
  const about = { databaseType: "", builtMs: 0, languages: [], description: "" };
  return { ...about, path: "tree.mmdb", bytes, ipVersion, recordSize, nodeCount, dataStart, dataEnd: bytes.length };
}

function writeNode(bytes: Buffer, node: number, recordSize: number, left: number, right: number): void {
  const at = (node * recordSize) / 4;
  if (recordSize === 32) {
    bytes.writeUInt32BE(left, at);
    bytes.writeUInt32BE(right, at + 4);
    return;
  }
  bytes.writeUIntBE(left & 0xffffff, at, 3);
  bytes.writeUIntBE(right & 0xffffff, at + recordSize / 8 + (recordSize === 28 ? 0.5 : 0), 3);
  if (recordSize === 28) bytes[at + 3] = ((left >>> 24) << 4) | (right >>> 24);
}

/** The ranges and the records in the order in which they were asked for, or the error's code. */
function outcome(file: MmdbFile): { ranges: MmdbRanges; asked: number[] } | string {
  const asked: number[] = [];
  try {
    const ranges = finished(
      walkMmdb(
        file,
        eachRecord((start) => (start === 0 ? 0 : asked.push(start))),
      ),
    );
    return { ranges, asked };
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function plainOutcome(file: MmdbFile): ReturnType<typeof outcome> {
  vi.stubGlobal("WebAssembly", undefined);
  try {
    return outcome(file);
  } finally {
    vi.unstubAllGlobals();
  }
}

test("the kernel and the loops walk any tree alike, and ask for each record once", () => {
  const random = new Random(5);
  let refused = 0;
  fc.assert(
    fc.property(
      fc.record({
        ipVersion: fc.constantFrom(4 as const, 6 as const),
        recordSize: fc.constantFrom(24 as const, 28 as const, 32 as const),
        size: fc.integer({ min: 1, max: 2000 }),
        spacing: fc.constantFrom(1, 40),
        dataBytes: fc.integer({ min: 1, max: 4000 }),
        mistakes: fc.constantFrom(0, 0, 0, 1, 3),
      }),
      (options) => {
        const file = randomFile(random, options);
        const found = outcome(file);
        expect(found).toEqual(plainOutcome(file));
        if (typeof found === "string") refused++;
        else expect(new Set(found.asked).size).toBe(found.asked.length);
      },
    ),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(10);
});

test.each([1, 4, 100])("a large tree whose records lie %i bytes apart", (spacing) => {
  const random = new Random(6);
  const shape = { ipVersion: 6, recordSize: 28, size: 150_000, dataBytes: 40_000 * spacing, mistakes: 0 } as const;
  const file = randomFile(random, { ...shape, spacing });
  const found = outcome(file) as { asked: number[] };
  expect(found.asked.length).toBeGreaterThan(10_000);
  expect(found).toEqual(plainOutcome(file));
});
