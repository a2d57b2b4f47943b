import type { CubeSettings } from "../../cube/cubeOptions.js";
import { ROLE } from "../../read/fields/role.js";
import { engineError } from "../errors.js";
import { LOCATION_DATABASE, LOCATION_DICTIONARIES } from "../locations/locationDdl.js";
import { type CubeQueries, cubeQueries } from "../sql/cubeQuery.js";
import { type EventSql, eventSql } from "../sql/eventSql.js";
import { tableColumns } from "../sql/tableColumns.js";
import { tableSql, tableText } from "../sql/tableName.js";
import { whereSql } from "../sql/whereSql.js";
import type { ClickhouseSession } from "./clickhouseClient.js";
import type { ClickhouseCubeOptions } from "./cubeRequest.js";
import { describedColumns } from "./describedColumns.js";

/** All that it takes to ask a server for a cube. */
export interface PreparedQuery {
  readonly events: EventSql;
  readonly queries: CubeQueries;
  readonly params: Readonly<Record<string, unknown>>;
  readonly database: string;
  readonly trusted: readonly string[] | undefined;
  readonly isEndpoint: boolean;
}

/** Looks at the table and makes the queries. */
export async function prepareQuery(
  session: ClickhouseSession,
  options: ClickhouseCubeOptions,
  settings: CubeSettings,
): Promise<PreparedQuery> {
  const { table, trustedProxies, locations: database = LOCATION_DATABASE } = options;
  const columns = tableColumns(tableText(table), await describedColumns(session, table), options.columns);
  const condition = whereSql([options.where ?? []].flat(), columns, database);
  const names = { tableSql: tableSql(table), tableText: tableText(table), database };
  const events = eventSql({ ...names, columns, settings, trustedProxies, condition });
  if (events.hasAddresses) await checkLocations(session, database);
  return {
    events,
    queries: cubeQueries(events, settings),
    params: condition.params,
    database,
    trusted: trustedProxies,
    isEndpoint: columns.some(({ means }) => means.role === ROLE.endpoint),
  };
}

/** Throws `no-locations` where a dictionary is missing. */
async function checkLocations(session: ClickhouseSession, database: string): Promise<void> {
  const rows = await session.rows<{ name: string }>({
    sql: "SELECT name FROM system.dictionaries WHERE database = {database:String}",
    params: { database },
  });
  const names = new Set(rows.map(({ name }) => name));
  if (LOCATION_DICTIONARIES.some((name) => !names.has(name))) throw engineError("no-locations", { database });
}
