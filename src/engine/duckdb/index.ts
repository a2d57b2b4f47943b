// The public names of geopivot/duckdb.

export { type DuckdbReadOptions, duckdbBatches } from "./duckdbBatches.js";
export type { DuckdbConnection } from "./duckdbConnection.js";
export { type DuckdbCubeOptions, duckdbCube } from "./duckdbCube.js";
export type { DuckdbSource } from "./duckdbSql.js";
