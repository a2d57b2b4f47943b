import { sharedWasmMemory, type WasmMemory } from "../../core/wasmKernel.js";
import { NODES_AT_ONCE, RUNS_AT_ONCE } from "./savedCheck.js";

/** What of a file's memory lies before it, for kernels to work in. */
export const WORK_BYTES = 5 * RUNS_AT_ONCE + NODES_AT_ONCE;

/** Kernels read a few bytes too many. */
const BEHIND_BYTES = 64;
/** A larger file leaves no room for the rest. */
const MAX_FILE_BYTES = 2 ** 31;

/**
 * Memory for the file of a saved table, of so many bytes; undefined where there is no WebAssembly, or not so much.
 *
 * It is of the kind that threads share, though only one uses it: the engine counts that as nobody's, where other memory of
 * that size makes it collect garbage, for up to half a second in a program that has much.
 */
export function savedMemory(bytes: number): WasmMemory | undefined {
  return bytes > MAX_FILE_BYTES ? undefined : sharedWasmMemory(WORK_BYTES + bytes + BEHIND_BYTES);
}

/** Where in it the file lies. */
export function savedBytes(memory: WasmMemory, length: number): Uint8Array {
  return new Uint8Array(memory.buffer, WORK_BYTES, length);
}
