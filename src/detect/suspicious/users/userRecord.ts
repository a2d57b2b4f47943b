/**
 * Where what is in a user's record: 32 words of 32 bits, two cache lines.
 *
 * ```
 *  0  lower half of the name's hash      8  region fingerprints, 4 × 16 bits (8–9)
 *  1  upper half                        10  network fingerprints, 4 × 16 bits (10–11)
 *  2  last seen, epoch seconds          12  device fingerprints, 4 × 16 bits (12–13)
 *  3  first seen                        14  egress classes seen, one bit each
 *  4  countries, 8 × 8 bits (4–5)       15  pairs: 6 × 4 bits of impossible hops seen, by two slots
 *  6  events (saturating)               16  four places of 4 words
 *  7  last seen without a place
 * ```
 * A place: location id · last seen · events (16 bits), days (8), egress class (4), flags (4) · address (IPv4).
 */
export const RECORD_WORDS = 32;

export const KEY_LOW = 0;
export const KEY_HIGH = 1;
export const LAST_SEEN = 2;
export const FIRST_SEEN = 3;
export const COUNTRIES = 4;
export const EVENTS = 6;
export const LAST_UNLOCATED = 7;
export const REGIONS = 8;
export const NETWORKS = 10;
export const DEVICES = 12;
export const CLASSES = 14;
export const PAIRS = 15;
export const SLOTS = 16;

export const SLOT_COUNT = 4;
export const SLOT_WORDS = 4;
export const SLOT_SPOT = 0;
export const SLOT_SEEN = 1;
export const SLOT_STATE = 2;
export const SLOT_ADDRESS = 3;

/** The place was first reached by an impossible hop, so that it takes longer to become a usual one. */
export const FLAG_HOPPED = 1;
/** The address of the slot is not an IPv4 address. */
export const FLAG_NO_IPV4 = 2;

export const slotEvents = (state: number): number => state & 0xffff;
export const slotDays = (state: number): number => (state >>> 16) & 0xff;
export const slotClass = (state: number): number => (state >>> 24) & 15;
export const slotFlags = (state: number): number => state >>> 28;
export const slotState = (events: number, days: number, egress: number, flags: number): number =>
  (Math.min(events, 0xffff) | (Math.min(days, 0xff) << 16) | (egress << 24) | (flags << 28)) >>> 0;

/** Where the bits of the pair of two different slots begin in the word `PAIRS`. */
export function pairShift(a: number, b: number): number {
  const [i, j] = a < b ? [a, b] : [b, a];
  return 4 * (i === 0 ? j - 1 : i + j);
}

/** How often the pair of two slots was hopped between, up to 15. */
export function pairHops(pairs: number, a: number, b: number): number {
  return (pairs >>> pairShift(a, b)) & 15;
}

/** A place that is part of the user's life: seen on several days, and on more of them where a hop first led there. */
export function isUsual(state: number): boolean {
  return slotDays(state) >= ((slotFlags(state) & FLAG_HOPPED) !== 0 ? 3 : 2);
}

/** Whether one of the eight bytes from a word on is a code. */
export function hasByte(block: Uint32Array, word: number, code: number): boolean {
  const [a, b] = [block[word]!, block[word + 1]!];
  return (
    (a & 255) === code ||
    ((a >>> 8) & 255) === code ||
    ((a >>> 16) & 255) === code ||
    a >>> 24 === code ||
    (b & 255) === code ||
    ((b >>> 8) & 255) === code ||
    ((b >>> 16) & 255) === code ||
    b >>> 24 === code
  );
}

/** Adds a code to eight bytes, the newest first; what no longer fits falls off. */
export function addByte(block: Uint32Array, word: number, code: number): void {
  if (code === 0 || hasByte(block, word, code)) return;
  block[word + 1] = (block[word + 1]! << 8) | (block[word]! >>> 24);
  block[word] = (block[word]! << 8) | code;
}

/** Whether one of the four halves from a word on is a fingerprint. */
export function hasHalf(block: Uint32Array, word: number, print: number): boolean {
  const [a, b] = [block[word]!, block[word + 1]!];
  return (a & 0xffff) === print || a >>> 16 === print || (b & 0xffff) === print || b >>> 16 === print;
}

/** Adds a fingerprint to four halves, the newest first. */
export function addHalf(block: Uint32Array, word: number, print: number): void {
  if (print === 0 || hasHalf(block, word, print)) return;
  block[word + 1] = (block[word + 1]! << 16) | (block[word]! >>> 16);
  block[word] = (block[word]! << 16) | print;
}
