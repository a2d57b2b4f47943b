import { type WasmMemory, wasmMemory } from "../wasmKernel.js";

/** What a kernel that reads lines has for itself, at the beginning of the memory; untouched pages take none. */
export const KERNEL_BYTES = 1 << 22;

/** Memory for lines, which a kernel can read where they lie instead of copying them to its own. */
export class LineMemory {
  /** Where the lines are. */
  readonly bytes: Uint8Array;
  readonly #memory: WasmMemory | undefined;
  #isClaimed = false;

  constructor(length: number) {
    this.#memory = wasmMemory(KERNEL_BYTES + length);
    this.bytes =
      this.#memory === undefined ? new Uint8Array(length) : new Uint8Array(this.#memory.buffer, KERNEL_BYTES, length);
  }

  /** The memory for a kernel, its first {@link KERNEL_BYTES} zeros; the kernel before it may no longer be used. */
  claim(): WasmMemory | undefined {
    if (this.#isClaimed && this.#memory !== undefined) new Uint8Array(this.#memory.buffer, 0, KERNEL_BYTES).fill(0);
    this.#isClaimed = true;
    return this.#memory;
  }
}
