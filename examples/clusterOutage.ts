// An outage in a log that is too large for one machine: ClickHouse locates and counts, geopivot judges and explains.
//
//   CLICKHOUSE_URL=http://localhost:8123 npx tsx examples/clusterOutage.ts [access.ndjson.gz]
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { detect, explain, type Locator, openLocator } from "geopivot";
import { clickhouseViewCube, createClickhouseView, installLocations, sampleEvents } from "geopivot/clickhouse";

/** A line of the log. */
export interface LogRow {
  readonly ts: string;
  readonly [field: string]: unknown;
}

/** Fills a table with rows, and tells the gravest thing in it: what, why, and the rows that show it. */
export async function clusterOutage(client: ClickHouseClient, locator: Locator, rows: readonly LogRow[]) {
  // Once: the dictionaries that locate addresses in the cluster. Again when the databases are newer.
  await installLocations(client, locator);

  // Once: the table, as yours may look, and the view that counts what arrives in it.
  await client.command({ query: "CREATE DATABASE IF NOT EXISTS shop" });
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS shop.requests (ts DateTime64(3, 'UTC'), ip String, status UInt16, latency_ms Float32,
      user String, service LowCardinality(String), version LowCardinality(String)) ENGINE = MergeTree ORDER BY ts`,
  });
  const table = "shop.requests";
  const options = { table, view: "shop.traffic", bucketSeconds: 300, dimensions: ["service", "version"] };
  await createClickhouseView(client, options);

  // Always: rows arrive, and the view grows.
  const values = rows.map((row) => ({ ...row, ts: row.ts.replace("T", " ").replace("Z", "") }));
  await client.insert({
    table,
    values,
    format: "JSONEachRow",
    clickhouse_settings: { input_format_skip_unknown_fields: 1 },
  });

  // Every few minutes: the cube out of the view, judged here.
  const cube = await clickhouseViewCube(client, options);
  const [finding] = detect(cube);
  if (finding === undefined) return null;
  console.log(`${finding.severity}: ${finding.title}`);

  // Why? Which slices of the traffic carry the change.
  const to = finding.endMs ?? cube.lastTimeMs + 1;
  const { causes } = explain(cube, { from: finding.startMs, to, measure: "errors" });
  for (const { slice, share } of causes) console.log(`  ${Math.round(100 * share)}% of it: ${JSON.stringify(slice)}`);

  // Show me: the rows themselves, out of the table.
  const shown = await sampleEvents(client, finding, { table, limit: 5 });
  console.table(shown);
  return { finding, causes, shown };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const client = createClient({ url: process.env.CLICKHOUSE_URL ?? "http://localhost:8123" });
  const locator = await openLocator();
  const log = gunzipSync(readFileSync(process.argv[2] ?? "data/sample.ndjson.gz")).toString();
  const rows = log.split("\n").flatMap((line): LogRow[] => (line === "" ? [] : [JSON.parse(line)]));
  await clusterOutage(client, locator, rows);
  await client.close();
}
