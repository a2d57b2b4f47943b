import { open } from "node:fs/promises";
import { PAGE_BYTES, sharedWasmMemory, type WasmMemory } from "../../core/wasmKernel.js";
import { runInSteps } from "../sources/runInSteps.js";

/**
 * Where the columns of a compiled table lie: memory that threads share, of WebAssembly where that can be had, so that
 * loops and kernels read the same bytes.
 */
export class TableMemory {
  #wasm: WasmMemory | undefined;
  #end: number;

  /**
   * @param wasm - a memory behind whose present end the columns are to lie; undefined for shared memory that only loops
   *   can read
   */
  constructor(wasm: WasmMemory | undefined) {
    this.#wasm = wasm;
    this.#end = wasm?.buffer.byteLength ?? 0;
  }

  /** A new memory, of WebAssembly where that can be had. */
  static create(): TableMemory {
    return new TableMemory(sharedWasmMemory(PAGE_BYTES));
  }

  /** The memory that holds all columns so far; undefined if kernels cannot read them. */
  get wasm(): WasmMemory | undefined {
    return this.#wasm;
  }

  /**
   * Has the system give the next so many bytes before columns are placed there: it does so page by page when one is
   * first written, which for a large table takes as long as filling it. To be done while a file is being read.
   *
   * @param zerosPath - a file of as many zeros; where there is none, this thread writes a byte to each page in steps
   */
  async prepare(bytes: number, signal?: AbortSignal, zerosPath = ZEROS): Promise<void> {
    if (this.#wasm === undefined || !hasGrownTo(this.#wasm, this.#end + bytes)) return;
    const memory = new Uint8Array(this.#wasm.buffer, this.#end, bytes);
    if (!(await hasReadZeros(zerosPath, memory))) await runInSteps(touch(memory), signal);
  }

  uint8(length: number): Uint8Array {
    return new Uint8Array(...this.#place(length), length);
  }

  uint32(length: number): Uint32Array {
    return new Uint32Array(...this.#place(4 * length), length);
  }

  copy(column: Uint32Array): Uint32Array {
    const copy = this.uint32(column.length);
    copy.set(column);
    return copy;
  }

  /** Where so many bytes, which are 0, are free. */
  #place(bytes: number): [ArrayBufferLike, number] {
    const start = this.#end;
    const end = start + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (this.#wasm === undefined || !hasGrownTo(this.#wasm, end)) {
      // Too large for 32-bit addresses: the columns that are in it stay where they are, for loops to read.
      this.#wasm = undefined;
      return [new SharedArrayBuffer(bytes), 0];
    }
    this.#end = end;
    return [this.#wasm.buffer, start];
  }
}

/** Columns begin with a cache line. */
const ALIGNMENT = 64;

/** Writes zeros by a thread that reads files, so that this one has time for other things; false where there are none to be read. */
async function hasReadZeros(path: string, memory: Uint8Array): Promise<boolean> {
  try {
    const zeros = await open(path);
    try {
      return (await zeros.read(memory, 0, memory.length, 0)).bytesRead === memory.length;
    } finally {
      await zeros.close();
    }
  } catch {
    return false;
  }
}

/** Has no end, where there is such a thing. */
const ZEROS = "/dev/zero";

const TOUCHED_A_STEP = 1 << 20;
/** The smallest that systems have. */
const SYSTEM_PAGE_BYTES = 4096;

function* touch(memory: Uint8Array): Generator<undefined, void> {
  for (let at = 0; at < memory.length; at += TOUCHED_A_STEP) {
    const end = Math.min(at + TOUCHED_A_STEP, memory.length);
    for (let page = at; page < end; page += SYSTEM_PAGE_BYTES) memory[page] = 0;
    yield;
  }
}

function hasGrownTo(memory: WasmMemory, end: number): boolean {
  const missing = end - memory.buffer.byteLength;
  if (missing <= 0) return true;
  try {
    memory.grow(Math.ceil(missing / PAGE_BYTES));
    return true;
  } catch {
    return false;
  }
}
