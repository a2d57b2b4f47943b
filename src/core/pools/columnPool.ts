import type { Allocate, Column } from "../grown.js";

/**
 * Free bytes that are kept beside those that are given back: what one log needs, with the usual batches and dozens of
 * dimensions. More are of sizes that nobody asks for any more.
 */
export const MOST_FREE_BYTES = 64 << 20;

interface ColumnKind<T extends Column> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike): T;
}

/** Memory of columns. What is given back is used again, for new memory takes the system longer than the reading of it. */
export class ColumnPool {
  readonly #allocate: Allocate;
  readonly #free = new Map<number, ArrayBufferLike[]>();
  #bytes = 0;

  constructor(allocate: Allocate = (bytes) => new ArrayBuffer(bytes)) {
    this.#allocate = allocate;
  }

  /** A column; where its memory was used before, it holds what it held. */
  take<T extends Column>(Kind: ColumnKind<T>, length: number): T {
    const size = length * Kind.BYTES_PER_ELEMENT;
    const known = this.#free.get(size)?.pop();
    if (known !== undefined) this.#bytes -= size;
    return new Kind(known ?? this.#allocate(size));
  }

  /** A copy of a column with room for more rows. */
  grown<T extends Column>(column: T, capacity: number): T {
    const copy = this.take(column.constructor as ColumnKind<T>, capacity);
    copy.set(column);
    return copy;
  }

  /** Bytes that wait to be used again. */
  get freeBytes(): number {
    return this.#bytes;
  }

  /** Takes back memory that nobody reads any more: as much as that of a batch, each buffer once. */
  give(buffers: Iterable<ArrayBufferLike>): void {
    if (this.#bytes > MOST_FREE_BYTES) this.clear();
    for (const buffer of buffers) {
      const same = this.#free.get(buffer.byteLength) ?? [];
      this.#free.set(buffer.byteLength, same);
      same.push(buffer);
      this.#bytes += buffer.byteLength;
    }
  }

  /** Lets go of what nobody uses. */
  clear(): void {
    this.#free.clear();
    this.#bytes = 0;
  }
}

/** Makes column[from, to) zeros. */
export function clearRows(column: Column, from: number, to: number): void {
  const { buffer, byteOffset, BYTES_PER_ELEMENT: size } = column;
  const start = byteOffset + from * size;
  if (!(buffer instanceof SharedArrayBuffer) || start % 8 !== 0) {
    column.fill(0, from, to);
    return;
  }
  // V8 fills memory that threads share value by value: eight bytes are the largest.
  const words = Math.floor(((to - from) * size) / 8);
  new Float64Array(buffer, start, words).fill(0);
  column.fill(0, from + Math.floor((8 * words) / size), to);
}
