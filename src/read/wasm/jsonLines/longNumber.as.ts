/** What {@link readLongNumber} read last. */
export let longNumber: f64 = 0;

const ZERO: i32 = 48;
const DOT: i32 = 46;
/** More do not fit 64 bits. */
const MAX_DIGITS: i32 = 19;
/** A double holds higher powers of ten not exactly. */
const MAX_FRACTION: usize = 22;
const POWERS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);
/** Whole numbers below are doubles. */
const EXACT: u64 = 0x20_0000_0000_0000;
/** So far from the middle between two doubles, in units of their distance, it is certain to which a number is rounded. */
const DOUBT: f64 = 1e-9;
/** Divides a double into halves of 26 bits: Dekker, A floating-point technique for extending the available precision. */
const SPLIT: f64 = 134_217_729;

/**
 * Reads a number without an exponent, of at most nineteen digits behind its leading zeros: programs print the doubles they
 * have with seventeen. Returns where it ends; 0 if it is no such number, or lies where this cannot tell how it is rounded.
 */
export function readLongNumber(start: usize): usize {
  let digits: u64 = 0;
  let count = 0;
  let dot: usize = 0;
  let at = start;
  for (; ; at++) {
    const c: i32 = load<u8>(at);
    if (c === DOT && dot === 0) dot = at;
    else if (<u32>(c - ZERO) < 10) {
      digits = digits * 10 + <u64>(c - ZERO);
      if (digits !== 0 && ++count > MAX_DIGITS) return 0;
    } else break;
  }
  const whole = (dot === 0 ? at : dot) - start;
  const fraction: usize = dot === 0 ? 0 : at - dot - 1;
  if (whole === 0 || (whole > 1 && load<u8>(start) === ZERO)) return 0;
  if ((dot !== 0 && fraction === 0) || fraction > MAX_FRACTION) return 0;
  const value = quotient(digits, load<f64>(POWERS + (fraction << 3)));
  if (value < 0) return 0;
  longNumber = value;
  return at;
}

/** The double nearest to `digits` divided by a power of ten; -1 where it is not certain which that is. */
function quotient(digits: u64, power: f64): f64 {
  const high = <f64>digits;
  if (power === 1 || digits < EXACT) return high / power;
  const low = <f64>(<i64>(digits - <u64>high));
  const first = high / power;
  const more = (high - first * power - productError(first, power) + low) / power;
  const sum = first + more;
  const rest = more - (sum - first);
  const bits = reinterpret<u64>(sum);
  // Below a power of two, doubles are nearer to each other than above it.
  if ((bits & 0xfffffffffffff) === 0) return -1;
  const distance = reinterpret<f64>(bits + 1) - sum;
  return abs(2 * abs(rest) - distance) < DOUBT * distance ? -1 : sum;
}

/** What the product of two doubles is more than the double it is rounded to. */
function productError(a: f64, b: f64): f64 {
  const highA = a * SPLIT - (a * SPLIT - a);
  const highB = b * SPLIT - (b * SPLIT - b);
  const lowA = a - highA;
  const lowB = b - highB;
  return lowA * lowB - (a * b - highA * highB - lowA * highB - highA * lowB);
}
