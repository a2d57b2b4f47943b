/** Values that wait for a reader at the most; the oldest are let go of beyond. */
const MOST_WAITING = 10_000;

/** Gives values as they come to any number of async iterators; what came before one began is not given to it. */
export class ChangeStream<T> {
  readonly #readers = new Set<{ push(value: T): void; close(error: unknown): void }>();
  #isClosed = false;
  #error: unknown;

  push(value: T): void {
    for (const reader of this.#readers) reader.push(value);
  }

  /** Ends all iterators once they have given what waits. */
  close(error?: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#error = error;
    for (const reader of this.#readers) reader.close(error);
  }

  /**
   * An iterator over what comes from now on.
   *
   * @param select - what it gives of a value; undefined for those that it leaves out
   */
  read<U>(select: (value: T) => U | undefined): AsyncIterableIterator<U> {
    const reader = new Reader<T, U>(select, () => this.#readers.delete(reader));
    this.#readers.add(reader);
    if (this.#isClosed) reader.close(this.#error);
    return reader;
  }
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

class Reader<T, U> implements AsyncIterableIterator<U> {
  readonly #select: (value: T) => U | undefined;
  readonly #values: U[] = [];
  readonly #waiting: Waiting<U>[] = [];
  readonly #onEnd: () => void;
  #isClosed = false;
  #error: unknown;

  constructor(select: (value: T) => U | undefined, onEnd: () => void) {
    this.#select = select;
    this.#onEnd = onEnd;
  }

  push(from: T): void {
    const value = this.#select(from);
    if (value === undefined) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) waiting.resolve({ value, done: false });
    else if (this.#values.push(value) > MOST_WAITING) this.#values.shift();
  }

  close(error: unknown): void {
    this.#isClosed = true;
    this.#error = error;
    for (const waiting of this.#waiting.splice(0)) {
      if (error === undefined) waiting.resolve({ value: undefined, done: true });
      else waiting.reject(error);
    }
  }

  next(): Promise<IteratorResult<U>> {
    if (this.#values.length > 0) return Promise.resolve({ value: this.#values.shift()!, done: false });
    if (this.#isClosed && this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#isClosed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<U>> {
    this.#onEnd();
    this.#isClosed = true;
    this.#values.length = 0;
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
