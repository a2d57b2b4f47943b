import { digitsAt } from "./number.as";

/** What {@link readIpv4} read last. */
export let ipv4: u32 = 0;

const QUOTE: i32 = 34;
const DOTS = memory.data<u64>([0x2e2e2e2e2e2e2e2e, 0x2e2e2e2e2e2e2e2e]);

/**
 * Reads the dotted quad at `at`, without leading zeros, which a quote ends. Returns where it ends, or 0 if it is no such.
 * There is no loop over octets, whose end the processor could not foresee.
 */
export function readIpv4(at: usize): usize {
  const digits = digitsAt(at);
  const dots = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(DOTS)));
  const length = ctz(~(digits | dots));
  let rest = dots & ((1 << length) - 1);
  if (popcnt(rest) !== 3 || length > 15 || load<u8>(at + length) !== QUOTE) return 0;
  const first = ctz(rest);
  rest &= rest - 1;
  const second = ctz(rest);
  rest &= rest - 1;
  const third = ctz(rest);
  const a = octet(at + first, first);
  const b = octet(at + second, second - first - 1);
  const c = octet(at + third, third - second - 1);
  const d = octet(at + length, length - third - 1);
  if ((a | b | c | d) > 255) return 0;
  ipv4 = (a << 24) | (b << 16) | (c << 8) | d;
  return at + length;
}

/** The number of `length` digits before `end`; more than 255 if it is no octet. */
function octet(end: usize, length: i32): u32 {
  if (<u32>(length - 1) > 2) return 256;
  // The three characters before `end`, hundreds in the lowest byte; what does not belong to the octet is 0.
  const cut = (3 - length) << 3;
  const digits = (load<u32>(end - 4) >> 8) & (0xffffff << cut) & 0x0f0f0f;
  const value = (digits >> 16) + 10 * ((digits >> 8) & 15) + 100 * (digits & 15);
  const hasLeadingZero = length > 1 && ((digits >> cut) & 15) === 0;
  return hasLeadingZero ? 256 : value;
}
