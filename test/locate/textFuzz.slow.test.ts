import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { openLocator, saveTable } from "../../src/locate/openLocator.js";
import { LocationRecordTable } from "../../src/locate/places/locationRecordTable.js";
import { NetworkIndex } from "../../src/locate/places/networkIndex.js";
import { PlaceIndex } from "../../src/locate/places/placeIndex.js";
import { textLayer } from "../../src/locate/text/textDatabase.js";

const CASES = 10_000;
const MOST_MS = 5_000;
const CODES = ["corrupt-database", "unsupported-database", "unreadable-database", "too-many-tags"];
/** What an engine says of its own failures, which no reader is to see. */
const INTERNAL =
  /undefined|is not a function|not iterable|Cannot (?:read|access|convert)|Invalid (?:array|typed)|out of bounds|BigInt/;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SEEDS = [
  '"0","16777215","-","-","-","-","0.000000","0.000000"\n"16777216","16777471","US","United States of America","California","Los Angeles","34.052230","-118.243680"\n',
  '"0","281470698520575","-","-"\n"281470698520576","281470698520831","AU","Australia"\n',
  "network,geoname_id,postal_code,latitude,longitude,accuracy_radius\n1.0.0.0/24,2077456,,-33.4940,143.2104,1000\n2a00::/16,7,,1,2,3\n",
  "# feed\n198.51.100.0/24,US,US-AL,Alabaster,\n2001:db8::/32,GB,GB-ENG,London,\n198.51.0.0/16,FR,,Paris,\n",
  "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n2001::\t2001:ffff::\t0\tNone\tNot routed\n",
  'network,country,country_code,asn,as_name\n1.0.0.0/24,Australia,AU,AS13335,"Cloudflare, ""Inc"""\n',
  '{"network":"1.0.0.0/24","country_code":"AU","asn":"AS13335","geo":{"city":"Sydney"}}\n{"network":"1.0.1.0/24"}\n',
  "1.0.0.0,1.0.0.255,OC,AU,Queensland,Brisbane,-27.4,153.0\n1.0.1.0,1.0.1.255,AS,CN,Fujian,Fuzhou,26,119\n",
];

const scraps = fc.constantFrom(
  ...[
    '"',
    ",",
    "\n",
    "\t",
    "-",
    "/",
    "::",
    "0",
    "4294967296",
    "340282366920938463463374607431768211456",
    "1e999",
    "NaN",
    "{",
    "}",
  ],
  ...[
    "[",
    "\u0000",
    "\uFEFF",
    "=1+1",
    "__proto__",
    "/0",
    "/129",
    "999.1.1.1",
    "ZZ",
    "UK",
    "\u2028",
    "ÿ",
    "x".repeat(2000),
  ],
);

/** A valid database with scraps put in, parts left out or repeated. */
const mutation = fc.record({
  seed: fc.nat(SEEDS.length - 1),
  edits: fc.array(fc.tuple(fc.nat(400), fc.nat(12), scraps), { maxLength: 6 }),
  repeats: fc.constantFrom(1, 1, 1, 2, 300),
});

const mutated = (m: { seed: number; edits: [number, number, string][]; repeats: number }): string => {
  let text = SEEDS[m.seed]!;
  for (const [where, cut, scrap] of m.edits) {
    const at = where % (text.length + 1);
    text = text.slice(0, at) + scrap + text.slice(at + cut);
  }
  return text.repeat(m.repeats);
};

function judge(error: unknown, code: readonly string[] = CODES): void {
  if (!isGeopivotError(error, ...code)) throw error;
  if (INTERNAL.test(error.message)) throw new Error(`internal text: ${error.message}`);
}

test("a damaged text database ends in a typed error or in ranges in order, soon and in bounded memory", async () => {
  const path = join(folder, "damaged.csv");
  await fc.assert(
    fc.asyncProperty(mutation, async (change) => {
      writeFileSync(path, mutated(change as never));
      const indexes = { places: new PlaceIndex(), networks: new NetworkIndex(), pairs: new LocationRecordTable() };
      const start = performance.now();
      try {
        const { ranges4, ranges6 } = (await textLayer(path, indexes)).layer;
        for (let i = 1; i < ranges4.length; i++) expect(ranges4.starts[i]!).toBeGreaterThan(ranges4.starts[i - 1]!);
        for (const id of [...ranges4.ids, ...ranges6.ids]) expect(id).toBeLessThan(indexes.pairs.length);
      } catch (error) {
        judge(error);
      }
      expect(performance.now() - start).toBeLessThan(MOST_MS);
      expect(process.memoryUsage.rss()).toBeLessThan(2 ** 30);
    }),
    { numRuns: CASES },
  );
});

test("a damaged saved table, its checksum right or not, is refused in plain words or answers", async () => {
  const csv = join(folder, "seed.csv");
  writeFileSync(csv, SEEDS[5]!);
  const good = join(folder, "good.table");
  await saveTable(good, { databases: [csv] });
  const bytes = readFileSync(good);
  const path = join(folder, "bad.table");
  const change = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999999, noNaN: true }), fc.nat(255)), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(change, fc.boolean(), async (writes, isForged) => {
      const damaged = Buffer.from(bytes);
      for (const [where, value] of writes) damaged[Math.floor(where * damaged.length)] = value;
      if (isForged) {
        damaged.writeUInt32LE(damaged.length, 16);
        damaged.writeUInt32LE(0, 20);
        damaged.writeUInt32LE(crc32(damaged.subarray(32)), 24);
      }
      writeFileSync(path, damaged);
      const start = performance.now();
      try {
        (await openLocator({ databases: [path] })).lookup("1.0.0.1");
      } catch (error) {
        judge(error);
      }
      expect(performance.now() - start).toBeLessThan(MOST_MS);
      expect(process.memoryUsage.rss()).toBeLessThan(1.5 * 2 ** 30);
    }),
    { numRuns: CASES },
  );
});
