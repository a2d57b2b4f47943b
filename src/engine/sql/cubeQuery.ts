import type { CubeSettings } from "../../cube/cubeOptions.js";
import type { AnyMeasure } from "../../cube/measures/measure.js";
import { keptMeasures } from "../../cube/measures/measures.js";
import { engineError } from "../errors.js";
import { type EventSql, NETWORK_DIMENSIONS } from "./eventSql.js";

/** The queries that together are a cube. */
export interface CubeQueries {
  /** Sums and lists of each group. */
  readonly groups: string;
  /** Clients with their counts, of each group, by family; undefined where they are not kept. */
  readonly clients4?: string;
  readonly clients6?: string;
  /** Columns that tell groups apart, in order. */
  readonly keys: readonly string[];
}

/**
 * The queries by which a server sums events up. Lists go side by side in one pass; clients, of which each has counts of its
 * own, take a second level of grouping, over keys as narrow as can be: a server that must hash texts takes several times
 * as long.
 *
 * @throws `measure-without-sql`
 */
export function cubeQueries(events: EventSql, settings: CubeSettings): CubeQueries {
  const measures = keptMeasures(settings);
  const keys = groupKeys(events, settings);
  const aggregates = measures.filter(({ sqlItem }) => sqlItem === undefined).flatMap(aggregatesOf);
  const byItem = measures.find(({ sqlItem }) => sqlItem !== undefined);
  const groups = `SELECT ${keys.map(keySql).join(", ")},
  ${[...aggregates, ...TIMES].join(",\n  ")}
FROM (${events.sql})
GROUP BY ${keys.join(", ")}`;
  if (byItem === undefined) return { groups, keys };
  const family4 = { item: "v4", where: "has_client AND is_v4" };
  const family6 = { item: "client", where: "has_client AND NOT is_v4" };
  const clients = (family: typeof family4): string => itemQuery(events, keys, byItem, family);
  return { groups, keys, ...(events.hasAddresses && { clients4: clients(family4) }), clients6: clients(family6) };
}

const TIMES = ["min(time_ms) AS first_ms", "max(time_ms) AS last_ms"];

/** The columns by which groups are told apart. */
function groupKeys({ told, dimensions, hasAddresses, hasOdd }: EventSql, settings: CubeSettings): string[] {
  const byNetwork = settings.dimensions.some((name, d) => dimensions[d] === null && NETWORK_DIMENSIONS.includes(name));
  return [
    "bucket",
    ...(hasAddresses ? ["place"] : []),
    ...(hasAddresses && byNetwork ? ["network"] : []),
    ...told.map(({ column }) => column),
    ...dimensions.filter((column) => column !== null),
    ...(hasOdd ? ["odd"] : []),
  ];
}

/** A key as it is answered: texts as texts, of whatever kind the column is. */
function keySql(key: string): string {
  return ["bucket", "place", "network"].includes(key) ? key : `toString(${key}) AS ${key}_text`;
}

/** Under this name the answer has a column of a measure. */
export const stateColumn = ({ name }: AnyMeasure, column: string): string => `${name}_${column}`;

function aggregatesOf(measure: AnyMeasure): string[] {
  if (measure.sql === undefined) throw engineError("measure-without-sql", { measure: measure.name });
  return Object.entries(measure.sql).map(([column, sql]) => `${sql} AS ${stateColumn(measure, column)}`);
}

/** Two levels: items with their sums, then lists of them. */
function itemQuery(
  events: EventSql,
  keys: readonly string[],
  measure: AnyMeasure,
  { item, where }: { readonly item: string; readonly where: string },
): string {
  if (measure.sql === undefined) throw engineError("measure-without-sql", { measure: measure.name });
  const sums = Object.entries(measure.sql).map(([column, sql]) => `toUInt32(${sql}) AS ${column}_sum`);
  const lists = Object.keys(measure.sql).map(
    (column) => `groupArray(${column}_sum) AS ${stateColumn(measure, column)}`,
  );
  return `SELECT ${keys.map(keySql).join(", ")}, groupArray(${item}) AS ${stateColumn(measure, "item")}, ${lists.join(", ")}
FROM (
  SELECT ${[...keys, item, ...sums].join(", ")}
  FROM (${events.sql})
  WHERE ${where}
  GROUP BY ${[...keys, item].join(", ")}
)
GROUP BY ${keys.join(", ")}`;
}
