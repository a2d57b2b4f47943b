/** A typed array that can be laid out in planes. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Float32Array;

const TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array } as const;
export type ColumnType = keyof typeof TYPES;

/** The columns' bytes, least significant plane first within each: small integers leave runs of zeros, which deflate well. */
export function toBytePlanes(columns: readonly Column[]): Uint8Array {
  const planes = new Uint8Array(columns.reduce((total, column) => total + column.byteLength, 0));
  let at = 0;
  for (const column of columns) {
    const width = column.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    for (let k = 0; k < width; k++)
      for (let i = 0; i < column.length; i++) planes[at++] = bytes[i * width + plane(k, width)]!;
  }
  return planes;
}

/** The columns again, from their types and lengths. */
export function fromBytePlanes(planes: Uint8Array, shapes: readonly (readonly [ColumnType, number])[]): Column[] {
  let at = 0;
  return shapes.map(([type, length]) => {
    const column = new TYPES[type](length);
    const width = column.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(column.buffer);
    for (let k = 0; k < width; k++) for (let i = 0; i < length; i++) bytes[i * width + plane(k, width)] = planes[at++]!;
    return column;
  });
}

/** Where in a number the byte of rank k lies on this machine. */
function plane(rank: number, width: number): number {
  return LITTLE_ENDIAN ? rank : width - 1 - rank;
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
