import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type AddressColumn, IPV4, IPV6, NO_ADDRESS } from "../../src/core/addressColumn.js";
import { Random } from "../../src/core/random.js";
import { LocationRecordTable } from "../../src/locate/places/locationRecordTable.js";
import { Ranges4Builder } from "../../src/locate/ranges/ranges4.js";
import { Ranges6Builder } from "../../src/locate/ranges/ranges6.js";
import type { Layer } from "../../src/locate/sources/layer.js";
import { type CompiledTable, compileTable, networkOfPair, placeOfPair } from "../../src/locate/tables/compiledTable.js";
import { kernelLookUp } from "../../src/locate/tables/kernelLookUp.js";
import { pairOfIpv6, scalarLookUp } from "../../src/locate/tables/scalarLookUp.js";
import { findIpv4 } from "../../src/locate/tables/table4.js";
import { finished } from "./finished.js";

const PAIRS = 50;
/** Bytes that crowd together, so that boundaries and addresses meet at every level. */
const byte = (random: Random): number => random.pick([0, 1, 2, 31, 32, 63, 64, 200, 254, 255, random.int(256)]);
const word = (random: Random): number =>
  ((byte(random) << 24) | (byte(random) << 16) | (byte(random) << 8) | byte(random)) >>> 0;
/** The same few prefixes again and again, down to any byte. */
const address = (random: Random): number[] => {
  const crowded = [0x20010db8, random.pick([0, 0x12340000, 0x12345600]), random.pick([0, 0xff]), 0];
  const own = 2 + random.int(15);
  return crowded.map((shared, w) => {
    const bits = Math.min(32, Math.max(0, 8 * own - 32 * w));
    const mask = bits === 32 ? 0xffffffff : ~(0xffffffff >>> bits);
    return ((shared & mask) | (word(random) & ~mask)) >>> 0;
  });
};

function layerOf(random: Random, count: number): Layer {
  const starts4 = new Set([0, ...Array.from({ length: count }, () => word(random) & random.pick([-1, -256]))]);
  const builder4 = new Ranges4Builder();
  for (const start of [...starts4].map((s) => s >>> 0).sort((a, b) => a - b)) builder4.push(start, random.int(PAIRS));
  const starts6 = new Map(
    [[0, 0, 0, 0], ...Array.from({ length: count }, () => address(random))].map((w) => [big(w), w]),
  );
  const builder6 = new Ranges6Builder();
  for (const [, w] of [...starts6].sort(([a], [b]) => (a < b ? -1 : 1))) {
    builder6.push(w[0]!, w[1]!, w[2]!, w[3]!, random.int(PAIRS));
  }
  return { ranges4: builder4.ranges(), ranges6: builder6.ranges(), covers4: true, covers6: true };
}

const big = (words: readonly number[]): bigint => words.reduce((sum, w) => (sum << 32n) | BigInt(w), 0n);

/** Half of the pairs are plain, the others have a network and, if they may, one of two places. */
function pairsOf(random: Random, othersHavePlaces: boolean): LocationRecordTable {
  const pairs = new LocationRecordTable();
  const placeOf = (id: number): number => (othersHavePlaces ? 1000 + random.int(2) * id : 0);
  for (let id = 1; id < PAIRS; id++) pairs.id(id < PAIRS / 2 ? id : placeOf(id), id < PAIRS / 2 ? 0 : id);
  return pairs;
}

function columnOf(random: Random, layer: Layer, length: number, families: readonly number[]): AddressColumn {
  const { ranges4, ranges6 } = layer;
  const family = new Uint8Array(length);
  const value = new Uint32Array(length);
  const words: number[] = [];
  for (let i = 0; i < length; i++) {
    family[i] = random.pick(families);
    if (family[i] === IPV4) value[i] = random.pick([word(random), ranges4.starts[random.int(ranges4.length)]!]);
    if (family[i] !== IPV6) continue;
    value[i] = words.length / 4;
    const at = 4 * random.int(ranges6.length);
    const near = [...ranges6.starts.subarray(at, at + 4)];
    words.push(...random.pick([address(random), near, [0x20020000 | random.int(65536), word(random), 0, 1]]));
  }
  return { length, family, value, words: Uint32Array.from(words) };
}

function onePair(table: CompiledTable, { family, value, words }: AddressColumn, row: number): number {
  const at = 4 * value[row]!;
  if (family[row] === IPV4) return findIpv4(table.table4, value[row]!);
  return family[row] === IPV6 ? pairOfIpv6(table, words.subarray(at, at + 4)) : 0;
}

test("the kernel, the loops and one address at a time find the same, in any mixture", () => {
  const random = new Random(7);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.constantFrom([IPV4], [IPV6], [IPV4, IPV4, IPV6], [IPV4, IPV6, NO_ADDRESS]),
      fc.boolean(),
      (ranges, length, families, othersHavePlaces) => {
        const layer = layerOf(random, ranges);
        const table = finished(compileTable(layer, pairsOf(random, othersHavePlaces)));
        const column = columnOf(random, layer, length, families);
        const answers = [kernelLookUp(table)!, scalarLookUp(table)].map((rows) => {
          const [places, networks, alone] = [0, 1, 2].map(() => new Uint32Array(length).fill(9));
          rows.find(column, 0, length, places!, networks);
          rows.find(column, 0, length, alone!, undefined);
          expect(alone).toEqual(places);
          return [places, networks];
        });
        expect(answers[0]).toEqual(answers[1]);
        const pairs = Array.from({ length }, (_, i) => onePair(table, column, i));
        expect(answers[0]).toEqual(
          [placeOfPair, networkOfPair].map((of) => Uint32Array.from(pairs, (pair) => of(table, pair))),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("without WebAssembly the loops answer from memory of their own", () => {
  const random = new Random(8);
  const layer = layerOf(random, 100);
  vi.stubGlobal("WebAssembly", undefined);
  try {
    const table = finished(compileTable(layer, pairsOf(random, true)));
    expect(table.memory).toBeUndefined();
    expect(kernelLookUp(table)).toBeUndefined();
    const column = columnOf(random, layer, 500, [IPV4, IPV6]);
    const [places, networks] = [new Uint32Array(500), new Uint32Array(500)];
    scalarLookUp(table).find(column, 0, 500, places, networks);
    const pairs = Array.from({ length: 500 }, (_, i) => onePair(table, column, i));
    expect([places, networks]).toEqual(
      [placeOfPair, networkOfPair].map((of) => Uint32Array.from(pairs, (pair) => of(table, pair))),
    );
  } finally {
    vi.unstubAllGlobals();
  }
});
