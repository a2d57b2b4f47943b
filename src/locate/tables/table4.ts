import { IPV4 } from "../../core/addressColumn.js";
import type { Ranges4 } from "../ranges/ranges4.js";
import { ranges4Filler } from "./fillRanges4.js";
import type { TableMemory } from "./tableMemory.js";

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

/** Up to so many entries a loop is faster than a call. */
const FEW = 16;
/** After how many ranges the building pauses. */
const RANGES_A_STEP = 100_000;

/** Builds the index in steps, so that the caller can let others run in between. Ids must lie below 2^31. */
export function* buildTable4(ranges: Ranges4, memory: TableMemory): Generator<undefined, Table4> {
  const direct = memory.uint32(INDEX4_ENTRIES);
  const filler = ranges4Filler(memory);
  const inner = filler === undefined ? countInner(ranges) : yield* filler.count(ranges);
  yield;
  const table = { direct, lows: memory.uint8(inner + 1), ids: memory.uint32(inner) };
  // The columns may have been too large for the memory that kernels read.
  if (filler !== undefined && memory.wasm !== undefined) yield* filler.fill(table, ranges);
  else yield* fillPlain(table, ranges);
  return table;
}

/** Fills all columns by loops, which run everywhere. */
function* fillPlain(table: Table4, ranges: Ranges4): Generator<undefined, void> {
  let used = 0;
  for (let from = 0; from < ranges.length; from += RANGES_A_STEP) {
    used = fill(table, ranges, from, Math.min(from + RANGES_A_STEP, ranges.length), used);
    yield;
  }
}

/** Enters the ranges [from, to), of which `used` inner ones are entered already; returns how many are then. */
function fill({ direct, lows, ids: leaves }: Table4, ranges: Ranges4, from: number, to: number, used: number): number {
  const { starts, ids, length } = ranges;
  let next = used;
  for (let i = from; i < to; i++) {
    const start = starts[i]!;
    const id = ids[i]!;
    const low = start & 255;
    // The /24 in which the range begins may be shared; those after it, up to the one in which it ends, are its own.
    let own = start >>> 8;
    if (low !== 0) {
      if (direct[own]! < INNER) {
        direct[own] = INNER + next;
        leaves[next++] = ids[i - 1]!; // from octet 0 on
      }
      lows[next] = low;
      leaves[next++] = id;
      own++;
    }
    const stop = i + 1 < length ? (starts[i + 1]! + 255) / 256 : INDEX4_ENTRIES;
    if (stop - own > FEW) direct.fill(id, own, stop);
    else for (; own + 1 <= stop; own++) direct[own] = id;
  }
  return next;
}

/** How many ranges of `lows` the divided /24s need: one for each start within, and one for what comes before the first. */
function countInner({ starts, length }: Ranges4): number {
  let count = 0;
  let last = -1;
  for (let i = 0; i < length; i++) {
    const start = starts[i]!;
    if ((start & 255) === 0) continue;
    count += start >>> 8 === last ? 1 : 2;
    last = start >>> 8;
  }
  return count;
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
