import { IPV4 } from "../../core/addressColumn.js";

/** Entries of `direct`, one for each /24, and their bytes. */
export const INDEX4_ENTRIES = 1 << 24;
export const INDEX4_BYTES = 4 * INDEX4_ENTRIES;

/** Marks an entry of `direct` that leads to `lows` and `ids`. */
export const INNER = 0x80000000;

/**
 * IPv4 ranges behind a direct index over the first 24 bits: most addresses are answered by one read, and reads for
 * different addresses do not wait for each other.
 */
export interface Table4 {
  /** Per /24: the id of all its addresses, or {@link INNER} and the position of its first range in `lows`. */
  readonly direct: Uint32Array;
  /** Last octet at which each range within a divided /24 begins; 0 begins the next /24. Ends in a 0. */
  readonly lows: Uint8Array;
  /** The id of each such range. */
  readonly ids: Uint32Array;
}

/**
 * Writes the ids of rows [from, end), as if all were IPv4, and returns whether all are.
 *
 * One loop a step: the first only reads the index, so that the processor fetches for many rows at once; the next finds what
 * lies within divided /24s. Entries are read as signed numbers, for which {@link INNER} is a sign: V8
 * compares unsigned ones of that size as floating-point numbers.
 *
 * @param families - family of each row
 * @param addresses - address of each row of family 4, any number for others
 * @param ids - receives the ids
 */
export function findIpv4s(
  table: Table4,
  families: Uint8Array,
  addresses: Uint32Array,
  from: number,
  end: number,
  ids: Uint32Array,
): boolean {
  const entries = signed(ids);
  readIndex(signed(table.direct), addresses, from, end, entries);
  findInner(table, addresses, from, end, entries);
  return allIpv4(families, from, end);
}

/** Nothing else happens in this loop: the fewer instructions a row, the more reads are under way at once. */
function readIndex(direct: Int32Array, addresses: Uint32Array, from: number, end: number, entries: Int32Array): void {
  for (let i = from; i < end; i++) entries[i] = direct[addresses[i]! >>> 8]!;
}

function findInner(table: Table4, addresses: Uint32Array, from: number, end: number, entries: Int32Array): void {
  const { lows, ids } = table;
  for (let i = from; i < end; i++) {
    const entry = entries[i]!;
    if (entry >= 0) continue;
    let at = entry & 0x7fffffff;
    const low = addresses[i]! & 255;
    while (((lows[at + 1]! - 1) & 255) < low) at++;
    entries[i] = ids[at]!;
  }
}

function allIpv4(families: Uint8Array, from: number, end: number): boolean {
  let others = 0;
  for (let i = from; i < end; i++) others |= families[i]! ^ IPV4;
  return others === 0;
}

/** The same numbers, the highest bit as their sign. */
function signed(column: Uint32Array): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, column.length);
}

/** The id of an address. */
export function findIpv4({ direct, lows, ids }: Table4, address: number): number {
  const entry = direct[address >>> 8]!;
  if (entry < INNER) return entry;
  let at = entry & 0x7fffffff;
  const low = address & 255;
  while (((lows[at + 1]! - 1) & 255) < low) at++;
  return ids[at]!;
}
