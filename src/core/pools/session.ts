import { BufferPool } from "./bufferPool.js";
import { WorkerPool } from "./workerPool.js";

/**
 * What the reading of one log leaves for the next: threads, which take half a second to start, and memory, up to 64 MiB.
 * Pass one session to several readings; without one, each has its own, which ends with it.
 *
 * What nobody uses for a minute is let go by itself, and none of it keeps a process from ending.
 *
 * @example
 * ```ts
 * await using session = new Session();
 * for (const log of logs) await analyze(log, { locator, session });
 * ```
 */
export class Session {
  /** Threads that wait for work. */
  readonly threads = new WorkerPool();
  /** Memory that waits to be read to. */
  readonly memory = new BufferPool();

  /** Ends the threads that wait and lets go of the memory; what is in use follows when it is given back. */
  async close(): Promise<void> {
    this.memory.close();
    await this.threads.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
