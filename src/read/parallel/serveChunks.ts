import { closeSync, openSync } from "node:fs";
import { parentPort, receiveMessageOnPort } from "node:worker_threads";
import { IPV6 } from "../../core/addressColumn.js";
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
import { type PartReaderData, type PartResult, WANTS_IPV6, type WholeTable } from "./chunkTask.js";
import type { ChunkWork } from "./chunkWork.js";

/**
 * Reads parts in a thread that a `ChunkScheduler` has work for: the parts of one file after another, until the thread is ended.
 *
 * @param workOf - makes the work of a plan of what the plan tells the threads
 */
export function serveChunks(workOf?: (told: unknown) => ChunkWork): void {
  const server = new PartServer(workOf);
  parentPort!.on("message", (data: PartReaderData | WholeTable) => {
    if (isWholeTable(data)) server.learn(data);
    else server.read(data);
  });
}

/** Finds nothing. */
const NOWHERE: ColumnLocator = { places: new PlaceTable(), networks: new NetworkTable(), locateColumn() {} };

/** Reads files, each in memory that those before it have left. */
class PartServer {
  readonly #workOf: ((told: unknown) => ChunkWork) | undefined;
  readonly #lines = new LineMemory(PART_LINES_BYTES);
  readonly #own = new ColumnPool();
  readonly #shared = new ColumnPool(allocateShared);
  readonly #inbox = new Inbox(this);
  #locator: ColumnLocator = NOWHERE;
  #lacksIpv6 = false;
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
      this.#takeTable(data);
      if (this.#workOf !== undefined) this.#inbox.plan(queue);
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

  /** Looks addresses up in a table of all of them from now on. */
  learn({ wholeTable }: WholeTable): void {
    this.#locator = Locator.fromTable(wholeTable);
    this.#lacksIpv6 = false;
  }

  #takeTable({ table, lacksIpv6 }: PartReaderData): void {
    if (table !== "same") this.#locator = table === undefined ? NOWHERE : Locator.fromTable(table);
    this.#lacksIpv6 = lacksIpv6;
  }

  /** Looks addresses up in the table that the thread was given; at the first IPv6 address it asks for what finds those. */
  #askingLocator(queue: ChunkQueue): ColumnLocator {
    return {
      ...NOWHERE,
      locateColumn: (column, placeIds, networkIds) => {
        if (this.#lacksIpv6 && column.family.subarray(0, column.length).includes(IPV6)) {
          parentPort!.postMessage(WANTS_IPV6);
          this.#inbox.wholeTable(queue);
        }
        this.#locator.locateColumn(column, placeIds, networkIds);
      },
    };
  }

  #reader(data: PartReaderData, fd: number, queue: ChunkQueue): ChunkReader {
    const { map, dimensions, trustedProxies, timeZone, routes, keepsEvents, keepsNames } = data;
    this.#takeTable(data);
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
      locator: this.#askingLocator(queue),
      keepsEvents,
      keepsNames,
      awaitWork: workOf && (() => workOf(this.#inbox.plan(queue))),
      rows: this.#rows,
      lines: this.#lines,
      columns: keepsEvents ? this.#shared : this.#own,
    });
  }
}

/** What comes while the thread is in the midst of a file, in whatever order. */
class Inbox {
  readonly #server: PartServer;
  /** Plans that came before they were awaited. */
  readonly #plans: unknown[] = [];

  constructor(server: PartServer) {
    this.#server = server;
  }

  /** What the plan tells this thread, as soon as there is one. */
  plan(queue: ChunkQueue): unknown {
    queue.waitForPlan();
    while (this.#plans.length === 0) this.#take();
    return this.#plans.shift();
  }

  /** Has the server learn a table of all addresses, as soon as there is one. */
  wholeTable(queue: ChunkQueue): void {
    queue.waitForWholeTable();
    while (!this.#take());
  }

  /** Takes a message in; true if it was a table. */
  #take(): boolean {
    const { message } = receiveMessageOnPort(parentPort!)!;
    const isTable = isWholeTable(message);
    if (isTable) this.#server.learn(message);
    else this.#plans.push(message);
    return isTable;
  }
}

function isWholeTable(message: unknown): message is WholeTable {
  return typeof message === "object" && message !== null && "wholeTable" in message;
}
