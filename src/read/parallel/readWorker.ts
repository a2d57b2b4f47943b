// The thread that reads parts of a file; started by `readParts`.
import { openSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { NetworkTable } from "../../core/networks.js";
import { PlaceTable } from "../../core/places.js";
import { Locator } from "../../locate/locator.js";
import type { ColumnLocator } from "../columns/eventColumns.js";
import { zoneClock } from "../fields/zoneClock.js";
import { formatOf } from "../format/formats.js";
import { PartReader } from "./partReader.js";
import type { PartReaderData, PartResult, WorkerRequest } from "./partTask.js";

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
  locator: data.share === undefined ? nowhere : Locator.fromShare(data.share),
});

const port = parentPort!;
port.on("message", (request: WorkerRequest) => {
  if (Array.isArray(request)) reader.memory.give(request);
  else {
    const result = reader.read(request);
    port.postMessage(result, buffersOf(result));
  }
});
port.postMessage("ready");

/** The memory of a result, to be handed over instead of copied. */
function buffersOf(result: PartResult): ArrayBuffer[] {
  const columns = [...Object.values(result), ...result.dimensions.map(({ codes }) => codes)];
  return [
    ...new Set(columns.filter((column) => ArrayBuffer.isView(column)).map((column) => column.buffer as ArrayBuffer)),
  ];
}
