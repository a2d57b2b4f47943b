import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { PartReaderData, PartResult, PartTask } from "./partTask.js";

/** Bytes of a part: some ten thousands of lines, so that handing over costs little, and few parts wait in memory. */
export const PART_BYTES = 1 << 23;

/** Parts that a thread has asked for and not been given yet, so that none waits for work. */
const TASKS_A_WORKER = 2;

/** Where the thread's code is: beside this in the package, in `dist/` for who runs the sources; undefined if unbuilt. */
export function workerUrl(): URL | undefined {
  return [new URL("./readWorker.js", import.meta.url), new URL("../../../dist/readWorker.js", import.meta.url)].find(
    (url) => existsSync(url),
  );
}

/**
 * Reads a file in parts by several threads, and yields the parts in their order.
 *
 * At most `TASKS_A_WORKER` parts a thread are read ahead, so memory is bounded however slowly they are taken.
 */
export async function* readParts(
  url: URL,
  data: PartReaderData,
  size: number,
  threads: number,
): AsyncGenerator<PartResult> {
  const parts = Math.ceil(size / PART_BYTES);
  const pool = Array.from({ length: Math.min(threads, parts) }, () => new Worker(url, { workerData: data }));
  const done = new Map<number, PartResult>();
  let failure: unknown;
  let wake = (): void => {};
  for (const worker of pool) {
    worker.on("message", (result: PartResult) => {
      done.set(result.id, result);
      wake();
    });
    worker.on("error", (error) => {
      failure = error;
      wake();
    });
  }
  let sent = 0;
  const send = (): void => {
    if (sent >= parts) return;
    const id = sent++;
    const task: PartTask = { id, start: id * PART_BYTES, end: Math.min(size, (id + 1) * PART_BYTES) };
    pool[id % pool.length]!.postMessage(task);
  };
  try {
    for (let i = 0; i < TASKS_A_WORKER * pool.length; i++) send();
    for (let id = 0; id < parts; id++) {
      while (!done.has(id) && failure === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (failure !== undefined) throw failure;
      const result = done.get(id)!;
      done.delete(id);
      send();
      yield result;
    }
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
}
