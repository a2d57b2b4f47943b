/** What {@link readNumber} read last. */
export let number: f64 = 0;

const ZERO: i32 = 48;
const DOT: i32 = 46;
/** So many characters make a number that a double holds exactly. */
const MAX_CHARACTERS: i32 = 15;

// Vectors that lie in memory: a load is shorter than the making of a constant.
const LANES = memory.data<u8>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
const ZEROS = memory.data<u64>([0x3030303030303030, 0x3030303030303030]);
const NINES = memory.data<u64>([0x0909090909090909, 0x0909090909090909]);
const EVEN_BYTES = memory.data<u64>([0x00ff00ff00ff00ff, 0x00ff00ff00ff00ff]);
const TENS = memory.data<i16>([10, 10, 10, 10, 10, 10, 10, 10]);
const HUNDREDS = memory.data<i16>([100, 1, 100, 1, 100, 1, 100, 1]);
const TEN_THOUSANDS = memory.data<i16>([10000, 1, 10000, 1, 10000, 1, 10000, 1]);
const POWERS = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14]);

/**
 * Reads the number whose first digit is at `at`: digits, or digits, a dot and digits. Returns where it ends, or 0 if it is
 * no such number or longer than fifteen characters.
 */
export function readNumber(at: usize): usize {
  const digits = digitsAt(at);
  const whole = ctz(~digits);
  if (<u32>(whole - 1) >= <u32>MAX_CHARACTERS || (whole > 1 && load<u8>(at) === ZERO)) return 0;
  let end = at + whole;
  if (load<u8>(end) !== DOT) {
    number = digitsValue(v128.load(end - 16), whole);
    return end;
  }
  const fraction = ctz(~(digits >> (whole + 1)));
  const length = whole + 1 + fraction;
  if (fraction === 0 || length > MAX_CHARACTERS) return 0;
  // The digits before the dot move one to the right, over it.
  end = at + length;
  const behind = i8x16.ge_u(v128.load(LANES), i8x16.splat(<i8>(16 - fraction)));
  const joined = v128.bitselect(v128.load(end - 16), v128.load(end - 17), behind);
  number = digitsValue(joined, whole + fraction) / load<f64>(POWERS + ((<usize>fraction) << 3));
  return end;
}

/** Which of the sixteen bytes from `at` on are digits, a bit each. */
export function digitsAt(at: usize): i32 {
  return i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(at), v128.load(ZEROS)), v128.load(NINES)));
}

/** The number that the last `count` of sixteen characters make, which are digits. */
function digitsValue(characters: v128, count: i32): f64 {
  const known = i8x16.ge_u(v128.load(LANES), i8x16.splat(<i8>(16 - count)));
  const digits = v128.and(i8x16.sub(characters, v128.load(ZEROS)), known);
  const tens = i16x8.mul(v128.and(digits, v128.load(EVEN_BYTES)), v128.load(TENS));
  const pairs = i16x8.add(tens, i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(HUNDREDS));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), v128.load(TEN_THOUSANDS));
  const both = i64x2.extract_lane(eights, 0);
  return <f64>((both & 0xffffffff) * 100_000_000 + (both >> 32));
}
