import { engineError } from "../errors.js";
import { identifier } from "./quote.js";

/** A table, by its name or with its database: `logs`, `web.logs`, `{ database: "web", name: "access.log" }`. */
export type TableName = string | { readonly database?: string; readonly name: string };

/** A table's name as SQL. Throws `bad-engine-option`. */
export function tableSql(table: TableName): string {
  const { database, name } = typeof table === "string" ? parted(table) : table;
  if (name === "" || database === "")
    throw engineError("bad-engine-option", { option: "table", value: tableText(table), expected: "a name" });
  return database === undefined ? identifier(name) : `${identifier(database)}.${identifier(name)}`;
}

/** A table's name for people. */
export function tableText(table: TableName): string {
  return typeof table === "string" ? table : [table.database, table.name].filter(Boolean).join(".");
}

/** The database is what comes before the first point. */
function parted(text: string): { readonly database?: string; readonly name: string } {
  const point = text.indexOf(".");
  return point < 0 ? { name: text } : { database: text.slice(0, point), name: text.slice(point + 1) };
}
