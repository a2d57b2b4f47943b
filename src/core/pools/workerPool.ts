import { Worker } from "node:worker_threads";
import { IDLE_MS } from "./bufferPool.js";

/** A thread, and what is to be remembered of it. */
export interface KeptThread {
  readonly worker: Worker;
  /** Its code. */
  readonly url: URL;
  /** What it was told last, and need not be told again; null for nothing. */
  knows: unknown;
}

/**
 * Threads that have done their work and may be given more of the same kind: a new one takes half a second until the engine
 * has made its code fast. They keep no process from ending, and end after a minute without work.
 */
export class WorkerPool {
  readonly #idleMs: number;
  /** The thread that was given back last is the last. */
  readonly #idle: IdleThread[] = [];
  #isClosed = false;

  constructor(idleMs: number = IDLE_MS) {
    this.#idleMs = idleMs;
  }

  /** How many threads wait for work. */
  get idle(): number {
    return this.#idle.length;
  }

  /** A thread that runs this code, which waits for a message that says what to do; a new one if none is there. */
  take(url: URL): KeptThread {
    const found = this.#idle.findLast((idle) => idle.thread.url.href === url.href);
    // The code is compiled: loaders that this process was started with would only make threads start later.
    if (found === undefined) return { worker: new Worker(url, { execArgv: [] }), url, knows: null };
    this.#forget(found);
    found.thread.worker.ref();
    return found.thread;
  }

  /** Takes a thread back that waits for its next message. Nobody else may listen to it any more. */
  give(thread: KeptThread): void {
    const { worker } = thread;
    if (this.#isClosed) {
      void worker.terminate();
      return;
    }
    const idle: IdleThread = { thread, onExit: () => this.#forget(idle), timer: undefined };
    idle.timer = setTimeout(() => {
      this.#forget(idle);
      void worker.terminate();
    }, this.#idleMs).unref();
    worker.on("exit", idle.onExit);
    worker.on("error", idle.onExit);
    worker.unref();
    this.#idle.push(idle);
  }

  /** Ends all threads that have no work; those that have some end when they are given back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(
      this.#idle.slice().map((idle) => {
        this.#forget(idle);
        return idle.thread.worker.terminate();
      }),
    );
  }

  #forget(idle: IdleThread): void {
    clearTimeout(idle.timer);
    idle.thread.worker.off("exit", idle.onExit);
    idle.thread.worker.off("error", idle.onExit);
    const at = this.#idle.indexOf(idle);
    if (at >= 0) this.#idle.splice(at, 1);
  }
}

interface IdleThread {
  readonly thread: KeptThread;
  readonly onExit: () => void;
  timer: NodeJS.Timeout | undefined;
}
