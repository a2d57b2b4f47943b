/** Where the rows of one address family lie in a BIN file of IP2Location. */
export interface BinRows {
  readonly family: 4 | 6;
  readonly count: number;
  /** Offset of the first row, and bytes of each: where its range begins (4 or 16, little-endian), then 4 a column. */
  readonly start: number;
  readonly size: number;
}

/** The header of a BIN file, as its documentation gives it. */
export interface BinHeader {
  readonly builtMs: number;
  readonly rows: readonly BinRows[];
}

/** Reads the header. Throws a plain Error where rows do not lie within the file. */
export function binHeader(bytes: Uint8Array): BinHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = view.getUint8(1);
  const [year, month, day] = [view.getUint8(2), view.getUint8(3), view.getUint8(4)];
  const tables: BinRows[] = [
    { family: 4, count: view.getUint32(5, true), start: view.getUint32(9, true) - 1, size: 4 * columns },
    { family: 6, count: view.getUint32(13, true), start: view.getUint32(17, true) - 1, size: 12 + 4 * columns },
  ];
  const rows = tables.filter(({ count }) => count > 0);
  for (const { start, count, size, family } of rows) {
    if (view.getUint32(family === 4 ? 21 : 25, true) === 0) throw new Error(`it has no index of IPv${family}`);
    if (start >= HEADER_BYTES - 1 && start + count * size <= bytes.length) continue;
    throw new Error(`its ${count} rows of IPv${family} do not lie within it`);
  }
  return { builtMs: Date.UTC(2000 + year, month - 1, day), rows };
}

const HEADER_BYTES = 64;

/** The address at which a row's range begins. */
export function rowStart(view: DataView, { family, start, size }: BinRows, row: number): bigint {
  const at = start + row * size;
  if (family === 4) return BigInt(view.getUint32(at, true));
  return (view.getBigUint64(at + 8, true) << 64n) | view.getBigUint64(at, true);
}
