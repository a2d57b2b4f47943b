import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { BufferPool } from "../../src/core/pools/bufferPool.js";
import { ColumnPool } from "../../src/core/pools/columnPool.js";

const MIB = 1 << 20;

test("memory that was given back is given out again, to who wants as much", () => {
  const memory = new ColumnPool();
  const column = memory.take(Uint32Array, 1000);
  memory.give([column.buffer]);
  expect(memory.freeBytes).toBe(4000);
  expect(memory.take(Uint8Array, 3999).buffer).not.toBe(column.buffer);
  const again = memory.take(Float64Array, 500);
  expect(again.buffer).toBe(column.buffer);
  expect(memory.freeBytes).toBe(0);
  expect(memory.take(Float64Array, 500).buffer).not.toBe(column.buffer);
});

test("a column that has grown holds what it held", () => {
  const memory = new ColumnPool();
  const column = memory.take(Uint16Array, 3);
  column.set([7, 8, 9]);
  expect([...memory.grown(column, 5).subarray(0, 3)]).toEqual([7, 8, 9]);
});

test("columns of sizes that nobody asks for are let go, and not those of a large batch", () => {
  const memory = new ColumnPool();
  for (let size = 1; size <= 200; size++) memory.give([new ArrayBuffer(MIB + size)]);
  expect(memory.freeBytes).toBeLessThan(66 * MIB);
  const batch = Array.from({ length: 150 }, () => new ArrayBuffer(MIB));
  memory.give(batch);
  const taken = batch.map(() => memory.take(Uint8Array, MIB).buffer);
  expect(new Set(taken)).toEqual(new Set(batch));
});

test("lines lie where others did, if those are no longer read", () => {
  const memory = new BufferPool();
  const [a, b] = [memory.takeLines(1000), memory.takeLines(1000)];
  expect(b).not.toBe(a);
  memory.giveLines(a);
  expect(memory.freeBytes).toBe(1000);
  expect(memory.takeLines(2000)).not.toBe(a);
  expect(memory.takeLines(1000)).toBe(a);
});

test("what nobody uses is let go after a while, counted from the last log", async () => {
  const memory = new BufferPool(300);
  memory.columns.give([new ArrayBuffer(8)]);
  memory.giveLines(memory.takeLines(1000));
  memory.rest();
  await setTimeout(200);
  memory.rest();
  await setTimeout(200);
  expect(memory.freeBytes).toBe(1008);
  await setTimeout(300);
  expect(memory.freeBytes).toBe(0);
});

test("much memory is let go at once, and all of it where there is no next log", () => {
  const memory = new BufferPool();
  memory.columns.give([new ArrayBuffer(60 * MIB)]);
  memory.rest();
  expect(memory.freeBytes).toBe(60 * MIB);
  memory.columns.give([new ArrayBuffer(5 * MIB)]);
  memory.rest();
  expect(memory.freeBytes).toBe(0);
  const own = new BufferPool(0);
  own.columns.give([new ArrayBuffer(8)]);
  own.rest();
  expect(own.freeBytes).toBe(0);
});
