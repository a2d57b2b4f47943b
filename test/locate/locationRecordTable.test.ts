import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openLocator, saveTable } from "../../src/locate/openLocator.js";
import { LocationRecordTable } from "../../src/locate/places/locationRecordTable.js";
import { ArrivingSum, readTableFile, writeTableFile } from "../../src/locate/saved/tableFile.js";
import { finished } from "./finished.js";

type Pair = readonly [place: number, network: number];

/** Pairs of a city database first, as they come, then any. */
const somePairs = fc
  .tuple(fc.nat(40), fc.array(fc.tuple(fc.nat(60), fc.nat(3)), { maxLength: 60 }))
  .map(([plain, others]): Pair[] => [...Array.from({ length: plain }, (_, i): Pair => [i + 1, 0]), ...others]);

function tableOf(pairs: readonly Pair[]): LocationRecordTable {
  const table = new LocationRecordTable();
  for (const [place, network] of pairs) table.id(place, network);
  return table;
}

const pairAt = (table: LocationRecordTable, id: number): Pair => [table.placeOf(id), table.networkOf(id)];

test("every pair has one id, the next that is free, and stands under it", () => {
  fc.assert(
    fc.property(somePairs, (pairs) => {
      const table = new LocationRecordTable();
      const known = new Map([["0,0", 0]]);
      for (const pair of pairs) {
        if (!known.has(String(pair))) known.set(String(pair), known.size);
        expect(table.id(...pair)).toBe(known.get(String(pair)));
      }
      expect(table.length).toBe(known.size);
      for (const [text, id] of known) expect(String(pairAt(table, id))).toBe(text);
      const { plain, place, network } = table.columns();
      expect(place.length).toBe(table.length - plain);
      place.forEach((id, i) => {
        expect([id, network[i]]).toEqual(pairAt(table, plain + i));
      });
    }),
  );
});

test("pairs of another table keep their meaning, whatever was there and however places are numbered", () => {
  fc.assert(
    fc.property(
      somePairs,
      somePairs,
      fc.boolean(),
      fc.integer({ min: 1, max: 60 }),
      (before, pairs, isRenumbered, moved) => {
        // Place 0 is none, whatever the table.
        const table = tableOf(before);
        const others = tableOf(pairs);
        const placeIds = isRenumbered ? Uint32Array.from({ length: 61 }, (_, i) => (i < moved ? i : i + 7)) : undefined;
        const ids = finished(table.addAll(others.columns(), placeIds, undefined));
        for (let id = 0; id < others.length; id++) {
          const [place, network] = pairAt(others, id);
          const here: Pair = [placeIds?.[place] ?? place, network];
          expect(pairAt(table, ids?.[id] ?? id)).toEqual(here);
          expect(table.id(...here)).toBe(ids?.[id] ?? id);
        }
      },
    ),
  );
});

test("the places of a city database take no room, but for the first that is out of turn", () => {
  const inTurn = Array.from({ length: 9 }, (_, i): Pair => [i + 1, 0]);
  expect(tableOf(inTurn).columns().plain).toBe(10);
  expect(tableOf([...inTurn, [12, 0], [10, 0]]).columns()).toMatchObject({ plain: 10, place: Uint32Array.of(12, 10) });
});

const folder = mkdtempSync(join(tmpdir(), "geopivot-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a saved table whose count of plain pairs makes no sense is refused", async () => {
  const path = join(folder, "forged.table");
  const networks = ["FR", "DE", "JP"].map((country, i) => ({ cidr: `10.${i}.0.0/16`, country }));
  await saveTable(path, { databases: [], networks });
  const bytes = readFileSync(path);
  const sum = new ArrivingSum();
  sum.add(bytes, 0);
  const { meta, columns } = finished(readTableFile(bytes, sum.value, path));
  await writeTableFile(path, { meta, columns }, {});
  expect((await openLocator({ databases: [path] })).locate("10.1.2.3")).toMatchObject({ country: "DE" });
  for (const plainPairs of [0, -1, 1.5, 1e9, 2 ** 40, "3", null, undefined]) {
    await writeTableFile(path, { meta: { ...(meta as object), plainPairs }, columns }, {});
    await expect(openLocator({ databases: [path] })).rejects.toMatchObject({ code: "corrupt-database" });
  }
});
