import { setImmediate } from "node:timers/promises";

/**
 * Runs work to its end, letting the event loop turn after every step, so that a service goes on answering.
 * Rejects with the signal's reason when it is aborted.
 */
export async function runInSteps<T>(work: Generator<undefined, T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = work.next();
    if (step.done) return step.value;
    await setImmediate();
  }
}

/** Runs work to its end at once. */
export function runAtOnce<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
