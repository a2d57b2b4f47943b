import type { Events } from "../../core/events.js";
import { readError } from "../errors.js";
import type { ReadReport } from "../readReport.js";
import { eventsFromObjects, type ObjectOptions } from "./eventsFromObjects.js";

/** What an arquero table, an Arrow table and others of their kind have in common. */
export interface TableLike {
  /** Rows as objects: arquero's and some others' `objects`, Arrow's `toArray`. */
  objects?(): Iterable<object>;
  toArray?(): Iterable<object>;
}

/**
 * Events of an arquero or Arrow table, whose columns are named as the fields of NDJSON are; dates are times.
 *
 * @throws `bad-option` if the value is no such table
 *
 * @example
 * ```ts
 * const events = eventsFromTable(await loadArrow("requests.arrow"), { locator }); // a table of arquero's or of Arrow's
 * ```
 */
export function eventsFromTable(table: TableLike, options: ObjectOptions): Events & { readonly report: ReadReport } {
  const rows = table.objects?.() ?? table.toArray?.();
  if (rows === undefined)
    throw readError("bad-option", { option: "table", why: "it has neither objects() nor toArray()" });
  return eventsFromObjects(rows, options);
}
