import { closeSync, openSync } from "node:fs";
import { parentPort, receiveMessageOnPort } from "node:worker_threads";
import { allocateShared } from "../../core/grown.js";
import { NetworkTable } from "../../core/networks.js";
import { PlaceTable } from "../../core/places.js";
import { ColumnPool } from "../../core/pools/columnPool.js";
import { LineMemory } from "../../core/pools/lineMemory.js";
import { Locator } from "../../locate/locator.js";
import type { ColumnLocator } from "../columns/eventColumns.js";
import { zoneClock } from "../fields/zoneClock.js";
import { formatOf } from "../format/formats.js";
import { PART_LINES_BYTES } from "./chunkLoader.js";
import { ChunkQueue } from "./chunkQueue.js";
import { ChunkReader } from "./chunkReader.js";
import type { PartReaderData, PartResult } from "./chunkTask.js";
import type { ChunkWork } from "./chunkWork.js";

/**
 * Reads parts in a thread that a `ChunkScheduler` has work for: the parts of one file after another, until the thread is ended.
 *
 * @param workOf - makes the work of a plan of what the plan tells the threads
 */
export function serveChunks(workOf?: (told: unknown) => ChunkWork): void {
  const server = new PartServer(workOf);
  parentPort!.on("message", (data: PartReaderData) => server.read(data));
}

/** Reads files, each in memory that those before it have left. */
class PartServer {
  readonly #workOf: ((told: unknown) => ChunkWork) | undefined;
  readonly #lines = new LineMemory(PART_LINES_BYTES);
  readonly #own = new ColumnPool();
  readonly #shared = new ColumnPool(allocateShared);
  #locator: ColumnLocator | undefined;
  #rows = 0;
  /** Takes back the memory of parts that the thread which asked may still read. */
  #takeBack = (): void => {};

  constructor(workOf: ((told: unknown) => ChunkWork) | undefined) {
    this.#workOf = workOf;
  }

  /** Reads parts of a file until there are none left. */
  read(data: PartReaderData): void {
    // Whoever has more work has done with the parts of the last.
    this.#takeBack();
    this.#takeBack = () => {};
    const queue = new ChunkQueue(data.parts);
    let task = queue.waitAndTake();
    if (task === undefined) {
      // The others were faster; the file may be gone. What is told of the plan must not be taken for another file.
      if (data.table !== "same") this.#locator = locatorOf(data);
      if (this.#workOf !== undefined) awaitedPlan(queue);
      return;
    }
    const fd = openSync(data.file, "r");
    const reader = this.#reader(data, fd, queue);
    const sent: PartResult[] = [];
    this.#takeBack = () => {
      for (const part of sent) reader.reuse(part);
    };
    for (; task !== undefined; task = queue.waitAndTake()) {
      while (sent.length > 0 && sent[0]!.id < queue.awaited) reader.reuse(sent.shift()!);
      const part = reader.read(task);
      parentPort!.postMessage(part);
      sent.push(part);
    }
    this.#rows = reader.rows;
    closeSync(fd);
  }

  #reader(data: PartReaderData, fd: number, queue: ChunkQueue): ChunkReader {
    const { map, dimensions, trustedProxies, timeZone, routes, keepsEvents, keepsNames, table } = data;
    if (table !== "same") this.#locator = locatorOf(data);
    const workOf = this.#workOf;
    return new ChunkReader({
      fd,
      format: formatOf(data.format),
      decode: {
        map,
        dimensions,
        trusted: trustedProxies,
        localToUtc: timeZone === undefined ? undefined : zoneClock(timeZone),
      },
      routes,
      locator: this.#locator!,
      keepsEvents,
      keepsNames,
      awaitWork: workOf && (() => workOf(awaitedPlan(queue))),
      rows: this.#rows,
      lines: this.#lines,
      columns: keepsEvents ? this.#shared : this.#own,
    });
  }
}

/** What the plan tells this thread, as soon as there is one. */
function awaitedPlan(queue: ChunkQueue): unknown {
  queue.waitForPlan();
  return receiveMessageOnPort(parentPort!)!.message;
}

/** Looks addresses up in the table that the thread was given, or nothing. */
function locatorOf({ table }: PartReaderData): ColumnLocator {
  if (typeof table === "object") return Locator.fromTable(table);
  return { places: new PlaceTable(), networks: new NetworkTable(), locateColumn() {} };
}
