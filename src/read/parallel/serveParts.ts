import { openSync } from "node:fs";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { NetworkTable } from "../../core/networks.js";
import { PlaceTable } from "../../core/places.js";
import { Locator } from "../../locate/locator.js";
import { allocateShared } from "../../locate/share.js";
import type { ColumnLocator } from "../columns/eventColumns.js";
import { zoneClock } from "../fields/zoneClock.js";
import { formatOf } from "../format/formats.js";
import { PartQueue } from "./partQueue.js";
import { PartReader } from "./partReader.js";
import type { PartReaderData, PartResult } from "./partTask.js";
import type { PartWork } from "./partWork.js";

/**
 * Reads parts in a thread that a `PartPool` has started, until there are none left.
 *
 * @param workOf - makes the work of a plan of what the plan tells the threads
 */
export function serveParts(workOf?: (told: unknown) => PartWork): void {
  const data = workerData as PartReaderData;
  const queue = new PartQueue(data.parts);
  const options = { ...readerOptions(data), fd: openSync(data.file, "r") };
  if (workOf !== undefined) queue.waitForPlan();
  const work = workOf?.(receiveMessageOnPort(parentPort!)!.message);
  const isRead = work?.keepsEvents ?? true;
  const reader = new PartReader({ ...options, work, allocate: isRead ? allocateShared : undefined });
  /** Parts whose memory is read by the thread that asked. */
  const sent: PartResult[] = [];
  for (let task = queue.waitAndTake(); task !== undefined; task = queue.waitAndTake()) {
    while (sent.length > 0 && sent[0]!.id < queue.awaited) reader.reuse(sent.shift()!);
    const part = reader.read(task);
    parentPort!.postMessage(part);
    sent.push(part);
  }
}

function readerOptions({ format, map, dimensions, trustedProxies, timeZone, routes, table }: PartReaderData) {
  const nowhere: ColumnLocator = { places: new PlaceTable(), networks: new NetworkTable(), locateColumn() {} };
  const localToUtc = timeZone === undefined ? undefined : zoneClock(timeZone);
  return {
    format: formatOf(format),
    decode: { map, dimensions, trusted: trustedProxies, localToUtc },
    routes,
    locator: table === undefined ? nowhere : Locator.fromTable(table),
  };
}
