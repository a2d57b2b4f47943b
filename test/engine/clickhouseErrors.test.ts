import { type ClickHouseClient, createClient } from "@clickhouse/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { clickhouseCube } from "../../src/engine/clickhouse/clickhouseCube.js";
import { installLocations } from "../../src/engine/locations/installLocations.js";
import { identifier } from "../../src/engine/sql/quote.js";
import { hasChdb, openChdb } from "./support/chdb.js";
import { createLogs, insertRows } from "./support/logTable.js";
import { arbitraryRow } from "./support/rows.js";
import { sampleLocator } from "./support/sampleLocator.js";

let client: ClickHouseClient;
let close: () => Promise<void>;
const rows = fc.sample(arbitraryRow, { numRuns: 50, seed: 5 });

beforeAll(async () => {
  if (!hasChdb) return;
  ({ client, close } = openChdb());
  await installLocations(client, await sampleLocator());
  await client.command({ query: "CREATE DATABASE web" });
  await createLogs(client, "web.logs");
  await insertRows(client, "web.logs", rows);
});
afterAll(() => close?.());

const PARTS = [
  "'",
  '"',
  "`",
  "\\",
  ";",
  "--",
  "/*",
  ")",
  "(",
  "{x:String}",
  "\n",
  "\0",
  "DROP TABLE web.logs",
  " ",
  "1=1",
  "ü",
  "*",
  "|",
  "=",
];
const hostile = fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));

async function tableState(): Promise<string> {
  const query = "SELECT count() AS rows FROM web.logs";
  const tables =
    "SELECT database, name FROM system.tables WHERE database IN ('web', 'geopivot') ORDER BY database, name";
  const answers = [query, tables].map((sql) => client.query({ query: sql, format: "JSONEachRow" }));
  return JSON.stringify(await Promise.all(answers.map(async (answer) => (await answer).json())));
}

test("an identifier is quoted so that nothing in it ends it", () => {
  fc.assert(
    fc.property(hostile, (name) => {
      expect(identifier(name)).toMatch(/^`(?:[^`\\]|\\[\s\S])*`$/);
      expect(
        identifier(name)
          .slice(1, -1)
          .replace(/\\([\s\S])/g, "$1"),
      ).toBe(name);
    }),
  );
});

describe.skipIf(!hasChdb)("chdb is installed", () => {
  test("200 hostile names and values change nothing, and fail clearly or are quoted", {
    timeout: 600_000,
  }, async () => {
    const before = await tableState();
    for (const [i, text] of fc.sample(hostile, { numRuns: 200, seed: 1 }).entries()) {
      const options = [
        { table: text },
        { table: { database: text, name: text } },
        { table: "web.logs", columns: { ip: text } },
        { table: "web.logs", columns: { [text]: text } },
        { table: "web.logs", where: text },
        { table: "web.logs", where: `${text}=x` },
        { table: "web.logs", locations: text },
        { table: "web.logs", where: `service=${text}` },
      ][i % 8]!;
      const outcome = await clickhouseCube(client, options).catch((error: unknown) => error);
      if (i % 8 < 7 || isGeopivotError(outcome))
        expect(isGeopivotError(outcome), `${JSON.stringify(options)} ${outcome}`).toBe(true);
    }
    expect(await tableState()).toBe(before);
  });

  test("a column of any name is read", async () => {
    const names = ["we`ird", "a\\b", "x'); DROP TABLE y; --", "new\nline", "{a:String}", "t", "client"];
    for (const name of names) {
      await client.command({ query: "DROP TABLE IF EXISTS web.odd" });
      await client.command({
        query: `CREATE TABLE web.odd ENGINE = Memory AS SELECT now() AS ts, '5.0.0.1' AS ip, 'here' AS ${identifier(name)}`,
      });
      const cube = await clickhouseCube(client, {
        table: "web.odd",
        columns: { service: name },
        dimensions: ["service"],
      });
      expect(cube.dimensions[0]!.dictionary.values).toContain("here");
    }
  });

  test("what the server refuses is told by its kind", async () => {
    const table = "web.logs";
    await expect(clickhouseCube(client, { table: "web.none" })).rejects.toMatchObject({ code: "no-such-table" });
    await expect(clickhouseCube(client, { table, columns: { ip: "nope" } })).rejects.toMatchObject({
      code: "no-such-column",
    });
    await expect(clickhouseCube(client, { table, where: "nope=1" })).rejects.toMatchObject({ code: "no-such-column" });
    await expect(clickhouseCube(client, { table, where: "1; DROP" })).rejects.toMatchObject({ code: "bad-filter" });
    await expect(clickhouseCube(client, { table, locations: "none" })).rejects.toMatchObject({ code: "no-locations" });
    await expect(clickhouseCube(client, { table, from: "noon" })).rejects.toMatchObject({ code: "bad-engine-option" });
    await expect(clickhouseCube(client, { table, maxMemoryBytes: 1 })).rejects.toMatchObject({ code: "engine-memory" });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(clickhouseCube(client, { table, signal })).rejects.toThrow("enough");
  });

  test("a query that takes too long is told so", async () => {
    await client.command({
      query:
        "CREATE OR REPLACE VIEW web.slow AS SELECT now() AS ts, '5.0.0.1' AS ip, toString(sleepEachRow(0.2)) AS service FROM numbers(100)",
    });
    const slow = clickhouseCube(client, { table: "web.slow", dimensions: ["service"], maxSeconds: 1 });
    await expect(slow).rejects.toMatchObject({ code: "engine-timeout" });
  });

  test("a server that is not there is told so", async () => {
    const nobody = createClient({ url: "http://127.0.0.1:1" });
    await expect(clickhouseCube(nobody, { table: "logs" })).rejects.toMatchObject({ code: "engine-unreachable" });
    await nobody.close();
  });
});
