import { ROLE } from "../../read/fields/role.js";
import type { TableColumn } from "./tableColumns.js";
import { firstTextSql } from "./valueSql.js";

/** Before a path of which the library makes a route. */
export const ROUTE_OF = "\u0002";

const NETWORK = ["asn", "organization", "network", "tag"];

/**
 * A dimension's value of a row, empty where it has none; null where it is made of the address's network. What it takes more
 * than a database to tell (a path within an URL, a route) the library makes of each distinct text.
 */
export function dimensionSql(name: string, columns: readonly TableColumn[]): string | null {
  const own = columns.filter(({ means }) => means.dimension === name && means.role === ROLE.dimension);
  if (name === "path") return pathSql(columns);
  if (name === "route") {
    const path = `concat('\\x02', ${pathSql(columns)})`;
    return own.length === 0 ? path : `if(${firstTextSql(own)} != '', ${firstTextSql(own)}, ${path})`;
  }
  if (own.length > 0) return firstTextSql(own);
  if (name === "method") return requestSql(columns, "^([A-Z]{1,20}) [^\\\\x00-\\\\x20]");
  if (name === "status") return "if(status = 0, '', toString(status))";
  if (name === "status_class") return "if(status = 0, '', concat(toString(intDiv(status, 100)), 'xx'))";
  return NETWORK.includes(name) ? null : "''";
}

function pathSql(columns: readonly TableColumn[]): string {
  const own = columns.filter(({ means }) => means.role === ROLE.path);
  const target = requestSql(columns, "^[A-Z]{1,20} ([^\\\\x00-\\\\x20]+)");
  const text =
    own.length === 0
      ? target
      : target === "''"
        ? firstTextSql(own)
        : `if(${firstTextSql(own)} != '', ${firstTextSql(own)}, ${target})`;
  return text === "''" ? text : `extract(${text}, '^[^?#]*')`;
}

function requestSql(columns: readonly TableColumn[], pattern: string): string {
  const requests = columns.filter(({ means }) => means.role === ROLE.request);
  return requests.length === 0 ? "''" : `extract(${firstTextSql(requests)}, '${pattern}')`;
}
