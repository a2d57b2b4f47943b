import type { Ranges4 } from "../ranges/ranges4.js";
import { ranges4Filler } from "./fillRanges4.js";
import { INDEX4_ENTRIES, INNER, type Table4 } from "./table4.js";
import type { TableMemory } from "./tableMemory.js";

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
