import { cubeError } from "../../cube/errors.js";
import { parseNetwork } from "../../locate/address/parseNetwork.js";
import { engineError } from "../errors.js";
import { withinSql } from "./addressSql.js";
import { dimensionSql } from "./dimensionSql.js";
import { identifier } from "./quote.js";
import type { TableColumn } from "./tableColumns.js";

/** A condition with the values that it binds. */
export interface WhereSql {
  /** Over the columns of events; undefined if there is none. */
  readonly sql: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** Columns that the condition needs beside those of every event, as expressions over the table's. */
  readonly columns: readonly (readonly [name: string, sql: string])[];
}

/**
 * Conditions as `EventFilter` takes them, for the server: names are those of columns that mean something, and values are
 * bound, so neither is ever a part of the query's text.
 *
 * @param exact - values of dimensions that must be as they are, whatever is in them
 * @throws `bad-filter`, `no-such-column`, `bad-network`
 */
export function whereSql(
  where: readonly string[],
  columns: readonly TableColumn[],
  database: string,
  exact: Readonly<Record<string, string>> = {},
): WhereSql {
  const params: Record<string, unknown> = {};
  const needed: [string, string][] = [];
  const bind = (value: unknown, type: string): string => {
    const name = `w${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  const conditions = where.map((text) => {
    const match = /^([^=!|]+)(!?)=(.+)$/s.exec(text);
    if (match === null) throw cubeError("bad-filter", { text, want: "name=value, name=value|value or name!=value" });
    const [, name = "", not = "", list = ""] = match;
    const sql = conditionSql(name, list.split("|"), { columns, database, bind, needed });
    return not === "" ? `(${sql})` : `NOT (${sql})`;
  });
  for (const [name, value] of Object.entries(exact)) {
    const column = dimensionColumn(name, { columns, database, bind, needed });
    conditions.push(`${column} = ${bind(value, "String")}`);
  }
  return { sql: conditions.length === 0 ? undefined : conditions.join(" AND "), params, columns: needed };
}

interface Context {
  readonly columns: readonly TableColumn[];
  readonly database: string;
  readonly bind: (value: unknown, type: string) => string;
  readonly needed: [string, string][];
}

function conditionSql(name: string, values: readonly string[], context: Context): string {
  const { database, bind } = context;
  if (name === "user") return matchSql("user", values, bind);
  if (name === "ip") return values.map((value) => withinSql("client", parseNetwork(value))).join(" OR ");
  if (name === "network") return networkSql(values, context);
  if (name === "country" || name === "region" || name === "city")
    return `place IN (SELECT id FROM ${identifier(database)}.places WHERE ${matchSql(name, values, bind)})`;
  return matchSql(dimensionColumn(name, context), values, bind);
}

/** A column of a dimension's values. Throws `no-such-column`. */
function dimensionColumn(name: string, { columns, needed }: Context): string {
  const sql = dimensionSql(name === "agent" ? "user_agent" : name, columns);
  if (sql === null || sql === "''") throw engineError("no-such-column", { table: "", column: name });
  const column = `w_${needed.length}`;
  needed.push([column, sql]);
  return column;
}

/** Networks by CIDR, or by number (AS3320), organization, name or tag of the record. */
function networkSql(values: readonly string[], { database, bind }: Context): string {
  const isCidr = (value: string): boolean => /^[\da-f.:]+\/\d+$/i.test(value);
  const within = values.filter(isCidr).map((value) => withinSql("client", parseNetwork(value)));
  const texts = "arrayConcat([concat('AS', toString(asn)), organization, name], tags)";
  const ofRecord = `SELECT id FROM ${identifier(database)}.networks WHERE arrayExists(text -> text != '' AND (${matchSql("text", values, bind)}), ${texts})`;
  return [...within, `network IN (${ofRecord})`].join(" OR ");
}

/** Whether a column is one of some values, of which `*` is anything. */
function matchSql(column: string, values: readonly string[], bind: Context["bind"]): string {
  const exact = values.filter((value) => !value.includes("*"));
  const globs = values.filter((value) => value.includes("*"));
  return [
    ...(exact.length > 0 ? [`${column} IN ${bind(exact, "Array(String)")}`] : []),
    ...globs.map((glob) => `match(${column}, ${bind(patternOf(glob), "String")})`),
  ].join(" OR ");
}

const patternOf = (glob: string): string => `(?s)^${glob.split("*").map(escaped).join(".*")}$`;
const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
