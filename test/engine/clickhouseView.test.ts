import type { ClickHouseClient } from "@clickhouse/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { clickhouseCube } from "../../src/engine/clickhouse/clickhouseCube.js";
import { installLocations } from "../../src/engine/locations/installLocations.js";
import { clickhouseViewCube, createClickhouseView, fillClickhouseView } from "../../src/engine/views/clickhouseView.js";
import type { Locator } from "../../src/locate/locator.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { hasChdb, openChdb } from "./support/chdb.js";
import { cubeFacts } from "./support/cubeFacts.js";
import { createLogs, insertRows } from "./support/logTable.js";
import { arbitraryRow, ROW_ORIGIN_MS, type TableRow } from "./support/rows.js";
import { CITY_ROWS, sampleLocator } from "./support/sampleLocator.js";

let client: ClickHouseClient;
let close: () => Promise<void>;
let locator: Locator;

beforeAll(async () => {
  if (!hasChdb) return;
  ({ client, close } = openChdb());
  locator = await sampleLocator();
  await installLocations(client, locator);
  await client.command({ query: "CREATE DATABASE web" });
});
afterAll(() => close?.());

const dimensions = ["service"];
const localFacts = (rows: readonly TableRow[], by = locator) =>
  cubeFacts(Cube.from(eventsFromObjects(rows, { locator: by }), { dimensions }));

/** Rows over seven days. */
function week(count: number, seed: number): TableRow[] {
  const rows = fc.sample(arbitraryRow, { numRuns: count, seed });
  return rows.map((row, i) => ({
    ...row,
    ts: new Date(ROW_ORIGIN_MS + Math.floor((i * 7 * 86_400_000) / count)).toISOString(),
  }));
}

describe.skipIf(!hasChdb)("chdb is installed", () => {
  test("a view holds the cube of the rows that arrived", { timeout: 300_000 }, async () => {
    const rows = week(400, 1);
    await createLogs(client, "web.live");
    const options = { table: "web.live", view: "web.live_cube", dimensions };
    await createClickhouseView(client, options);
    for (let at = 0; at < rows.length; at += 150) await insertRows(client, "web.live", rows.slice(at, at + 150));
    expect(cubeFacts(await clickhouseViewCube(client, options))).toEqual(localFacts(rows));
  });

  test("a fill that was ended half-way and begun again counts nothing twice", { timeout: 300_000 }, async () => {
    const rows = week(400, 2);
    await createLogs(client, "web.old");
    await insertRows(client, "web.old", rows);
    const options = { table: "web.old", view: "web.old_cube", dimensions, from: "2026-03-02", to: "2026-03-09" };
    await createClickhouseView(client, options);
    const ended = new Error("ended");
    const fill = fillClickhouseView(client, options, (day) => {
      if (day === "2026-03-04") throw ended;
    });
    await expect(fill).rejects.toBe(ended);
    await fillClickhouseView(client, options);
    expect(cubeFacts(await clickhouseViewCube(client, options))).toEqual(localFacts(rows));
  });

  test("cubes of seven days and three shards together are the cube built at once", { timeout: 300_000 }, async () => {
    const rows = week(500, 3);
    const cubes: Cube[] = [];
    for (let shard = 0; shard < 3; shard++) {
      await createLogs(client, `web.shard${shard}`);
      await insertRows(
        client,
        `web.shard${shard}`,
        rows.filter((_, i) => i % 3 === shard),
      );
      for (let day = 0; day < 7; day++) {
        const [from, to] = [ROW_ORIGIN_MS + day * 86_400_000, ROW_ORIGIN_MS + (day + 1) * 86_400_000];
        cubes.push(await clickhouseCube(client, { table: `web.shard${shard}`, dimensions, from, to }));
      }
    }
    expect(cubeFacts(Cube.merge(cubes))).toEqual(localFacts(rows));
  });

  test("another database changes nothing for rows that a view has counted", { timeout: 300_000 }, async () => {
    const rows = week(300, 4);
    await createLogs(client, "web.moved");
    const options = { table: "web.moved", view: "web.moved_cube", dimensions };
    await createClickhouseView(client, options);
    await insertRows(client, "web.moved", rows.slice(0, 150));
    const before = cubeFacts(await clickhouseViewCube(client, options));
    expect(before).toEqual(localFacts(rows.slice(0, 150)));
    const moved = await sampleLocator(
      CITY_ROWS.map((row) => row.replace(/DE,Hesse,Frankfurt,50.11,8.68/, "NL,Utrecht,Utrecht,52.09,5.12")),
    );
    try {
      await installLocations(client, moved);
      expect(cubeFacts(await clickhouseViewCube(client, options))).toEqual(before);
      await insertRows(client, "web.moved", rows.slice(150));
      const both = [locator, moved].map((by, i) =>
        Cube.from(eventsFromObjects(rows.slice(150 * i, 150 * (i + 1)), { locator: by }), { dimensions }),
      );
      expect(cubeFacts(await clickhouseViewCube(client, options))).toEqual(cubeFacts(Cube.merge(both)));
    } finally {
      await installLocations(client, locator);
    }
  });
});
