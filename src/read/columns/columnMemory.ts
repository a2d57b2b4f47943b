import type { Allocate, Column } from "../../core/grown.js";

/** Buffers of one size that are kept. */
const MAX_KEPT = 64;
/** Sizes that are kept: those of a batch's columns are few. */
const MAX_SIZES = 8;

interface ColumnKind<T extends Column> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike): T;
}

/** Memory of columns. What is given back is used again, for new memory takes the system longer than the reading of it. */
export class ColumnMemory {
  readonly #allocate: Allocate;
  readonly #free = new Map<number, ArrayBufferLike[]>();

  constructor(allocate: Allocate = (bytes) => new ArrayBuffer(bytes)) {
    this.#allocate = allocate;
  }

  /** A column of zeros. */
  take<T extends Column>(Kind: ColumnKind<T>, length: number): T {
    const size = length * Kind.BYTES_PER_ELEMENT;
    const known = this.#free.get(size)?.pop();
    if (known !== undefined) clear(known);
    return new Kind(known ?? this.#allocate(size));
  }

  /** A copy of a column with room for more rows; the new rows are 0. */
  grown<T extends Column>(column: T, capacity: number): T {
    const copy = this.take(column.constructor as ColumnKind<T>, capacity);
    copy.set(column);
    return copy;
  }

  /** Takes back memory that nobody reads any more. */
  give(buffers: Iterable<ArrayBufferLike>): void {
    for (const buffer of buffers) {
      if (!this.#free.has(buffer.byteLength) && this.#free.size === MAX_SIZES) this.#free.clear();
      const same = this.#free.get(buffer.byteLength) ?? [];
      this.#free.set(buffer.byteLength, same);
      if (same.length < MAX_KEPT) same.push(buffer);
    }
  }
}

/** Writes zeros, eight bytes at a time: memory that threads share is filled value by value. */
function clear(buffer: ArrayBufferLike): void {
  const whole = Math.floor(buffer.byteLength / 8);
  new Float64Array(buffer, 0, whole).fill(0);
  new Uint8Array(buffer, 8 * whole).fill(0);
}
