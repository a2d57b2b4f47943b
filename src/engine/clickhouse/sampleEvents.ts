import type { ClickHouseClient } from "@clickhouse/client";
import { cubeSettings } from "../../cube/cubeOptions.js";
import type { Finding } from "../../detect/finding.js";
import { engineError } from "../errors.js";
import { LOCATION_DATABASE } from "../locations/locationDdl.js";
import { eventSql } from "../sql/eventSql.js";
import { findingConditions } from "../sql/findingSql.js";
import { columnSql, identifier } from "../sql/quote.js";
import { tableColumns } from "../sql/tableColumns.js";
import { tableSql, tableText } from "../sql/tableName.js";
import { whereSql } from "../sql/whereSql.js";
import { ClickhouseSession } from "./clickhouseClient.js";
import { type ClickhouseCubeOptions, windowed } from "./cubeRequest.js";
import { describedColumns } from "./describedColumns.js";

/** Which rows to fetch: the options that the cube was made with, `from` and `to` left out. */
export interface SampleEventsOptions extends Omit<ClickhouseCubeOptions, "from" | "to" | "locator"> {
  /** Rows at most. Default 100. */
  readonly limit?: number;
}

/** What of a finding says which rows show it. */
export type SampledFinding = Pick<
  Finding,
  "kind" | "measure" | "startMs" | "endMs" | "region" | "dimensions" | "users" | "ips"
>;

const USUAL_LIMIT = 100;
const MOST = 100_000;

/**
 * The rows of a table that show a finding, as the table has them: of its time, its region and its slice, of its users and
 * addresses where it is about some; errors alone where it is about errors, the slowest first where it is about latency,
 * else the earliest first. Of a drop, it is what was left. Reading rights suffice.
 *
 * @returns one object a row, column by column as ClickHouse writes JSON
 * @throws `bad-engine-option`, and what `clickhouseCube` throws
 *
 * @example
 * ```ts
 * const rows = await sampleEvents(client, findings[0]!, { table: "web.logs", limit: 20 });
 * ```
 */
export async function sampleEvents(
  client: ClickHouseClient,
  finding: SampledFinding,
  options: SampleEventsOptions,
): Promise<Record<string, unknown>[]> {
  const { table, trustedProxies, locations: database = LOCATION_DATABASE, limit = USUAL_LIMIT } = options;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST))
    throw engineError("bad-engine-option", {
      option: "limit",
      value: String(limit),
      expected: `a whole number up to ${MOST}`,
    });
  const session = new ClickhouseSession(client, options);
  const described = await describedColumns(session, table);
  const columns = tableColumns(tableText(table), described, options.columns);
  const settings = cubeSettings(
    windowed({ ...options, from: finding.startMs, ...(finding.endMs !== null && { to: finding.endMs }) }),
  );
  const asked = [options.where ?? []].flat();
  const of = findingConditions(finding, columns, database);
  const condition = whereSql(asked, columns, database, of.exact);
  const raw = described.map(({ name }, i) => [`row_${i}`, columnSql(name)] as const);
  const names = { tableSql: tableSql(table), tableText: tableText(table), database };
  const { sql } = eventSql({
    ...names,
    columns,
    settings,
    trustedProxies,
    condition: {
      sql: [condition.sql, ...of.conditions].filter((one) => one !== undefined).join(" AND ") || "1",
      params: condition.params,
      columns: [...condition.columns, ...raw],
    },
  });
  const told = described.map(({ name }, i) => `row_${i} AS ${identifier(name)}`).join(", ");
  return session.rows({
    sql: `SELECT ${told} FROM (SELECT ${raw.map(([name]) => name).join(", ")} FROM (${sql}) ORDER BY ${of.order} LIMIT ${limit})`,
    params: { ...condition.params, ...of.params },
  });
}
