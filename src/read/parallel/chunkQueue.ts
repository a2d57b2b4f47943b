import type { ChunkTask, SharedParts } from "./chunkTask.js";

const NEXT = 0;
const AWAITED = 1;
const PLANNED = 2;
const WHOLE = 3;

/**
 * Hands out the parts of a file to threads, each part once and in order. A thread takes its next part itself, so none
 * waits until another has time to answer it.
 */
export class ChunkQueue {
  readonly shared: SharedParts;
  readonly count: number;

  constructor(shared: SharedParts) {
    this.shared = shared;
    this.count = shared.bounds.length - 1;
  }

  /** A queue of all parts. */
  static over(bounds: Float64Array, ahead: number): ChunkQueue {
    const counters = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT));
    return new ChunkQueue({ bounds, ahead, counters });
  }

  /** The part that is awaited: nobody reads the columns of those before it any more. */
  get awaited(): number {
    return Atomics.load(this.shared.counters, AWAITED);
  }

  /** The next part; undefined if there is none, or none yet that may be read ahead. */
  take(): ChunkTask | undefined {
    const { counters, ahead, bounds } = this.shared;
    for (;;) {
      const id = Atomics.load(counters, NEXT);
      if (id >= Math.min(this.count, this.awaited + ahead)) return undefined;
      if (Atomics.compareExchange(counters, NEXT, id, id + 1) === id)
        return { id, start: bounds[id]!, end: bounds[id + 1]! };
    }
  }

  /** The next part as soon as it may be read; undefined if there is none. Blocks the thread. */
  waitAndTake(): ChunkTask | undefined {
    const { counters } = this.shared;
    for (;;) {
      const { awaited } = this;
      const task = this.take();
      if (task !== undefined || Atomics.load(counters, NEXT) >= this.count) return task;
      Atomics.wait(counters, AWAITED, awaited);
    }
  }

  /** Blocks the thread until the plan was told. */
  waitForPlan(): void {
    Atomics.wait(this.shared.counters, PLANNED, 0);
  }

  /** Says that every thread was told the plan. */
  setPlanned(): void {
    this.#set(PLANNED);
  }

  /** Blocks the thread until a table of all addresses was told. */
  waitForWholeTable(): void {
    Atomics.wait(this.shared.counters, WHOLE, 0);
  }

  /** Says that every thread was told a table of all addresses. */
  setWhole(): void {
    this.#set(WHOLE);
  }

  #set(flag: number): void {
    Atomics.store(this.shared.counters, flag, 1);
    Atomics.notify(this.shared.counters, flag);
  }

  /** Says that a part is awaited, and that those before it are done with. */
  await(id: number): void {
    const { counters } = this.shared;
    Atomics.store(counters, AWAITED, id);
    Atomics.notify(counters, AWAITED);
  }
}
