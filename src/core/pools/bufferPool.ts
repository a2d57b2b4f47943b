import { ColumnPool, MOST_FREE_BYTES } from "./columnPool.js";
import { LineMemory } from "./lineMemory.js";

/** How long what is kept waits for its next use, in milliseconds. */
export const IDLE_MS = 60_000;

/**
 * Memory that the reading of one log leaves for the next: the system takes as long to give new memory as reading takes to
 * fill it, and the engine collects garbage the more often. What nobody has used for a minute is let go.
 */
export class BufferPool {
  readonly columns = new ColumnPool();
  readonly #lines: LineMemory[] = [];
  #idleMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param idleMs - 0 to let go at once of what is left */
  constructor(idleMs: number = IDLE_MS) {
    this.#idleMs = idleMs;
  }

  /** Bytes that wait to be used again. */
  get freeBytes(): number {
    return this.#lines.reduce((sum, { bytes }) => sum + bytes.length, this.columns.freeBytes);
  }

  /** Memory for lines of so many bytes, which hold what they held before. */
  takeLines(length: number): LineMemory {
    const at = this.#lines.findIndex(({ bytes }) => bytes.length === length);
    return at < 0 ? new LineMemory(length) : this.#lines.splice(at, 1)[0]!;
  }

  /** Takes back memory whose lines nobody reads any more. */
  giveLines(memory: LineMemory): void {
    this.#lines.push(memory);
  }

  /** Says that a log has been read: what it leaves waits for the next, unless it is much. It keeps no process from ending. */
  rest(): void {
    clearTimeout(this.#timer);
    if (this.#idleMs === 0 || this.freeBytes > MOST_FREE_BYTES) this.clear();
    else this.#timer = setTimeout(() => this.clear(), this.#idleMs).unref();
  }

  /** Lets go of what nobody uses, and at once of what is given back later. */
  close(): void {
    this.#idleMs = 0;
    this.clear();
  }

  /** Lets go of what nobody uses. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#lines.length = 0;
    this.columns.clear();
  }
}
