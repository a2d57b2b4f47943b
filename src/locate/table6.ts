import type { Ranges6 } from "./ranges6.js";
import type { Allocate } from "./table4.js";

/** IPv6 ranges behind an index over the first 16 bits. */
export interface Table6 {
  /** First range that may hold an address with these first 16 bits; one more at the end. */
  readonly index: Uint32Array;
  /** Starts of the ranges, four words each. */
  readonly starts: Uint32Array;
  readonly ids: Uint32Array;
}

/** Builds the index in steps, so that the caller can let others run in between. */
export function* buildTable6(ranges: Ranges6, allocate: Allocate): Generator<undefined, Table6> {
  const index = new Uint32Array(allocate(4 * 65537));
  const starts = new Uint32Array(allocate(16 * ranges.length));
  const ids = new Uint32Array(allocate(4 * ranges.length));
  starts.set(ranges.starts);
  yield;
  ids.set(ranges.ids);
  let i = 0;
  for (let top = 0; top < 65536; top++) {
    while (i + 1 < ranges.length && starts[4 * (i + 1)]! < top * 65536) i++;
    index[top] = i;
  }
  index[65536] = ranges.length - 1;
  return { index, starts, ids };
}

/** The id of an address. */
export function findIpv6(table: Table6, w0: number, w1: number, w2: number, w3: number): number {
  const { index, starts, ids } = table;
  let low = index[w0 >>> 16]!;
  let high = index[(w0 >>> 16) + 1]! + 1;
  // The last range that begins at or before the address is in [low, high).
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    const at = 4 * middle;
    const s0 = starts[at]!;
    const s1 = starts[at + 1]!;
    const s2 = starts[at + 2]!;
    const before = s0 !== w0 ? s0 < w0 : s1 !== w1 ? s1 < w1 : s2 !== w2 ? s2 < w2 : starts[at + 3]! <= w3;
    if (before) low = middle;
    else high = middle;
  }
  return ids[low]!;
}
