import { digitsOf } from "./number.as";

// Vectors that lie in memory: a load is shorter than the making of a constant.
/** How far before the end of an octet its hundreds, tens and ones are; nothing is so far as the fourth. */
const BACK = memory.data<u8>([3, 2, 1, 128, 3, 2, 1, 128, 3, 2, 1, 128, 3, 2, 1, 128]);
const EVEN_BYTES = memory.data<u64>([0x00ff00ff00ff00ff, 0x00ff00ff00ff00ff]);
const HUNDREDS_AND_ONES = memory.data<i16>([100, 1, 100, 1, 100, 1, 100, 1]);
const TENS = memory.data<i16>([10, 0, 10, 0, 10, 0, 10, 0]);
const NINE = memory.data<i16>([9, 9, 9, 9, 9, 9, 9, 9]);
const NINETY_NINE = memory.data<i16>([99, 99, 99, 99, 99, 99, 99, 99]);
const MOST = memory.data<i16>([255, 255, 255, 255, 255, 255, 255, 255]);
const ONE_EACH: i32 = 0x01010101;

// Octets are bytes of a word, and lanes of vectors, the last octet first. There is no loop over them, whose end the
// processor could not foresee.

/** Where the octets end that three dots divide, of a text of `length` characters. @inline */
export function octetEnds(dots: i32, length: i32): i32 {
  const behindFirst = dots & (dots - 1);
  const second = ctz(behindFirst);
  const third = ctz(behindFirst & (behindFirst - 1));
  return length | (third << 8) | (second << 16) | (ctz(dots) << 24);
}

/** Where octets begin that end there. @inline */
export function octetStarts(ends: i32): i32 {
  return (ends >>> 8) + 0x00010101;
}

/** The numbers that the last three digits of each octet of a text make. @inline */
export function octetsOf(text: v128, starts: i32, ends: i32): v128 {
  // Four bytes an octet: hundreds, tens, ones, and 0.
  const places = i8x16.sub(fourTimesEach(ends), v128.load(BACK));
  const isBefore = i8x16.gt_s(fourTimesEach(starts), places);
  const digits = v128.andnot(i8x16.swizzle(digitsOf(text), places), isBefore);
  const hundredsAndOnes = i32x4.dot_i16x8_s(v128.and(digits, v128.load(EVEN_BYTES)), v128.load(HUNDREDS_AND_ONES));
  const octets = i32x4.add(hundredsAndOnes, i32x4.dot_i16x8_s(i16x8.shr_u(digits, 8), v128.load(TENS)));
  return i16x8.narrow_i32x4_s(octets, octets);
}

/**
 * Whether octets are at most 255, and each as long as its number says: not empty, without leading zeros, and no longer than
 * what was read of it.
 *
 * @inline
 */
export function areOctets(octets: v128, starts: i32, ends: i32): bool {
  const more = i16x8.add(i16x8.gt_s(octets, v128.load(NINE)), i16x8.gt_s(octets, v128.load(NINETY_NINE)));
  // Sixteen is longer than any.
  const less = i16x8.add(more, i16x8.shl(i16x8.gt_s(octets, v128.load(MOST)), 4));
  const rest = i8x16.add(i32x4.splat(ends - starts), i8x16.narrow_i16x8_s(less, less));
  return i32x4.extract_lane(rest, 0) === ONE_EACH;
}

/** @inline */
export function addressOf(octets: v128): u32 {
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(octets, octets), 0);
}

/** Each of four bytes four times. @inline */
function fourTimesEach(bytes: i32): v128 {
  const each = i32x4.splat(bytes);
  const twice = i8x16.shuffle(each, each, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  return i16x8.shuffle(twice, twice, 0, 8, 1, 9, 2, 10, 3, 11);
}
