// memory: shared
// The plain loops of savedCheck.ts as a kernel. Pointers are byte offsets; `low` is of 16 bits, `high` of 16 or 8.

/** What {@link children} and {@link divided} return instead of a number of children. */
const NO_START = -1;
const OUT_OF_ORDER = -2;

/** How many entries nodes with these counts have together. */
export function entriesOf(counts: usize, nodes: i32): i32 {
  let entries = nodes;
  for (let node = 0; node < nodes; node++) entries += load<u8>(counts + node);
  return entries;
}

/** The greatest of some words, of which there is one at least. */
export function greatest(words: usize, size: i32): u32 {
  let most: u32 = 0;
  for (let i = 0; i < size; i++) most = max(most, load<u32>(words + (i << 2)));
  return most;
}

/** Whether no word is below the one before. */
export function areAscending(words: usize, size: i32): bool {
  let below = 0;
  for (let i = 1; i < size; i++) below += i32(load<u32>(words + (i << 2)) < load<u32>(words + (i << 2) - 4));
  return below === 0;
}

/**
 * Checks nodes that lie whole in memory: each begins at slot 0, slots ascend within it, entries are at most `most`.
 *
 * @param counts - a byte a node: the number of its entries, less 1
 * @param size - how many entries the nodes have together
 * @returns how many entries are children, or what is wrong
 */
export function children(
  counts: usize,
  nodes: i32,
  slots: usize,
  low: usize,
  high: usize,
  isWide: bool,
  size: i32,
  most: u32,
): i32 {
  let at = slots;
  for (let node = 0; node < nodes; node++) {
    if (load<u8>(at) !== 0) return NO_START;
    at += <usize>load<u8>(counts + node) + 1;
  }
  // Each node has its own slot 0, so where there are no others, nodes begin nowhere else.
  if (ascending(slots, size) !== nodes) return OUT_OF_ORDER;
  return isWide ? childrenOf<u16>(low, high, size, most) : childrenOf<u8>(low, high, size, most);
}

/** How many slots are 0 if all others are above the slot before; else -1. */
function ascending(slots: usize, size: i32): i32 {
  const whole = size & ~15;
  let wrong = i8x16.splat(0);
  let starts = 0;
  // The slot before the first is its own: it is 0.
  let before = i8x16.splat(0);
  for (let i = 0; i < whole; i += 16) {
    const now = v128.load(slots + i);
    const last = v128.shuffle<u8>(before, now, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    const isStart = i8x16.eq(now, i8x16.splat(0));
    starts += popcnt<i32>(i8x16.bitmask(isStart));
    wrong = v128.or(wrong, v128.not(v128.or(isStart, i8x16.gt_u(now, last))));
    before = now;
  }
  let isWrong = v128.any_true(wrong);
  for (let i = whole; i < size; i++) {
    const slot = load<u8>(slots + i);
    if (slot === 0) starts++;
    else if (slot <= load<u8>(slots + i - 1)) isWrong = true;
  }
  return isWrong ? -1 : starts;
}

/** How many /24s runs with these lengths have together. */
export function blocks(lengths: usize, size: i32): i32 {
  const whole = size & ~15;
  let sums = i32x4.splat(0);
  for (let i = 0; i < whole; i += 16) {
    // A length of 0 stands for 256.
    const less = i8x16.sub(v128.load(lengths + i), i8x16.splat(1));
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(less)));
  }
  let sum = size;
  for (let i = whole; i < size; i++) sum += <u8>(load<u8>(lengths + i) - 1);
  return (
    sum +
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}

/** How many runs are 0, if those have length 1 and the others are at most `most`; or what is wrong. */
export function divided(lengths: usize, low: usize, high: usize, isWide: bool, size: i32, most: u32): i32 {
  if (areLonger(lengths, low, high, isWide, size)) return OUT_OF_ORDER;
  return isWide ? childrenOf<u16>(low, high, size, most) : childrenOf<u8>(low, high, size, most);
}

/** Whether any run that is 0 has another length than 1. */
function areLonger(lengths: usize, low: usize, high: usize, isWide: bool, size: i32): bool {
  return isWide ? areLongerOf<u16>(lengths, low, high, size) : areLongerOf<u8>(lengths, low, high, size);
}

function areLongerOf<High>(lengths: usize, low: usize, high: usize, size: i32): bool {
  const whole = size & ~7;
  let wrong = i16x8.splat(0);
  for (let i = 0; i < whole; i += 8) {
    const isLonger = i16x8.ne(v128.load_ext<u8>(lengths + i), i16x8.splat(1));
    const isZero = i16x8.eq(v128.or(v128.load(low + (i << 1)), highsAt<High>(high, i)), i16x8.splat(0));
    wrong = v128.or(wrong, v128.and(isLonger, isZero));
  }
  let isWrong = v128.any_true(wrong);
  for (let i = whole; i < size; i++) {
    const entry = <u32>load<u16>(low + (i << 1)) | <u32>load<High>(high + i * sizeof<High>());
    if (entry === 0 && load<u8>(lengths + i) !== 1) isWrong = true;
  }
  return isWrong;
}

/** Eight upper halves. @inline */
function highsAt<High>(high: usize, i: i32): v128 {
  return sizeof<High>() === 1 ? v128.load_ext<u8>(high + i) : v128.load(high + (i << 1));
}

/** How many entries are 0, if all are at most `most`. */
function childrenOf<High>(low: usize, high: usize, size: i32, most: u32): i32 {
  const whole = size & ~7;
  const mostLow = i16x8.splat(<i16>(most & 0xffff));
  const mostHigh = i16x8.splat(<i16>(most >>> 16));
  let wrong = i16x8.splat(0);
  let count = 0;
  for (let i = 0; i < whole; i += 8) {
    const lows = v128.load(low + (i << 1));
    const highs = highsAt<High>(high, i);
    const isAbove = v128.or(
      i16x8.gt_u(highs, mostHigh),
      v128.and(i16x8.eq(highs, mostHigh), i16x8.gt_u(lows, mostLow)),
    );
    wrong = v128.or(wrong, isAbove);
    count += popcnt<i32>(i16x8.bitmask(i16x8.eq(v128.or(lows, highs), i16x8.splat(0))));
  }
  let isWrong = v128.any_true(wrong);
  for (let i = whole; i < size; i++) {
    const entry = <u32>load<u16>(low + (i << 1)) + ((<u32>load<High>(high + i * sizeof<High>())) << 16);
    if (entry === 0) count++;
    if (entry > most) isWrong = true;
  }
  return isWrong ? OUT_OF_ORDER : count;
}
