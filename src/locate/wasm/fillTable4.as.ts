// memory: shared
// The plain loops of assembleTable4.ts as a kernel, which takes runs in pieces of any length.
// Pointers are byte offsets; `low` is of 16 bits, `high` of 16 or 8.

/** Marks what leads to the ranges of a divided /24; see table4.ts. */
const INNER: u32 = 0x80000000;
/** Bytes of the index. */
const INDEX_BYTES: usize = 4 << 24;
/** Bytes that are written for a run at first. */
const FAR: usize = 32;

/** Where the next run begins in the index, and the index ends. */
let at: usize = 0;
let end: usize = 0;
/** How many ranges the divided /24s before it have. */
let ranges: u32 = 0;

export function begin(direct: usize): void {
  at = direct;
  end = direct + INDEX_BYTES;
  ranges = 0;
}

/**
 * Fills the index with the next runs, which are trusted.
 *
 * @param counts - a byte for each divided /24 from the first one among these runs on: how many ranges it has, less 1
 * @returns how many of the runs are divided /24s
 */
export function fill(lengths: usize, low: usize, high: usize, isWide: bool, size: i32, counts: usize): i32 {
  return isWide ? fillOf<u16>(lengths, low, high, size, counts) : fillOf<u8>(lengths, low, high, size, counts);
}

/** Most runs are short, some are divided /24s: no branch asks which. */
function fillOf<High>(lengths: usize, low: usize, high: usize, size: i32, counts: usize): i32 {
  // In locals, because a quick compiler keeps globals in memory.
  const last = end - FAR;
  let from = at;
  let first = ranges;
  let count = counts;
  for (let i = 0; i < size; i++) {
    const entry = entryAt<High>(low, high, i);
    const isDivided = <u32>(entry === 0);
    const word = select<u32>(INNER + first, entry - 1, isDivided !== 0);
    first += (<u32>load<u8>(count) + 1) & (0 - isDivided);
    count += <usize>isDivided;
    // A length of 0 stands for 256.
    const to = from + ((<usize>(<u8>(load<u8>(lengths + i) - 1))) << 2) + 4;
    if (from > last) fillRest(from, to, word);
    else {
      // What is written too far is filled next.
      const four = i32x4.splat(word);
      v128.store(from, four);
      v128.store(from, four, 16);
      if (to > from + FAR) fillRest(from + FAR, to, word);
    }
    from = to;
  }
  at = from;
  ranges = first;
  return <i32>(count - counts);
}

function fillRest(from: usize, to: usize, word: u32): void {
  const four = i32x4.splat(word);
  let next = from;
  for (; next + 16 <= to; next += 16) v128.store(next, four);
  for (; next < to; next += 4) store<u32>(next, word);
}

/** Writes the id of each entry, of which all have one. */
export function idsOf(low: usize, high: usize, isWide: bool, size: i32, ids: usize): void {
  if (isWide) idsOfAll<u16>(low, high, size, ids);
  else idsOfAll<u8>(low, high, size, ids);
}

function idsOfAll<High>(low: usize, high: usize, size: i32, ids: usize): void {
  for (let i = 0; i < size; i++) store<u32>(ids + (i << 2), entryAt<High>(low, high, i) - 1);
}

/** An id plus 1, or 0. @inline */
function entryAt<High>(low: usize, high: usize, i: i32): u32 {
  return <u32>load<u16>(low + (i << 1)) | ((<u32>load<High>(high + i * sizeof<High>())) << 16);
}
