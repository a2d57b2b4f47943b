export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Where the memory of columns comes from: this thread's, or what threads share. The bytes are 0. */
export type Allocate = (bytes: number) => ArrayBufferLike;

/** Memory that threads share. */
export const allocateShared: Allocate = (bytes) => new SharedArrayBuffer(bytes);

/** A copy of a column with room for more rows; the new rows are 0. */
export function grown<T extends Column>(column: T, capacity: number): T {
  const Kind = column.constructor as new (length: number) => T;
  const copy = new Kind(capacity);
  copy.set(column);
  return copy;
}

/** A copy of a column's first rows in memory that `allocate` gives. */
export function copied<T extends Column>(column: T, length: number, allocate: Allocate): T {
  const Kind = column.constructor as new (buffer: ArrayBufferLike) => T;
  const copy = new Kind(allocate(length * column.BYTES_PER_ELEMENT));
  copy.set(column.subarray(0, length));
  return copy;
}
