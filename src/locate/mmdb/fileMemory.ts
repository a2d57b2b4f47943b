import { type WasmMemory, wasmMemory } from "../../core/wasmKernel.js";
import type { MmdbFile } from "./mmdbFile.js";

/** Where a file lies in memory that kernels read; what is before it is for them to work in. */
export const FILE_AT = 3 * 2 ** 19;
/** What of that is for walking the tree, and what for reading records. */
export const WALK_AT = 0;
export const RECORDS_AT = 400 * 2 ** 10;
/** Kernels read a few bytes too many. */
const BEHIND_BYTES = 64;
/** A larger file leaves no room for the rest. */
const MAX_FILE_BYTES = 2 ** 30;
/** Bytes that are copied between pauses. */
const COPIED_A_STEP = 1 << 20;

/** Memory for a file of so many bytes, to be read to {@link FILE_AT}; undefined where there is no WebAssembly. */
export function fileMemory(bytes: number): WasmMemory | undefined {
  return bytes > MAX_FILE_BYTES ? undefined : wasmMemory(FILE_AT + bytes + BEHIND_BYTES);
}

/** The file in memory that kernels read, in steps; as it is where that cannot be had. */
export function* inFileMemory(file: MmdbFile): Generator<undefined, MmdbFile> {
  if (file.memory !== undefined) return file;
  const memory = fileMemory(file.dataEnd);
  if (memory === undefined) return file;
  const copy = fileBytes(memory, file.dataEnd);
  for (let from = 0; from < copy.length; from += COPIED_A_STEP) {
    copy.set(file.bytes.subarray(from, Math.min(from + COPIED_A_STEP, copy.length)), from);
    yield;
  }
  return withBytes(file, memory, copy.length);
}

/** A file whose bytes are in memory that may grow, which leaves earlier views of it empty. */
export function withBytes(file: Omit<MmdbFile, "bytes">, memory: WasmMemory, length: number): MmdbFile {
  return {
    ...{ path: file.path, ipVersion: file.ipVersion, recordSize: file.recordSize, nodeCount: file.nodeCount },
    ...{ dataStart: file.dataStart, dataEnd: file.dataEnd, databaseType: file.databaseType, builtMs: file.builtMs },
    ...{ languages: file.languages, description: file.description, memory },
    get bytes() {
      return fileBytes(memory, length);
    },
  };
}

export function fileBytes(memory: WasmMemory, length: number): Uint8Array {
  return new Uint8Array(memory.buffer, FILE_AT, length);
}
