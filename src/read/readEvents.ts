import type { Events } from "../core/events.js";
import { concatEvents } from "./columns/concatEvents.js";
import { checkReading, readPlanned } from "./readBatches.js";
import type { ReadOptions } from "./readOptions.js";
import type { ReadReport } from "./readReport.js";
import type { LogSource } from "./source/openSource.js";

/**
 * Reads logs into memory as one set of columns. For what does not fit, and errors, see {@link readBatches}.
 *
 * @example
 * ```ts
 * const events = await readEvents("access.log.gz", { locator });
 * console.log(events.length, events.report.rejected);
 * ```
 */
export async function readEvents(
  sources: LogSource | readonly LogSource[],
  options: ReadOptions,
): Promise<Events & { readonly report: ReadReport }> {
  checkReading("readEvents", sources, options);
  const batches = readPlanned(sources, options);
  const all: Events[] = [];
  for await (const batch of batches) all.push(batch);
  return { ...concatEvents(all, options.locator), report: batches.report };
}
