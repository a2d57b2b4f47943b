import type { WasmMemory } from "../../core/wasmKernel.js";

/**
 * Has the engine look for memory that nobody holds any more, after a table was let go. It does not count shared memory,
 * so tables of 68 MB each would pile up until it collects garbage for another reason: 41 reloads came to 2 GB. What it
 * does count is a buffer of the same size, which takes no memory because nobody writes to it: 41 reloads stay at 360 MB.
 */
export function abandonMemory(memory: WasmMemory | undefined): void {
  const bytes = memory?.buffer.byteLength ?? 0;
  if (bytes >= LEAST_BYTES) new ArrayBuffer(Math.min(bytes, MOST_BYTES));
}

/** Less is not worth a collection. */
const LEAST_BYTES = 16 << 20;
const MOST_BYTES = 256 << 20;
