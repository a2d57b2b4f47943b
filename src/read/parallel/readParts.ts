import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { PartReader } from "./partReader.js";
import type { PartReaderData, PartResult, PartTask, WorkerMessage } from "./partTask.js";

/** Bytes of a part: enough lines for handing over to cost little, and for a cube what it does once a batch. */
const MIN_PART_BYTES = 1 << 22;
const MAX_PART_BYTES = 1 << 25;
/** Bytes of the parts that all threads read at a time: their columns wait in memory. */
const MAX_BYTES = 1 << 28;
/** Parts a thread reads of a file of middle size, so that none is idle for long at its end. */
const PARTS_A_THREAD = 4;
/** Parts that a thread is asked for at a time, so that it never waits for work. */
const TASKS_A_WORKER = 2;

/** A part that was read, and by which thread: 0 is the one that asked. */
export interface ReadPart {
  readonly part: PartResult;
  readonly thread: number;
  /** Lets the thread use the memory of the part again. */
  release(buffers: ArrayBuffer[]): void;
}

export interface PartsOptions {
  /** Where the code of the threads is: {@link workerUrl}. */
  readonly url: URL;
  readonly data: PartReaderData;
  /** Of the file, in bytes. */
  readonly size: number;
  /** Threads that read, this one among them. */
  readonly threads: number;
  /** Reads parts in this thread. */
  readonly reader: PartReader;
}

/** Where the thread's code is: beside this in the package, in `dist/` for who runs the sources; undefined if unbuilt. */
export function workerUrl(): URL | undefined {
  return [new URL("./readWorker.js", import.meta.url), new URL("../../../dist/readWorker.js", import.meta.url)].find(
    (url) => existsSync(url),
  );
}

/**
 * Reads a file in parts by several threads, and yields the parts in their order.
 *
 * This thread reads parts, too, whenever it would wait for the next one: while the others start, and where nothing else is
 * to be done with the parts. Few parts are read ahead, so memory is bounded however slowly they are taken.
 */
export async function* readParts(options: PartsOptions): AsyncGenerator<ReadPart> {
  const partBytes = partBytesOf(options.size, options.threads);
  const count = Math.ceil(options.size / partBytes);
  const pool = new PartPool(
    options,
    count,
    (id): PartTask => ({
      id,
      start: id * partBytes,
      end: Math.min(options.size, (id + 1) * partBytes),
    }),
  );
  try {
    for (let id = 0; id < count; id++) yield await pool.part(id);
  } finally {
    await pool.close();
  }
}

/** The threads, and the parts that they have read ahead. */
class PartPool {
  readonly #reader: PartReader;
  readonly #workers: Worker[];
  /** For each worker, how many parts it was asked for and has not sent; negative while it starts. */
  readonly #asked: number[];
  readonly #done = new Map<number, ReadPart>();
  readonly #count: number;
  readonly #taskOf: (id: number) => PartTask;
  /** The part that is waited for, and the first that nobody was asked for. */
  #current = 0;
  #next = 0;
  #failure: unknown;
  #wake = (): void => {};

  constructor({ url, data, threads, reader }: PartsOptions, count: number, taskOf: (id: number) => PartTask) {
    this.#reader = reader;
    this.#count = count;
    this.#taskOf = taskOf;
    // The code is compiled: loaders that this process was started with would only make threads start later.
    const start = () => new Worker(url, { workerData: data, execArgv: [] });
    this.#workers = Array.from({ length: Math.min(threads, count) - 1 }, start);
    this.#asked = this.#workers.map(() => -1);
    this.#workers.forEach((worker, i) => {
      worker.on("message", (message: WorkerMessage) => {
        if (message === "ready") this.#asked[i] = 0;
        else this.#take(message, i);
        this.#ask();
      });
      worker.on("error", (error) => {
        this.#failure = error;
        this.#wake();
      });
    });
  }

  /** The part of a number; they must be asked for in their order. */
  async part(id: number): Promise<ReadPart> {
    this.#current = id;
    this.#ask();
    while (!this.#done.has(id) && this.#failure === undefined) {
      if (this.#mayGoOn) {
        const part = this.#reader.read(this.#taskOf(this.#next++));
        this.#done.set(part.id, { part, thread: 0, release: (buffers) => this.#reader.memory.give(buffers) });
        // Let the other threads' messages in.
        await setImmediate();
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
    if (this.#failure !== undefined) throw this.#failure;
    const part = this.#done.get(id)!;
    this.#done.delete(id);
    return part;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  get #mayGoOn(): boolean {
    // Room for what this thread reads meanwhile: it would wait for a worker that is at the current part.
    const most = TASKS_A_WORKER * (this.#workers.length + 1) + 1;
    return this.#next < this.#count && this.#next < this.#current + most;
  }

  /** Gives work to the workers that have too little. */
  #ask(): void {
    for (let round = 0; round < TASKS_A_WORKER; round++)
      this.#workers.forEach((worker, i) => {
        const asked = this.#asked[i]!;
        if (asked < 0 || asked > round || !this.#mayGoOn) return;
        this.#asked[i] = asked + 1;
        worker.postMessage(this.#taskOf(this.#next++));
      });
  }

  #take(part: PartResult, i: number): void {
    const worker = this.#workers[i]!;
    this.#asked[i]!--;
    this.#done.set(part.id, { part, thread: i + 1, release: (buffers) => worker.postMessage(buffers, buffers) });
    this.#wake();
  }
}

function partBytesOf(size: number, threads: number): number {
  const most = Math.min(MAX_PART_BYTES, MAX_BYTES / threads);
  return Math.floor(Math.max(MIN_PART_BYTES, Math.min(most, size / (PARTS_A_THREAD * threads))));
}
