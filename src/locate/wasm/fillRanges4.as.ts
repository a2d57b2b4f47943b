// memory: shared
// The plain loops of buildTable4 in table4.ts as a kernel, which takes ranges in pieces of any length. Pointers are byte
// offsets.

/** Marks what leads to the ranges of a divided /24; see table4.ts. */
const INNER: u32 = 0x80000000;
/** Bytes of the index. */
const INDEX_BYTES: usize = 1 << 26;

let end: usize = 0;
let direct: usize = 0;
let lows: usize = 0;
let inner: usize = 0;

/** Where the index is filled to, with what the last range says from there on. */
let at: usize = 0;
let value: u32 = 0;
/** How many ranges divided /24s have so far, and the bytes into the index of the last such. */
let used: u32 = 0;
let lastDivided: u32 = 0;
const NO_DIVIDED: u32 = 0xffffffff;

/** Begins counting. */
export function beginCount(): void {
  used = 0;
  lastDivided = NO_DIVIDED;
}

/** Counts what the next ranges need in divided /24s, and returns how much all so far do. */
export function count(starts: usize, size: i32): u32 {
  let sum = used;
  let last = lastDivided;
  for (let i: usize = 0; i < <usize>size; i++) {
    const start = load<u32>(starts + (i << 2));
    if ((start & 255) === 0) continue;
    // One for the start, and one for what comes before the first.
    sum += 1 + u32(start >>> 8 !== last);
    last = start >>> 8;
  }
  used = sum;
  lastDivided = last;
  return sum;
}

/** Begins filling a table. */
export function beginFill(direct_: usize, lows_: usize, inner_: usize): void {
  direct = direct_;
  end = direct_ + INDEX_BYTES;
  lows = lows_;
  inner = inner_;
  at = direct_;
  value = 0;
  used = 0;
  lastDivided = NO_DIVIDED;
}

/** Fills what the ranges before the last of these say. They are trusted: starts ascend, the first of all is 0. */
export function fill(starts: usize, ids: usize, size: i32): void {
  // In locals, because globals are in memory.
  let from = at;
  let word = value;
  let next = <usize>used;
  let last = lastDivided;
  for (let i: usize = 0; i < <usize>size; i++) {
    const start = load<u32>(starts + (i << 2));
    const id = load<u32>(ids + (i << 2));
    const low = start & 255;
    const own = start >>> 8;
    // A /24 that is divided here is first filled as if it were not.
    const to = direct + ((<usize>own + <usize>(low !== 0)) << 2);
    if (to > from) {
      if (from + 16 <= end) {
        // Most often less than four words; what is written too far is filled next.
        v128.store(from, i32x4.splat(word));
        if (to > from + 16) fillRest(from + 16, to, word);
      } else fillRest(from, to, word);
      from = to;
    }
    if (low !== 0) {
      if (own !== last) {
        store<u32>(direct + ((<usize>own) << 2), INNER + <u32>next);
        store<u8>(lows + next, 0);
        store<u32>(inner + (next << 2), word);
        next++;
        last = own;
      }
      store<u8>(lows + next, <u8>low);
      store<u32>(inner + (next << 2), id);
      next++;
    }
    word = id;
  }
  at = from;
  value = word;
  used = <u32>next;
  lastDivided = last;
}

/** Fills what the last range says. */
export function finish(): void {
  fillRest(at, end, value);
}

function fillRest(from: usize, to: usize, word: u32): void {
  const four = i32x4.splat(word);
  let next = from;
  for (; next + 16 <= to; next += 16) v128.store(next, four);
  for (; next < to; next += 4) store<u32>(next, word);
}
