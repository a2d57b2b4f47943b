// memory: shared
// The plain loops of assembleTable4.ts as a kernel, which takes the entries of a level in pieces of any length.
// Pointers are byte offsets; `low` is of 16 bits, `high` of 16 or 8.

/** Marks what leads to the ranges of a divided /24; see table4.ts. */
const INNER: u32 = 0x80000000;
/** Bytes of the index for a /16. */
const BYTES_OF_16: usize = 1024;

let direct: usize = 0;
/** Bytes of the index for a slot of the level, as a power of two, and for a node. */
let slotShift: usize = 0;
let nodeBytes: usize = 0;
/** The number of the /16 at which each node begins, in 16 bits; where the next node's is. */
let starts: usize = 0;
/** Receives the same for the nodes of the next level; 0 if that is of divided /24s. */
let children: usize = 0;
/** Slots of divided /24s, and where the next one's begin. */
let lows: usize = 0;
let inner: u32 = 0;

/** The node that is being filled; where what its last entry says holds from, and what it says. */
let begin: usize = 0;
let at: usize = 0;
let value: u32 = 0;
let isChild: bool = false;

/**
 * Begins a level.
 *
 * @param children_ - 0 for the last level above divided /24s, whose slots are then `lows_`, with a 0 behind them
 */
export function use(direct_: usize, slotShift_: usize, starts_: usize, children_: usize, lows_: usize): void {
  direct = direct_;
  slotShift = slotShift_;
  nodeBytes = (<usize>256) << slotShift_;
  starts = starts_;
  children = children_;
  lows = lows_;
  inner = 0;
  // Nothing holds yet.
  begin = direct_ - nodeBytes;
  at = direct_;
  isChild = false;
}

/** Takes the next entries of the level. They are trusted: each node begins at slot 0, and slots ascend within it. */
export function fill(slots: usize, low: usize, high: usize, isWide: bool, size: i32): void {
  if (isWide) fillOf<u16>(slots, low, high, size);
  else fillOf<u8>(slots, low, high, size);
}

/** Fills what the last entry of the level says. */
export function finish(): void {
  if (!isChild) fillRest(at, begin + nodeBytes, value);
}

function fillOf<High>(slots: usize, low: usize, high: usize, size: i32): void {
  // In locals, because a quick compiler keeps globals in memory.
  const shift = slotShift;
  let from = at;
  let first = begin;
  let end = begin + nodeBytes;
  let word = value;
  let skips = isChild;
  for (let i = 0; i < size; i++) {
    const slot = <usize>load<u8>(slots + i);
    const entry = <u32>load<u16>(low + (i << 1)) | ((<u32>load<High>(high + i * sizeof<High>())) << 16);
    if (slot === 0) {
      if (!skips) fillRest(from, end, word);
      first = direct + <usize>load<u16>(starts) * BYTES_OF_16;
      end = first + nodeBytes;
      starts += 2;
      from = first;
    } else {
      const to = first + (slot << shift);
      if (!skips) {
        // Most often less than four words; what is written too far is filled next.
        if (from + 16 > end) fillRest(from, to, word);
        else {
          v128.store(from, i32x4.splat(word));
          if (to > from + 16) fillRest(from + 16, to, word);
        }
      }
      from = to;
    }
    skips = false;
    if (entry !== 0) word = entry - 1;
    else if (children === 0) {
      word = INNER + inner;
      inner = endOf(inner);
    } else {
      skips = true;
      store<u16>(children, <u16>((from - direct) / BYTES_OF_16));
      children += 2;
    }
  }
  at = from;
  begin = first;
  value = word;
  isChild = skips;
}

function fillRest(from: usize, to: usize, word: u32): void {
  const four = i32x4.splat(word);
  let next = from;
  for (; next + 16 <= to; next += 16) v128.store(next, four);
  for (; next < to; next += 4) store<u32>(next, word);
}

/** Where the divided /24 ends whose ranges begin at `first`: at the next slot that is 0. */
function endOf(first: u32): u32 {
  let next = lows + first + 1;
  let zeros = zerosAt(next);
  while (zeros === 0) zeros = zerosAt((next += 16));
  return <u32>(next - lows) + ctz<u32>(zeros);
}

/** Which of sixteen bytes are 0, a bit each. */
function zerosAt(bytes: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.eq(v128.load(bytes), i8x16.splat(0)));
}

/** Writes the id of each entry, of which none is a child. */
export function idsOf(low: usize, high: usize, isWide: bool, size: i32, ids: usize): void {
  for (let i = 0; i < size; i++) {
    const above = isWide ? <u32>load<u16>(high + (i << 1)) : <u32>load<u8>(high + i);
    store<u32>(ids + (i << 2), <u32>load<u16>(low + (i << 1)) + (above << 16) - 1);
  }
}
