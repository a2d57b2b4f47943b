import { cubeSettings } from "../../cube/cubeOptions.js";
import { windowed } from "../clickhouse/cubeRequest.js";
import type { CubeSqlOptions } from "../clickhouse/cubeSql.js";
import { LOCATION_DATABASE } from "../locations/locationDdl.js";
import { cubeQueries } from "../sql/cubeQuery.js";
import { eventSql } from "../sql/eventSql.js";
import { tableColumns } from "../sql/tableColumns.js";
import { tableSql, tableText } from "../sql/tableName.js";
import { type ViewOptions, viewDdl } from "./viewDdl.js";

/** The statements by which `createClickhouseView` makes a view, without a server. Throws what `cubeSql` throws. */
export function viewSql(options: CubeSqlOptions & ViewOptions): string[] {
  const { table, described, trustedProxies, locations: database = LOCATION_DATABASE } = options;
  const settings = cubeSettings(windowed(options));
  const columns = tableColumns(tableText(table), described, options.columns);
  const names = { tableSql: tableSql(table), tableText: tableText(table), database };
  const events = eventSql({ ...names, columns, settings, trustedProxies });
  return viewDdl(events, cubeQueries(events, settings), settings, options);
}
