import { sharedWasmMemory, type WasmMemory } from "../../core/wasmKernel.js";
import { NODES_AT_ONCE, RUNS_AT_ONCE } from "./savedCheck.js";

/**
 * Where the file of a saved table lies: behind room that kernels work in, in memory that threads may share. Only this
 * thread uses it, but the engine counts what threads share as nobody's: other memory of that size makes it collect
 * garbage, up to half a second in a program that has much.
 */
export const WORK_BYTES = 5 * RUNS_AT_ONCE + NODES_AT_ONCE;

/** Kernels read a few bytes too many. */
const BEHIND_BYTES = 64;
/** A larger file leaves no room for the rest. */
const MAX_FILE_BYTES = 2 ** 31;

/** Memory for a file of so many bytes; undefined where there is no WebAssembly, or not so much. */
export function savedMemory(bytes: number): WasmMemory | undefined {
  return bytes > MAX_FILE_BYTES ? undefined : sharedWasmMemory(WORK_BYTES + bytes + BEHIND_BYTES);
}

export function savedBytes(memory: WasmMemory, length: number): Uint8Array {
  return new Uint8Array(memory.buffer, WORK_BYTES, length);
}
