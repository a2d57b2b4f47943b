import type { ClickHouseClient } from "@clickhouse/client";
import type { TableRow } from "./rows.js";

const COLUMNS =
  "ts DateTime64(3, 'UTC'), ip String, xff String, status UInt16, latency_ms Nullable(Float64), bytes Nullable(Int64), user Nullable(String), service LowCardinality(String), path String";

/** Makes an empty table of requests, in the place of one of its name. */
export async function createLogs(client: ClickHouseClient, table: string): Promise<void> {
  await client.command({ query: `DROP TABLE IF EXISTS ${table}` });
  await client.command({ query: `CREATE TABLE ${table} (${COLUMNS}) ENGINE = MergeTree ORDER BY ts` });
}

export async function insertRows(client: ClickHouseClient, table: string, rows: readonly TableRow[]): Promise<void> {
  const values = rows.map((row) => ({ ...row, ts: row.ts.replace("T", " ").replace("Z", "") }));
  if (rows.length > 0) await client.insert({ table, values, format: "JSONEachRow" });
}
