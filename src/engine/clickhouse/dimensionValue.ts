import { routeOf } from "../../read/fields/routeOf.js";
import { pathEnd, pathStart } from "../../read/fields/rowWriter.js";
import { ROUTE_OF } from "../sql/dimensionSql.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A dimension's value of the text that the server tells. */
export function dimensionValue(name: string, text: string): string {
  if (name === "path") return pathOf(text);
  if (name !== "route" || !text.startsWith(ROUTE_OF)) return text;
  const path = pathOf(text.slice(ROUTE_OF.length));
  return path === "" ? "" : routeOf(path);
}

/** The path within an URL, as logs are read. */
function pathOf(text: string): string {
  const bytes = encoder.encode(text);
  const from = pathStart(bytes, 0, bytes.length);
  return decoder.decode(bytes.subarray(from, pathEnd(bytes, from, bytes.length)));
}
