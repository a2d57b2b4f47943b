import type { Events } from "../../core/events.js";
import type { ColumnLocator } from "../../read/columns/eventColumns.js";
import type { FieldNames } from "../../read/fields/fieldMap.js";
import { eventsFromObjects } from "../../read/records/eventsFromObjects.js";
import { type DuckdbConnection, duckdbChunks, duckdbRows, openDuckdb } from "./duckdbConnection.js";
import { type DuckdbSource, duckdbColumns, duckdbRelation } from "./duckdbSql.js";

/** Which rows, and how they are read. */
export interface DuckdbReadOptions extends DuckdbSource {
  /** Finds the places of addresses: a `Locator`. */
  readonly locator: ColumnLocator;
  /** A connection of `@duckdb/node-api`. Default: one to a database in memory, for files. */
  readonly connection?: DuckdbConnection;
  /** Which column holds what, by geopivot's name. Default: as the fields of a log are known by their names. */
  readonly columns?: FieldNames;
  /** The dimensions to read. Default all. */
  readonly dimensions?: readonly string[];
  /** Only rows in [fromMs, toMs), epoch milliseconds. Row groups of Parquet without any are not read. Default all. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly trustedProxies?: readonly string[];
  /** Ends the reading with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Rows that become one batch. */
const BATCH_ROWS = 131_072;

/**
 * Rows of files or of a table of DuckDB as batches of events, in bounded memory: the database reads only the columns that
 * mean something and the window, and the library makes events of them as of a log's lines.
 *
 * @throws `no-such-column`, `no-time-column`, `engine-refused`, `engine-memory`, `not-installed`; the signal's reason
 */
export async function* duckdbBatches(options: DuckdbReadOptions): AsyncGenerator<Events> {
  const { locator, columns: map, dimensions, trustedProxies, signal } = options;
  const connection = options.connection ?? (await openDuckdb());
  const relation = duckdbRelation(options);
  const described = await duckdbRows(connection, `DESCRIBE SELECT * FROM ${relation}`);
  const typed = described.map(([name, type]) => [String(name), String(type)] as const);
  const { names, expressions, time } = duckdbColumns(relation, typed, map, dimensions);
  const sql = `SELECT ${expressions.join(", ")} FROM ${relation}${windowSql(time, options)}`;
  const reading = {
    locator,
    ...(map && { map }),
    ...(dimensions && { dimensions }),
    ...(trustedProxies && { trustedProxies }),
  };
  let rows: object[] = [];
  for await (const columns of duckdbChunks(connection, sql, signal)) {
    for (let row = 0; row < columns[0]!.length; row++) rows.push(recordOf(names, columns, row));
    if (rows.length < BATCH_ROWS) continue;
    yield eventsFromObjects(rows, reading);
    rows = [];
  }
  if (rows.length > 0) yield eventsFromObjects(rows, reading);
}

function windowSql(time: string | undefined, { fromMs = -Infinity, toMs = Infinity }: DuckdbReadOptions): string {
  const conditions = [
    ...(Number.isFinite(fromMs) ? [`${time} >= ${fromMs}`] : []),
    ...(Number.isFinite(toMs) ? [`${time} < ${toMs}`] : []),
  ];
  return time === undefined || conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
}

/** Columns are named by the file: without a prototype, `__proto__` is a name like any other. */
function recordOf(names: readonly string[], columns: readonly (readonly unknown[])[], row: number): object {
  const record: Record<string, unknown> = Object.create(null);
  for (let c = 0; c < names.length; c++) record[names[c]!] = columns[c]![row];
  return record;
}
