// The public names of geopivot/duckdb.

export { type DuckdbReadOptions, duckdbBatches } from "./engine/duckdb/duckdbBatches.js";
export type { DuckdbConnection } from "./engine/duckdb/duckdbConnection.js";
export { type DuckdbCubeOptions, duckdbCube } from "./engine/duckdb/duckdbCube.js";
export type { DuckdbSource } from "./engine/duckdb/duckdbSql.js";
