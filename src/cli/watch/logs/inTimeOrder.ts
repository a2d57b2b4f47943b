import type { LogBatch, LogItem } from "./logBatch.js";

/** A log that is read, and how far. */
class Cursor {
  batch: LogBatch | undefined;
  isIdle = false;
  hasEnded = false;
  readonly #items: AsyncIterator<LogItem>;
  readonly #wake: () => void;
  readonly #fail: (error: unknown) => void;

  constructor(items: AsyncIterable<LogItem>, wake: () => void, fail: (error: unknown) => void) {
    this.#items = items[Symbol.asyncIterator]();
    this.#wake = wake;
    this.#fail = fail;
  }

  /** Whether it may give something earlier than the others have. */
  get isBusy(): boolean {
    return this.batch === undefined && !this.isIdle && !this.hasEnded;
  }

  ask(): void {
    this.batch = undefined;
    this.#items.next().then((result) => this.#take(result), this.#fail);
  }

  #take(result: IteratorResult<LogItem, void>): void {
    if (result.done) this.hasEnded = true;
    else if (result.value === "idle") {
      this.isIdle = true;
      this.ask();
    } else {
      this.isIdle = false;
      this.batch = result.value;
    }
    this.#wake();
  }

  async close(): Promise<void> {
    await this.#items.return?.();
  }
}

/**
 * Batches of several logs, by their first times: while they are read up, none runs ahead of the others. A log that is idle
 * holds none back. Gives "idle" when all are; ends when all have ended.
 */
export async function* inTimeOrder(logs: readonly AsyncIterable<LogItem>[]): AsyncGenerator<LogItem> {
  let wake = (): void => {};
  let failed: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failed = { error };
    wake();
  };
  const cursors = logs.map((log) => new Cursor(log, () => wake(), fail));
  for (const cursor of cursors) cursor.ask();
  let wasIdle = false;
  try {
    for (;;) {
      if (failed !== undefined) throw failed.error;
      const earliest = cursors.some(({ isBusy }) => isBusy) ? undefined : earliestOf(cursors);
      if (earliest !== undefined) {
        wasIdle = false;
        yield earliest.batch!;
        earliest.ask();
        continue;
      }
      if (cursors.every(({ hasEnded }) => hasEnded)) return;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!wasIdle && cursors.every(({ isBusy }) => !isBusy)) {
        wasIdle = true;
        yield "idle";
        continue;
      }
      await woken;
    }
  } finally {
    for (const cursor of cursors) void cursor.close().catch(() => undefined);
  }
}

function earliestOf(cursors: readonly Cursor[]): Cursor | undefined {
  let earliest: Cursor | undefined;
  for (const cursor of cursors)
    if (cursor.batch && (earliest === undefined || cursor.batch.firstMs < earliest.batch!.firstMs)) earliest = cursor;
  return earliest;
}
