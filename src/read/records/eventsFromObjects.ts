import type { Events } from "../../core/events.js";
import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import { EVENT_OBJECTS } from "../../core/options/eventShapes.js";
import type { Shapes } from "../../core/options/shape.js";
import { concatEvents } from "../columns/concatEvents.js";
import { type ColumnLocator, EventColumns } from "../columns/eventColumns.js";
import { countEvents } from "../columns/eventCounts.js";
import { anyField, type FieldNames, keepDimensions, mapFields } from "../fields/fieldMap.js";
import { RowWriter } from "../fields/rowWriter.js";
import { JsonRow } from "../json/jsonRow.js";
import { READ_OPTIONS } from "../readOptions.js";
import { type ReadReport, ReadReportBuilder } from "../readReport.js";
import { unlocated } from "../unlocated.js";

export interface ObjectOptions {
  /** Finds the places of addresses: a `Locator`. Without one, places are those that the objects name. */
  readonly locator?: ColumnLocator;
  /** Which field holds what, by geopivot's name: `{ ip: "remote_addr" }`. */
  readonly map?: FieldNames;
  /** The dimensions to keep; all by default. */
  readonly dimensions?: readonly string[];
  /** Whether the dimension `route` is made of paths. Default true. */
  readonly routes?: boolean;
  /** Proxies whose word about the client is believed. Default none. */
  readonly trustedProxies?: readonly string[];
}

/** What each option takes. */
const { locator, map, dimensions, routes, trustedProxies } = READ_OPTIONS;

/** What each option takes. */
export const OBJECT_OPTIONS: Shapes<ObjectOptions> = { locator, map, dimensions, routes, trustedProxies };

const BATCH_ROWS = 8192;

/**
 * Events of objects with the fields that NDJSON lines have. Objects that are no events are counted in the report, by
 * their place in the order from 1. Throws `wrong-argument`, `unknown-option` and `wrong-option`.
 *
 * @example
 * ```ts
 * const events = eventsFromObjects([{ ts: Date.now(), ip: "81.2.69.142", status: 503, latency_ms: 41 }], { locator });
 * ```
 */
export function eventsFromObjects(
  rows: Iterable<object>,
  options: ObjectOptions = {},
): Events & { readonly report: ReadReport } {
  checkArgument("eventsFromObjects", "the rows", rows, EVENT_OBJECTS);
  checkOptions("eventsFromObjects", options, OBJECT_OPTIONS);
  const { locator = unlocated(), map, dimensions } = options;
  const columns = new EventColumns({
    capacity: BATCH_ROWS,
    maxValues: Number.POSITIVE_INFINITY,
    routes: options.routes ?? true,
  });
  const writer = new RowWriter(columns, { dimensions, trusted: options.trustedProxies });
  const row = new JsonRow(writer, keepDimensions(mapFields(anyField, map), dimensions));
  const report = new ReadReportBuilder();
  report.startFile("objects", "objects");
  const batches: Events[] = [];
  for (const object of rows) {
    report.lines++;
    const reason = row.write(object);
    if (reason !== undefined) report.reject("objects", report.lines, reason, () => textOf(object));
    if (!columns.isFull) continue;
    batches.push(columns.take(locator));
    columns.begin();
  }
  batches.push(columns.take(locator));
  const events = concatEvents(batches, locator);
  report.addCounts(countEvents(events));
  return { ...events, report };
}

function textOf(object: unknown): string {
  try {
    return JSON.stringify(object) ?? String(object);
  } catch {
    return String(object);
  }
}
