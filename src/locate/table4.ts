import { IPV4 } from "../core/addressColumn.js";
import type { Allocate } from "../core/grown.js";
import type { Ranges4 } from "./ranges4.js";

/** Marks an entry of `direct` that leads to `lows` and `ids`. */
const INNER = 0x80000000;

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
export function* buildTable4(ranges: Ranges4, allocate: Allocate): Generator<undefined, Table4> {
  const { starts, ids, length } = ranges;
  const direct = new Uint32Array(allocate(4 << 24));
  const inner = countInner(ranges);
  const lows = new Uint8Array(allocate(inner + 1));
  const leaf = new Uint32Array(allocate(4 * inner));
  let used = 0;
  for (let i = 0; i < length; i++) {
    const start = starts[i]!;
    const end = i + 1 < length ? starts[i + 1]! : 0x100000000;
    const first = start >>> 8;
    const low = start & 255;
    // The /24 in which the range begins may be shared; those after it, up to the one in which it ends, are its own.
    let own = first;
    if (low !== 0) {
      if (direct[first]! < INNER) {
        direct[first] = INNER + used;
        lows[used] = 0;
        leaf[used++] = ids[i - 1]!;
      }
      lows[used] = low;
      leaf[used++] = ids[i]!;
      own = first + 1;
    }
    const stop = Math.ceil(end / 256);
    if (stop - own > FEW) direct.fill(ids[i]!, own, stop);
    else for (const id = ids[i]!; own < stop; own++) direct[own] = id;
    if (i % RANGES_A_STEP === RANGES_A_STEP - 1) yield;
  }
  return { direct, lows, ids: leaf };
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
 * Writes the ids of rows [from, end), as if all were IPv4, and returns whether all are. One loop without calls and with
 * hardly a branch, so that the processor fetches for many rows at once.
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
  const { direct, lows, ids: leaves } = table;
  let others = 0;
  for (let i = from; i < end; i++) {
    const address = addresses[i]!;
    others |= families[i]! ^ IPV4;
    let id = direct[address >>> 8]!;
    if (id >= INNER) {
      let at = id & 0x7fffffff;
      const low = address & 255;
      while (((lows[at + 1]! - 1) & 255) < low) at++;
      id = leaves[at]!;
    }
    ids[i] = id;
  }
  return others === 0;
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
