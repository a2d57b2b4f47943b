// The thread that reads parts of a file; started by `readParts`.
import { openSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
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

const data = workerData as PartReaderData;
const nowhere: ColumnLocator = { places: new PlaceTable(), networks: new NetworkTable(), locateColumn() {} };
const reader = new PartReader({
  fd: openSync(data.file, "r"),
  format: formatOf(data.format),
  decode: {
    map: data.map,
    dimensions: data.dimensions,
    trusted: data.trustedProxies,
    localToUtc: data.timeZone === undefined ? undefined : zoneClock(data.timeZone),
  },
  routes: data.routes,
  locator: data.table === undefined ? nowhere : Locator.fromTable(data.table),
  allocate: allocateShared,
});

const queue = new PartQueue(data.parts);
/** Parts whose memory is read by the thread that asked. */
const sent: PartResult[] = [];
for (let task = queue.waitAndTake(); task !== undefined; task = queue.waitAndTake()) {
  while (sent.length > 0 && sent[0]!.id < queue.awaited) reader.reuse(sent.shift()!);
  const part = reader.read(task);
  parentPort!.postMessage(part);
  sent.push(part);
}
