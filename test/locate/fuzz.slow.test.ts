import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ipv4Text, ipv6Text } from "../../src/core/addressColumn.js";
import { isGeopivotError } from "../../src/core/errors.js";
import { clientAddress } from "../../src/locate/address/clientAddress.js";
import { parseAddress, parseAddressBytes } from "../../src/locate/address/parseAddress.js";
import { AddressParser } from "../../src/locate/address/parseAddresses.js";
import { mmdbLayer } from "../../src/locate/mmdb/mmdbLayer.js";
import { openMmdb } from "../../src/locate/mmdb/openMmdb.js";
import { saveTable } from "../../src/locate/openLocator.js";
import { LocationRecordTable } from "../../src/locate/places/locationRecordTable.js";
import { NetworkIndex } from "../../src/locate/places/networkIndex.js";
import { PlaceIndex } from "../../src/locate/places/placeIndex.js";
import { layerOfSaved } from "../../src/locate/saved/savedLayer.js";
import { savedBytes, savedMemory } from "../../src/locate/saved/savedMemory.js";
import { ArrivingSum, readTableFile } from "../../src/locate/saved/tableFile.js";
import type { PackedLayer } from "../../src/locate/sources/layer.js";
import { assembleTable6 } from "../../src/locate/tables/assembleTable6.js";
import { rangesOfRuns } from "../../src/locate/tables/packedRuns.js";
import { TableMemory } from "../../src/locate/tables/tableMemory.js";
import { ranges6OfTrie } from "../../src/locate/tables/trieRanges.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";
import { finished } from "./finished.js";

const CASES = { numRuns: 100_000 };
const words = new Uint32Array(4);
const parser = new AddressParser();

const addressLike = fc.oneof(
  fc.string({ maxLength: 50 }),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF.:%[]/ ".split("")), maxLength: 60 }),
  fc.ipV4(),
  fc.ipV6(),
  fc.tuple(fc.ipV6(), fc.nat(99999)).map(([ip, port]) => `[${ip}]:${port}`),
  fc.tuple(fc.ipV4(), fc.nat(99999)).map(([ip, port]) => `${ip}:${port}`),
);

test("any text is an address exactly if node says so, and its bytes say the same", () => {
  fc.assert(
    fc.property(addressLike, (text) => {
      const family = parseAddress(text, words);
      const [w0, w1, w2, w3] = words as unknown as [number, number, number, number];
      const written = family === 4 ? ipv4Text(w3) : ipv6Text(w0, w1, w2, w3);
      const bytes = Buffer.from(`<${text}>`);
      expect(parseAddressBytes(bytes, 1, bytes.length - 1, words)).toBe(family);
      parser.texts([text], (block) => expect([block.length, block.family[0]]).toEqual([1, family]));
      parser.bytes(bytes, Uint32Array.of(1, bytes.length - 1), ({ family: [found], value: [value] }) => {
        expect([found, found === 4 ? value : 0]).toEqual([family, family === 4 ? w3 : 0]);
      });
      const match = /^(?:\[(.*)\](?::(\d{1,5}))?|(\d+\.\d+\.\d+\.\d+):(\d{1,5}))$/.exec(text);
      const bare = match === null ? text : (match[1] ?? match[3]!);
      const port = Number(match?.[2] ?? match?.[4] ?? 0);
      const isAddress = match?.[1] !== undefined ? isIPv6(bare) : isIPv4(bare) || isIPv6(bare);
      if (/%.*[:]/.test(bare)) return;
      expect(family !== 0, text).toBe(isAddress && port <= 65535);
      if (family === 0) return;
      expect(parseAddress(written, words)).toBe(family);
    }),
    CASES,
  );
});

test("no proxy header crashes, and none makes an address of what is none", () => {
  const header = fc.oneof(
    fc.array(addressLike, { maxLength: 5 }).map((list) => list.join(",")),
    fc.string({ unit: fc.constantFrom(...'for=;,"\\ 1.2:[]_x'.split("")), maxLength: 80 }),
    fc.array(addressLike, { maxLength: 4 }).map((list) => list.map((ip) => `for="${ip}"`).join(", ")),
  );
  fc.assert(
    fc.property(addressLike, header, header, fc.boolean(), fc.nat(4), (peer, one, other, standard, trusted) => {
      const input = standard
        ? { peer, forwarded: [one, other], trusted }
        : { peer, forwardedFor: [one, other], trusted };
      const client = clientAddress(input);
      if (client === null) expect(parseAddress(peer.trim(), words)).toBe(0);
      else expect(isIPv4(client) || isIPv6(client)).toBe(true);
    }),
    CASES,
  );
});

const CODES = ["corrupt-database", "unsupported-database", "too-many-tags"];

/** Bytes overwritten here and there, or cut off. */
const mutation = fc.record({
  writes: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999999, noNaN: true }), fc.nat(255)), { maxLength: 6 }),
  keep: fc.oneof(
    { weight: 9, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  ),
});

function mutated(
  bytes: Uint8Array,
  { writes, keep }: { writes: readonly (readonly [number, number])[]; keep: number },
): Uint8Array {
  const copy = Uint8Array.from(bytes.subarray(0, Math.ceil(bytes.length * keep)));
  for (const [where, value] of writes) copy[Math.floor(where * copy.length)] = value;
  return copy;
}

function outcome(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isGeopivotError(error, ...CODES)) throw error;
  }
}

const databases = hasSharedData("mmdb")
  ? readdirSync(sharedData("mmdb")).filter((name) =>
      /^(?:MaxMind-DB-test-(?:ipv4|ipv6|mixed)|GeoIP2-(?:City|Connection|Anonymous)).*mmdb$/.test(name),
    )
  : [];

test.skipIf(databases.length === 0)("a damaged database ends in a typed error or in ranges in order, soon", () => {
  const files = databases.map((name) => readFileSync(sharedData(`mmdb/${name}`)));
  fc.assert(
    fc.property(fc.constantFrom(...files), mutation, (bytes, change) => {
      const indexes = { places: new PlaceIndex(), networks: new NetworkIndex(), pairs: new LocationRecordTable() };
      const start = performance.now();
      outcome(() => {
        const { ranges4, ranges6 } = finished(mmdbLayer(openMmdb(mutated(bytes, change), "damaged"), indexes));
        for (let i = 1; i < ranges4.length; i++)
          if (ranges4.starts[i]! <= ranges4.starts[i - 1]!) throw new Error("order");
        for (const id of ranges4.ids) if (id >= indexes.pairs.length) throw new Error("pair");
        for (const id of ranges6.ids) if (id >= indexes.pairs.length) throw new Error("pair");
      });
      expect(performance.now() - start).toBeLessThan(10_000);
    }),
    CASES,
  );
});

/** Throws where a table that was believed has ranges out of order or pairs that are none. */
function inOrder({ runs4, trie6, pairOf }: PackedLayer, pairs: number): void {
  const ranges4 = finished(rangesOfRuns(runs4, pairOf));
  const ranges6 = finished(ranges6OfTrie(trie6, pairOf));
  expect(ranges4.starts[0]).toBe(0);
  for (let i = 1; i < ranges4.length; i++) if (ranges4.starts[i]! <= ranges4.starts[i - 1]!) throw new Error("order");
  expect(ranges6.starts.subarray(0, 4)).toEqual(new Uint32Array(4));
  for (const id of [...ranges4.ids, ...ranges6.ids]) if (id >= pairs) throw new Error("pair");
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(databases.length === 0)(
  "a damaged table is refused; one forged with a right checksum cannot crash",
  async () => {
    const path = join(folder, "city.table");
    await saveTable(path, { databases: [sharedData("mmdb/GeoIP2-City-Test.mmdb")] });
    const good = readFileSync(path);
    // Kernels look at columns where they lie in it.
    const memory = savedMemory(2 * good.length)!;
    const { crc32 } = await import("node:zlib");
    fc.assert(
      fc.property(mutation, fc.boolean(), fc.boolean(), (change, forged, inMemory) => {
        const changed = Buffer.from(mutated(good, change));
        if (forged && changed.length >= 32) {
          changed.writeUInt32LE(changed.length, 16);
          changed.writeUInt32LE(crc32(changed.subarray(32)), 24);
        }
        const bytes = inMemory ? savedBytes(memory, changed.length) : changed;
        bytes.set(changed);
        const indexes = { places: new PlaceIndex(), networks: new NetworkIndex(), pairs: new LocationRecordTable() };
        let layer: PackedLayer;
        try {
          const sum = new ArrivingSum();
          sum.add(bytes, 0);
          layer = finished(
            layerOfSaved(finished(readTableFile(bytes, sum.value, path)), indexes, inMemory ? memory : undefined),
          );
        } catch (error) {
          // `layerOfSaved` names no file; its caller does.
          if (isGeopivotError(error, ...CODES)) return;
          if (!(error instanceof Error) || /undefined|not a function|not iterable/.test(error.message)) throw error;
          return;
        }
        inOrder(layer, indexes.pairs.length);
        finished(assembleTable6(layer.trie6, new TableMemory(undefined)));
      }),
      CASES,
    );
  },
);
