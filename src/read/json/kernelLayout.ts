import type { Column } from "../../core/grown.js";

/** The kernel's own constants lie below. */
const FIRST_BYTE = 1 << 12;

/**
 * Columns whose distance is a power of two would share few sets of the cache, and a load would wait for the store to
 * another column at the same place of its page.
 */
const GAP_BYTES = 192;

/** Places columns in a kernel's memory, one behind the other. */
export class KernelLayout {
  readonly #buffer: ArrayBuffer;
  #at = FIRST_BYTE;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
  }

  /** A column of zeros. */
  place<T extends Column>(Kind: new (buffer: ArrayBuffer, at: number, length: number) => T, length: number): T {
    const column = new Kind(this.#buffer, this.#at, length);
    this.#at += ((column.byteLength + 15) & ~15) + GAP_BYTES;
    return column;
  }
}
