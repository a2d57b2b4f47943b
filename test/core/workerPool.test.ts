import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { type KeptThread, WorkerPool } from "../../src/core/pools/workerPool.js";

/** A thread that answers a number with that number and how many there were so far. */
const counter = code(
  "let n = 0; parentPort.on('message', (m) => m < 0 ? process.exit() : parentPort.postMessage([m, ++n]))",
);
const other = code("parentPort.on('message', () => parentPort.postMessage('other'))");

function code(text: string): URL {
  return new URL(`data:text/javascript,import { parentPort } from "node:worker_threads"; ${encodeURIComponent(text)}`);
}

async function ask({ worker }: KeptThread, message: number): Promise<unknown> {
  worker.postMessage(message);
  return (await once(worker, "message"))[0];
}

test("a thread that is given back is given out again, to who wants the same code", async () => {
  const threads = new WorkerPool();
  const first = threads.take(counter);
  expect(await ask(first, 7)).toEqual([7, 1]);
  threads.give(first);
  expect(threads.idle).toBe(1);
  const stranger = threads.take(other);
  expect(await ask(stranger, 0)).toBe("other");
  const again = threads.take(counter);
  expect(again).toBe(first);
  expect(await ask(again, 8)).toEqual([8, 2]);
  const second = threads.take(counter);
  expect(await ask(second, 9)).toEqual([9, 1]);
  for (const thread of [again, second, stranger]) threads.give(thread);
  expect(threads.idle).toBe(3);
  await threads.close();
  expect(threads.idle).toBe(0);
});

test("threads end when they have waited for long, but not while they work", async () => {
  const threads = new WorkerPool(50);
  const thread = threads.take(counter);
  await ask(thread, 1);
  threads.give(thread);
  expect(threads.take(counter)).toBe(thread);
  await setTimeout(150);
  expect(await ask(thread, 2)).toEqual([2, 2]);
  threads.give(thread);
  await once(thread.worker, "exit");
  expect(threads.idle).toBe(0);
});

test("a thread that ended by itself is not given out again", async () => {
  const threads = new WorkerPool();
  const thread = threads.take(counter);
  await ask(thread, 1);
  threads.give(thread);
  thread.worker.postMessage(-1);
  await once(thread.worker, "exit");
  expect(threads.idle).toBe(0);
  expect(threads.take(counter)).not.toBe(thread);
});

test("what is given back after the end ends", async () => {
  const threads = new WorkerPool();
  const thread = threads.take(counter);
  await ask(thread, 1);
  await threads.close();
  threads.give(thread);
  await once(thread.worker, "exit");
  expect(threads.idle).toBe(0);
});
