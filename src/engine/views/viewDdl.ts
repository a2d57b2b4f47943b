import type { CubeSettings } from "../../cube/cubeOptions.js";
import { keptMeasures } from "../../cube/measures/measures.js";
import { type CubeQueries, stateColumn } from "../sql/cubeQuery.js";
import type { EventSql } from "../sql/eventSql.js";
import { identifier } from "../sql/quote.js";
import { type TableName, tableSql } from "../sql/tableName.js";

/** What a kept cube is called, and how long it is kept. */
export interface ViewOptions {
  /** The table that keeps the cube; the views that fill it have its name and an ending. */
  readonly view: TableName;
  /** Days after which a bucket is dropped. Default never. */
  readonly keepDays?: number;
}

/** The statements that make a kept cube: its table, then the views by which it grows as rows arrive. */
export function viewDdl(
  events: EventSql,
  queries: CubeQueries,
  settings: CubeSettings,
  options: ViewOptions,
): string[] {
  const { view, keepDays } = options;
  const columns = [...queries.keys.map((key) => `${key} ${keyType(key)}`), ...stateColumns(settings)];
  const ttl = keepDays === undefined ? "" : `\nTTL ${DAY_SQL(settings)} + INTERVAL ${Math.ceil(keepDays)} DAY`;
  const table = `CREATE TABLE IF NOT EXISTS ${tableSql(view)} (
  ${columns.join(",\n  ")}
) ENGINE = AggregatingMergeTree
PARTITION BY ${DAY_SQL(settings)}
ORDER BY (${queries.keys.join(", ")})${ttl}`;
  const views = viewSelects(events, queries, settings).map(
    ([ending, select]) =>
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${endedName(view, ending)} TO ${tableSql(view)} AS\n${select}`,
  );
  return [table, ...views];
}

/** What fills a kept cube, by the ending of the view's name. Each fills some columns; the table adds them up. */
export function viewSelects(
  { sql }: EventSql,
  { keys }: CubeQueries,
  settings: CubeSettings,
): readonly (readonly [ending: string, select: string])[] {
  const measures = keptMeasures(settings);
  const list = keys.join(", ");
  const plain = measures
    .filter(({ name, sqlItem }) => sqlItem === undefined && name !== "latency")
    .flatMap((measure) => Object.entries(measure.sql ?? {}).map(([c, own]) => `${own} AS ${stateColumn(measure, c)}`));
  const groups = `SELECT ${list}, ${plain.join(", ")}, min(time_ms) AS first_ms, max(time_ms) AS last_ms
FROM (${sql}) GROUP BY ${list}`;
  const byItem = (item: string, inner: string, where: string, outer: string): string => `SELECT ${list}, ${outer}
FROM (SELECT ${list}, ${item} AS item, ${inner} FROM (${sql}) WHERE ${where} GROUP BY ${list}, item) GROUP BY ${list}`;
  return [
    ["groups", groups],
    ...(settings.measures.has("latency")
      ? [["latency", byItem(BIN_SQL(settings), "count() AS n", "isFinite(latency_ms)", LATENCY_MAP)] as const]
      : []),
    ...(settings.measures.has("clients")
      ? [["clients", byItem("client", "count() AS n, countIf(is_error) AS e", "has_client", CLIENT_MAP)] as const]
      : []),
  ];
}

const LATENCY_MAP = "(groupArray(item), groupArray(n)) AS latency_map";
const CLIENT_MAP = "(groupArray(item), groupArray(n), groupArray(e)) AS clients_map";

/** The bin of a latency, out of the measure's own SQL: what `groupArrayIf` takes first. */
function BIN_SQL(settings: CubeSettings): string {
  const sql = keptMeasures(settings).find(({ name }) => name === "latency")!.sql!.words!;
  return sql.slice("groupArrayIf(".length, sql.lastIndexOf(", isFinite"));
}

const DAY_SQL = ({ bucketMs }: CubeSettings): string => `toDate(toDateTime(intDiv(bucket * ${bucketMs}, 1000), 'UTC'))`;

function keyType(key: string): string {
  return key === "bucket" ? "Int64" : key === "place" || key === "network" ? "UInt32" : "String";
}

/** Columns of the states, each with how its values become one. */
function stateColumns(settings: CubeSettings): string[] {
  return [
    ...keptMeasures(settings).flatMap((measure) => {
      if (measure.name === "latency")
        return ["latency_map SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64)))"];
      if (measure.name === "clients")
        return ["clients_map SimpleAggregateFunction(sumMap, Tuple(Array(IPv6), Array(UInt64), Array(UInt64)))"];
      if (measure.name === "users")
        return [`${stateColumn(measure, "hash")} SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64))`];
      return Object.entries(measure.columns).map(([column, type]) => {
        const number = type === "f64" ? "Float64" : "UInt64";
        return `${stateColumn(measure, column)} SimpleAggregateFunction(sum, ${number})`;
      });
    }),
    "first_ms SimpleAggregateFunction(min, Float64) DEFAULT inf",
    "last_ms SimpleAggregateFunction(max, Float64) DEFAULT -inf",
  ];
}

function endedName(view: TableName, ending: string): string {
  const sql = tableSql(view);
  return sql.endsWith("`") ? `${sql.slice(0, -1)}_${ending}\`` : identifier(`${sql}_${ending}`);
}

/**
 * The queries that read a kept cube as `cubeQueries` reads the table. A row of the kept table is a group already, so rows
 * that are not merged yet are merged as they are read (FINAL), each day by itself, and merged ones are read as they are:
 * adding histograms up anew would take as long as counting the rows. Rows of the same group out of several shards are put
 * together by who reads them.
 */
export function viewQueries({ keys }: CubeQueries, settings: CubeSettings, view: TableName): CubeQueries {
  const { fromMs, toMs, bucketMs } = settings;
  const window = [
    ...(Number.isFinite(fromMs) ? [`t.bucket >= ${Math.ceil(fromMs / bucketMs)}`] : []),
    ...(Number.isFinite(toMs) ? [`t.bucket < ${Math.ceil(toMs / bucketMs)}`] : []),
  ];
  const from = `FROM ${tableSql(view)} AS t FINAL${window.length > 0 ? ` WHERE ${window.join(" AND ")}` : ""}
SETTINGS do_not_merge_across_partitions_select_final = 1`;
  const named = keys.map((key) =>
    ["bucket", "place", "network"].includes(key) ? `t.${key} AS ${key}` : `toString(t.${key}) AS ${key}_text`,
  );
  const states = keptMeasures(settings).flatMap((measure) => {
    if (measure.name === "latency") return ["t.latency_map.1 AS latency_bins", "t.latency_map.2 AS latency_counts"];
    if (measure.name === "clients") return [];
    if (measure.name === "users") return [`t.${stateColumn(measure, "hash")} AS ${stateColumn(measure, "hash")}`];
    return Object.keys(measure.columns).map(
      (column) => `t.${stateColumn(measure, column)} AS ${stateColumn(measure, column)}`,
    );
  });
  const lists = [
    "t.clients_map.1 AS clients_item",
    "CAST(t.clients_map.2 AS Array(UInt32)) AS clients_count",
    "CAST(t.clients_map.3 AS Array(UInt32)) AS clients_errors",
  ];
  return {
    keys,
    groups: `SELECT ${[...named, ...states, "t.first_ms AS first_ms", "t.last_ms AS last_ms"].join(", ")}\n${from}`,
    ...(settings.measures.has("clients") && { clients6: `SELECT ${[...named, ...lists].join(", ")}\n${from}` }),
  };
}
