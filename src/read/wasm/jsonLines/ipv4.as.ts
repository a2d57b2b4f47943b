import { digitsOf, dotsOf } from "./number.as";

// Vectors that lie in memory: a load is shorter than the making of a constant.
/** How far before the end of an octet its hundreds, tens and ones are; nothing is so far as the fourth. */
const BACK = memory.data<u8>([3, 2, 1, 128, 3, 2, 1, 128, 3, 2, 1, 128, 3, 2, 1, 128]);
const EVEN_BYTES = memory.data<u64>([0x00ff00ff00ff00ff, 0x00ff00ff00ff00ff]);
const HUNDREDS_AND_ONES = memory.data<i16>([100, 1, 100, 1, 100, 1, 100, 1]);
const TENS = memory.data<i16>([10, 0, 10, 0, 10, 0, 10, 0]);
const NINE = memory.data<i16>([9, 9, 9, 9, 9, 9, 9, 9]);
const NINETY_NINE = memory.data<i16>([99, 99, 99, 99, 99, 99, 99, 99]);
const ONE_EACH: i32 = 0x01010101;
const BEYOND_OCTETS: i64 = 0xff00ff00ff00ff00;

/**
 * The dotted quad, without leading zeros, that the first `length` characters of `text` are, all of them digits and dots; -1
 * if they are no such. There is no loop over octets, whose end the processor could not foresee.
 *
 * @inline
 */
export function ipv4Of(text: v128, length: i32): i64 {
  const dots = dotsOf(text) & ((1 << length) - 1);
  if (popcnt(dots) !== 3) return -1;
  const first = ctz(dots);
  const behindFirst = dots & (dots - 1);
  const second = ctz(behindFirst);
  const third = ctz(behindFirst & (behindFirst - 1));
  // A byte an octet, the last octet lowest: where it ends, where it begins, and how long it is.
  const ends = length | (third << 8) | (second << 16) | (first << 24);
  const starts = (ends >>> 8) + 0x00010101;
  const lengths = ends - starts;

  // Four bytes an octet: hundreds, tens, ones, and 0.
  const places = i8x16.sub(fourTimesEach(ends), v128.load(BACK));
  const isBefore = i8x16.gt_s(fourTimesEach(starts), places);
  const digits = v128.andnot(i8x16.swizzle(digitsOf(text), places), isBefore);
  const hundredsAndOnes = i32x4.dot_i16x8_s(v128.and(digits, v128.load(EVEN_BYTES)), v128.load(HUNDREDS_AND_ONES));
  const octets = i32x4.add(hundredsAndOnes, i32x4.dot_i16x8_s(i16x8.shr_u(digits, 8), v128.load(TENS)));

  const narrow = i16x8.narrow_i32x4_s(octets, octets);
  // An octet is as long as its value says: not empty, without leading zeros, and no longer than what was read of it.
  const more = i16x8.add(i16x8.gt_s(narrow, v128.load(NINE)), i16x8.gt_s(narrow, v128.load(NINETY_NINE)));
  const rest = i8x16.add(i32x4.splat(lengths), i8x16.narrow_i16x8_s(more, more));
  const isValid = i32x4.extract_lane(rest, 0) === ONE_EACH && (i64x2.extract_lane(narrow, 0) & BEYOND_OCTETS) === 0;
  return isValid ? <i64>(<u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0)) : -1;
}

/** Each of four bytes four times. @inline */
function fourTimesEach(bytes: i32): v128 {
  const each = i32x4.splat(bytes);
  const twice = i8x16.shuffle(each, each, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  return i16x8.shuffle(twice, twice, 0, 8, 1, 9, 2, 10, 3, 11);
}
