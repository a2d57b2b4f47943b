// The public names of geopivot/clickhouse.

export { type InstalledLocations, type InstallOptions, installLocations } from "../locations/installLocations.js";
export type { TableName } from "../sql/tableName.js";
export {
  type ClickhouseViewOptions,
  clickhouseViewCube,
  createClickhouseView,
  fillClickhouseView,
} from "../views/clickhouseView.js";
export type { QueryLimits } from "./clickhouseClient.js";
export { clickhouseCube } from "./clickhouseCube.js";
export type { ClickhouseCubeOptions } from "./cubeRequest.js";
export { type CubeSql, cubeSql } from "./cubeSql.js";
export { type SampledFinding, type SampleEventsOptions, sampleEvents } from "./sampleEvents.js";
