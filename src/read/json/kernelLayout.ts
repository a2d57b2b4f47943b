import type { Column } from "../../core/grown.js";

/**
 * Columns whose distance is a power of two would share few sets of the cache, and a load would wait for the store to
 * another column at the same place of its page.
 */
const GAP_BYTES = 192;

/** Places columns in a kernel's memory, one behind the other. */
export class KernelLayout {
  readonly #buffer: ArrayBuffer;
  #at: number;

  /** @param start - what lies below is the kernel's own */
  constructor(buffer: ArrayBuffer, start: number) {
    this.#buffer = buffer;
    this.#at = start;
  }

  /** A column of zeros. */
  place<T extends Column>(Kind: new (buffer: ArrayBuffer, at: number, length: number) => T, length: number): T {
    const column = new Kind(this.#buffer, this.#at, length);
    this.#at += ((column.byteLength + 15) & ~15) + GAP_BYTES;
    return column;
  }
}
