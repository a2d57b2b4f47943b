import type { Shape } from "../../core/options/shape.js";
import { either, list } from "../../core/options/shapes.js";
import { has } from "../../core/options/shown.js";
import type { LogSource } from "./openSource.js";

const LOG_SOURCE: Shape<LogSource> = {
  expected: "a path, bytes, or a stream",
  accepts: (value) =>
    typeof value === "string" ||
    value instanceof URL ||
    value instanceof Uint8Array ||
    has(value, Symbol.asyncIterator) ||
    has(value, "getReader"),
  fix: (value) => {
    if (has(value, "timeMs", "client"))
      return "a path, bytes, or a stream; these are events already: Cube.from(events)";
    if (has(value, "ip") || has(value, "ts"))
      return "a path, bytes, or a stream; objects become events by eventsFromObjects(rows)";
    return undefined;
  },
};

/** One log or several. */
export const LOG_SOURCES: Shape<LogSource | readonly LogSource[]> = either(LOG_SOURCE, list(LOG_SOURCE, "logs"));
