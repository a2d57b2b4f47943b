import { setImmediate } from "node:timers/promises";
import type { KeptThread, WorkerPool } from "../../core/pools/workerPool.js";
import type { CompiledTable } from "../../locate/tables/compiledTable.js";
import { ChunkQueue } from "./chunkQueue.js";
import type { ChunkReader } from "./chunkReader.js";
import { type ChunkTask, type PartReaderData, type PartResult, WANTS_IPV6, type WholeTable } from "./chunkTask.js";
import type { ChunkPlan } from "./chunkWork.js";

/** Parts a thread may read ahead, so that none waits while the caller is long busy with one. */
const AHEAD_A_THREAD = 2;

/** A part that was read, and by which thread: 0 is the one that asked. */
export interface ReadPart {
  readonly part: PartResult;
  readonly thread: number;
}

export interface PartsOptions {
  /** Where the code of the threads is: `workerUrl`. */
  readonly url: URL;
  /** Where the threads come from, and go to once all parts were read. */
  readonly kept: WorkerPool;
  readonly data: Omit<PartReaderData, "parts">;
  /** Gives the table of all addresses where that of `data` lacks IPv6. */
  readonly complete?: (() => CompiledTable) | undefined;
  /** Where parts begin and the last ends: {@link chunkBounds}. */
  readonly bounds: Float64Array;
  /** Threads that read, this one among them. */
  readonly threads: number;
  /** Reads parts in this thread. */
  readonly reader: ChunkReader;
  /** Whether the memory of this thread's parts is used again, as that of the others' is. */
  readonly reuse: boolean;
}

/**
 * Reads a file in parts by several threads, and gives the parts in their order. The memory of a part is used again when
 * the next is asked for.
 *
 * This thread reads parts, too, whenever it would wait for the next one: while the others start, and where nothing else is
 * to be done with the parts. Few parts are read ahead, so memory is bounded however slowly they are taken.
 */
export class ChunkScheduler {
  readonly #kept: WorkerPool;
  readonly #queue: ChunkQueue;
  readonly #reader: ChunkReader;
  readonly #reuse: boolean;
  readonly #threads: KeptThread[];
  readonly #done = new Map<number, ReadPart>();
  /** The first part is this thread's: a plan is made of it, for which the others wait. */
  #first: ChunkTask | undefined;
  /** How many parts were given out. */
  #given = 0;
  /** The part that was given out last, if this thread has read it. */
  #own: PartResult | undefined;
  /** Compiles the rest of the table, if nobody has asked for it yet. */
  #complete: (() => CompiledTable) | undefined;
  #failure: unknown;
  #wake = (): void => {};

  constructor({ url, kept, data, complete, bounds, threads, reader, reuse }: PartsOptions) {
    this.#kept = kept;
    this.#complete = complete;
    // And one that this thread reads meanwhile: it would wait for a worker that is at the awaited part.
    this.#queue = ChunkQueue.over(bounds, AHEAD_A_THREAD * threads + 1);
    this.#reader = reader;
    this.#reuse = reuse;
    this.#first = this.#queue.take();
    const told: PartReaderData = { ...data, parts: this.#queue.shared };
    this.#threads = Array.from({ length: Math.min(threads, this.count) - 1 }, () => kept.take(url));
    this.#threads.forEach((thread, i) => {
      const { worker } = thread;
      worker.on("message", (message: PartResult | typeof WANTS_IPV6) => {
        if (message === WANTS_IPV6) this.#tellWholeTable();
        else this.#done.set(message.id, { part: message, thread: i + 1 });
        this.#wake();
      });
      worker.on("error", (error) => {
        this.#failure = error;
        this.#wake();
      });
      worker.postMessage(thread.knows === told.table ? { ...told, table: "same" } : told);
      thread.knows = told.table;
    });
  }

  /** Threads that read, this one among them. */
  get threads(): number {
    return this.#threads.length + 1;
  }

  /** Has the threads work by a plan from now on; those whose code wants one wait for it with the first part they read. */
  start(plan: ChunkPlan): void {
    this.#reader.work = plan.work;
    this.#threads.forEach(({ worker }, i) => {
      worker.postMessage(plan.told(i + 1));
    });
    this.#queue.setPlanned();
  }

  /** Compiles what IPv6 addresses need and tells all threads: a log without them does not wait for it. */
  #tellWholeTable(): void {
    const complete = this.#complete;
    if (complete === undefined) return;
    this.#complete = undefined;
    try {
      const told: WholeTable = { wholeTable: complete() };
      for (const thread of this.#threads) {
        thread.worker.postMessage(told);
        thread.knows = told.wholeTable;
      }
      this.#queue.setWhole();
    } catch (error) {
      this.#failure = error;
    }
  }

  /** How many parts there are. */
  get count(): number {
    return this.#queue.count;
  }

  /** The part of a number; they must be asked for in their order. */
  async part(id: number): Promise<ReadPart> {
    this.#queue.await(id);
    if (this.#own !== undefined) this.#reader.reuse(this.#own);
    // Let the other threads' messages in, and what else the process waits for.
    await setImmediate();
    while (!this.#done.has(id) && this.#failure === undefined) {
      const task = this.#first ?? this.#queue.take();
      this.#first = undefined;
      if (task === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else {
        this.#done.set(task.id, { part: this.#reader.read(task), thread: 0 });
        await setImmediate();
      }
    }
    if (this.#failure !== undefined) throw this.#failure;
    const part = this.#done.get(id)!;
    this.#done.delete(id);
    this.#given++;
    this.#own = this.#reuse && part.thread === 0 ? part.part : undefined;
    return part;
  }

  /** Keeps the threads if they have read all parts, and ends them where they may be in the midst of one. */
  async close(): Promise<void> {
    const areIdle = this.#given === this.count && this.#failure === undefined;
    if (!areIdle) {
      // What goes wrong until they have ended is still listened to: nobody else would, which would end the process.
      await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
      return;
    }
    for (const thread of this.#threads) {
      thread.worker.removeAllListeners("message");
      thread.worker.removeAllListeners("error");
      this.#kept.give(thread);
    }
  }
}
