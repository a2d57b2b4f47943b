import type { Column } from "../../core/grown.js";

/** Buffers of one size that are kept. */
const MAX_KEPT = 64;
/** Sizes that are kept: those of a batch's columns are few. */
const MAX_SIZES = 8;

/** Memory of columns. What is given back is used again, for new memory takes the system longer than the reading of it. */
export class ColumnMemory {
  readonly #free = new Map<number, ArrayBuffer[]>();

  /** A column of zeros. */
  take<T extends Column>(
    Kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): T },
    length: number,
  ): T {
    const size = length * Kind.BYTES_PER_ELEMENT;
    const known = this.#free.get(size)?.pop();
    if (known !== undefined) new Uint8Array(known).fill(0);
    return new Kind(known ?? new ArrayBuffer(size));
  }

  /** Takes back memory that nobody reads any more. */
  give(buffers: Iterable<ArrayBuffer>): void {
    for (const buffer of buffers) {
      if (!this.#free.has(buffer.byteLength) && this.#free.size === MAX_SIZES) this.#free.clear();
      const same = this.#free.get(buffer.byteLength) ?? [];
      this.#free.set(buffer.byteLength, same);
      if (same.length < MAX_KEPT) same.push(buffer);
    }
  }
}
