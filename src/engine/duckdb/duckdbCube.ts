import { pickOptions } from "../../core/options/checkOptions.js";
import { EventFilter } from "../../cube/build/eventFilter.js";
import { takeRows } from "../../cube/build/takeRows.js";
import { Cube } from "../../cube/cube.js";
import { CUBE_OPTIONS, type CubeOptions } from "../../cube/cubeOptions.js";
import { timeOf } from "../timeOf.js";
import { type DuckdbReadOptions, duckdbBatches } from "./duckdbBatches.js";

/** Which rows, and what of them to count. */
export interface DuckdbCubeOptions
  extends Omit<CubeOptions, "fromMs" | "toMs" | "dimensions">,
    Omit<DuckdbReadOptions, "fromMs" | "toMs"> {
  /** Only rows in [from, to): epoch milliseconds, a date, or ISO 8601. Default all. */
  readonly from?: number | Date | string;
  readonly to?: number | Date | string;
  /** Conditions that all must hold, as `geopivot --where` takes them: `service=api|web`, `country!=DE`. */
  readonly where?: string | readonly string[];
}

/**
 * The cube of Parquet and CSV files, or of a table, read by DuckDB: what `Cube.from` gives for the same rows.
 *
 * @throws what {@link duckdbBatches} and `Cube` throw, and `bad-filter`
 *
 * @example
 * ```ts
 * const cube = await duckdbCube({ files: "logs/*.parquet", locator, dimensions: ["service"] });
 * ```
 */
export async function duckdbCube(options: DuckdbCubeOptions): Promise<Cube> {
  const { from, to, where = [], dimensions = [], ...rest } = options;
  const window = { ...(from !== undefined && { fromMs: timeOf(from) }), ...(to !== undefined && { toMs: timeOf(to) }) };
  const conditions = [where].flat();
  const filter = conditions.length > 0 ? new EventFilter({ where: conditions }) : undefined;
  const cube = new Cube({ ...pickOptions(rest, CUBE_OPTIONS), ...window, dimensions });
  // Conditions may be about any dimension: then all are read.
  const read = filter === undefined ? { dimensions } : {};
  for await (const batch of duckdbBatches({ ...rest, ...window, ...read })) {
    const rows = filter?.rows(batch);
    cube.add(rows === undefined ? batch : takeRows(batch, rows));
  }
  return cube;
}
