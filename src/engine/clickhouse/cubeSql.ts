import type { CubeOptions } from "../../cube/cubeOptions.js";
import { cubeSettings } from "../../cube/cubeOptions.js";
import { LOCATION_DATABASE } from "../locations/locationDdl.js";
import { cubeQueries } from "../sql/cubeQuery.js";
import { eventSql } from "../sql/eventSql.js";
import { type DescribedColumn, tableColumns } from "../sql/tableColumns.js";
import { tableSql, tableText } from "../sql/tableName.js";
import { whereSql } from "../sql/whereSql.js";
import { type ClickhouseCubeOptions, windowed } from "./cubeRequest.js";

/** The queries that make a cube, for review. */
export interface CubeSql {
  /** Sums, latency bins and users of each group; then its clients, IPv4 and IPv6 apart. */
  readonly queries: readonly string[];
  /** What the queries bind. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** What to make SQL of: what `clickhouseCube` takes, and the columns that the table has. */
export interface CubeSqlOptions extends ClickhouseCubeOptions {
  readonly described: readonly DescribedColumn[];
}

/**
 * The SQL that `clickhouseCube` has a server run, without a server.
 *
 * @throws `no-such-column`, `no-time-column`, `no-place-column`, `column-type`, `bad-filter`
 */
export function cubeSql(options: CubeSqlOptions): CubeSql {
  const { table, described, trustedProxies, locations: database = LOCATION_DATABASE } = options;
  const settings = cubeSettings(windowed(options) as CubeOptions);
  const columns = tableColumns(tableText(table), described, options.columns);
  const condition = whereSql([options.where ?? []].flat(), columns, database);
  const names = { tableSql: tableSql(table), tableText: tableText(table), database };
  const { groups, clients4, clients6 } = cubeQueries(
    eventSql({ ...names, columns, settings, trustedProxies, condition }),
    settings,
  );
  return { queries: [groups, clients4, clients6].filter((sql) => sql !== undefined), params: condition.params };
}
