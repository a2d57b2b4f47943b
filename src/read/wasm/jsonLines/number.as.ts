const ZERO: i32 = 48;
/** So many characters make a number that a double holds exactly. */
const MAX_CHARACTERS: i32 = 15;

// Vectors that lie in memory: a load is shorter than the making of a constant.
const ZEROS = memory.data<u64>([0x3030303030303030, 0x3030303030303030]);
const DOTS = memory.data<u64>([0x2e2e2e2e2e2e2e2e, 0x2e2e2e2e2e2e2e2e]);
const BEYOND_NINE = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a]);
const EVEN_BYTES = memory.data<u64>([0x00ff00ff00ff00ff, 0x00ff00ff00ff00ff]);
const TENS = memory.data<i16>([10, 10, 10, 10, 10, 10, 10, 10]);
const HUNDREDS = memory.data<i16>([100, 1, 100, 1, 100, 1, 100, 1]);
const TEN_THOUSANDS = memory.data<i16>([10000, 1, 10000, 1, 10000, 1, 10000, 1]);
/** From its byte `n` on: a vector whose last `n` bytes are set. */
const LAST_BYTES = memory.data<u64>([0, 0, -1, -1]);
const POWERS = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14]);

/** A vector whose last bytes, `count` of sixteen, are set. @inline */
export function lastBytes(count: usize): v128 {
  return v128.load(LAST_BYTES + count);
}

/** The digits of a text as numbers; what is no digit is more than 9. @inline */
export function digitsOf(text: v128): v128 {
  return i8x16.sub(text, v128.load(ZEROS));
}

/** Which of sixteen bytes are no digits, a bit each. @inline */
export function othersThanDigits(text: v128): i32 {
  const digits = digitsOf(text);
  return i8x16.bitmask(i8x16.eq(i8x16.max_u(digits, v128.load(BEYOND_NINE)), digits));
}

/** Which of sixteen bytes are dots, a bit each. @inline */
export function dotsOf(text: v128): i32 {
  return i8x16.bitmask(i8x16.eq(text, v128.load(DOTS)));
}

/** How many of the first bytes of a text are digits and dots; 32 if all sixteen are. @inline */
export function dottedLength(text: v128): i32 {
  const digits = digitsOf(text);
  const others = i8x16.eq(i8x16.max_u(digits, v128.load(BEYOND_NINE)), digits);
  return ctz(i8x16.bitmask(v128.andnot(others, i8x16.eq(text, v128.load(DOTS)))));
}

/** Which of the first `length` bytes are dots, a bit each; 0 if the length is 32. @inline */
export function dotsBefore(text: v128, length: i32): i32 {
  return dotsOf(text) & ((1 << length) - 1);
}

/**
 * Whether `length` digits and dots at `at` are a number of JSON of at most fifteen characters.
 *
 * @inline
 */
export function isNumber(at: usize, length: i32, dots: i32): bool {
  const first: i32 = load<u8>(at);
  // Where there is no dot, there is one behind all.
  const whole = ctz(dots | (1 << length));
  const isTooLong = length > MAX_CHARACTERS;
  const isOdd = first - ZERO > 9 || first < ZERO;
  return (
    !isTooLong && !isOdd && ((dots & (dots - 1)) | (dots >> (length - 1))) === 0 && (first !== ZERO || whole === 1)
  );
}

/**
 * The number that `length` digits and dots at `at` are. With or without a fraction it goes the same way, for the processor
 * would foresee neither.
 *
 * @inline
 */
export function numberAt(at: usize, length: i32, dots: i32): f64 {
  const dot = <i32>(dots !== 0);
  const fraction = length - ctz(dots | (1 << length)) - dot;
  // The digits before the dot move one to the right, over it.
  const end = at + length;
  const joined = v128.bitselect(v128.load(end - 16), v128.load(end - 16 - dot), lastBytes(fraction));
  return wholeNumber(joined, length - dot) / load<f64>(POWERS + ((<usize>fraction) << 3));
}

/** The number that the last `count` of sixteen characters make, which are digits. @inline */
export function wholeNumber(text: v128, count: i32): f64 {
  const digits = v128.and(digitsOf(text), lastBytes(count));
  const tens = i16x8.mul(v128.and(digits, v128.load(EVEN_BYTES)), v128.load(TENS));
  const pairs = i16x8.add(tens, i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(HUNDREDS));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), v128.load(TEN_THOUSANDS));
  const both = i64x2.extract_lane(eights, 0);
  return <f64>((both & 0xffffffff) * 100_000_000 + (both >> 32));
}
