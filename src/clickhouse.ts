// The public names of geopivot/clickhouse.

export type { QueryLimits } from "./engine/clickhouse/clickhouseClient.js";
export { clickhouseCube } from "./engine/clickhouse/clickhouseCube.js";
export type { ClickhouseCubeOptions } from "./engine/clickhouse/cubeRequest.js";
export { type CubeSql, cubeSql } from "./engine/clickhouse/cubeSql.js";
export { type InstalledLocations, type InstallOptions, installLocations } from "./engine/locations/installLocations.js";
export type { TableName } from "./engine/sql/tableName.js";
export {
  type ClickhouseViewOptions,
  clickhouseViewCube,
  createClickhouseView,
  fillClickhouseView,
} from "./engine/views/clickhouseView.js";
