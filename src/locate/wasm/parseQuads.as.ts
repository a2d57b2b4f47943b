// The dotted quads of parseAddress.ts as a kernel, by vectors and without branches: where an address's dots lie can not be
// guessed, so that a loop over its characters waits for the processor to guess wrong some four times.
// Pointers are byte offsets.

/** Ways in which four octets of one to three digits can follow each other. */
const PATTERNS: u32 = 81;
/** What a row gets that is no dotted quad and nothing else; see parseAddresses.ts. */
const OTHER: u8 = 255;
const DOT: u8 = 46;
const ZERO: u8 = 48;

/** Bytes that say which of 16 bytes lie behind a text: those from 16 less its length on. */
let windows: usize = 0;
/** Of each pattern where the digits of its octets are: four bytes an octet, with 255 for none. */
let places: usize = 0;
/** Of each pattern a byte an octet: the least number that has as many digits. */
let leasts: usize = 0;

/** @param tables - 32 + 81 × 20 bytes, aligned to 16 */
export function begin(tables: usize): void {
  windows = tables;
  places = tables + 32;
  leasts = places + 16 * PATTERNS;
  for (let i: usize = 0; i < 32; i++) store<u8>(windows + i, i < 16 ? 0 : 255);
  for (let pattern: u32 = 0; pattern < PATTERNS; pattern++) {
    let rest = pattern;
    let at: u32 = 0;
    for (let octet: u32 = 0; octet < 4; octet++) {
      const digits = (rest % 3) + 1;
      rest /= 3;
      for (let i: u32 = 0; i < 4; i++) {
        store<u8>(places + 16 * pattern + 4 * octet + i, i < 4 - digits ? 255 : <u8>(at + i + digits - 4));
      }
      store<u8>(leasts + 4 * pattern + octet, digits === 1 ? 0 : digits === 2 ? 10 : 100);
      at += digits + 1;
    }
  }
}

/**
 * Writes family and address of each row whose text is a dotted quad; 255 as the family of any other.
 *
 * @param text - all texts, one behind the other, and 16 bytes more
 * @param ends - of each row the word where its text ends
 * @returns how many rows are no dotted quads
 */
export function parse(text: usize, ends: usize, rows: i32, families: usize, addresses: usize): i32 {
  let others = 0;
  let start: u32 = 0;
  for (let row = 0; row < rows; row++) {
    const end = load<u32>(ends + (row << 2));
    const size = end - start;
    const isShort = size < 16;
    const length = select<u32>(size, 0, isShort);
    // Behind the text are dots, so that the last octet ends as the others do.
    const behind = v128.load(windows + 16 - length);
    const chars = v128.bitselect(i8x16.splat(DOT), v128.load(text + start), behind);
    const dots = i8x16.bitmask(i8x16.eq(chars, i8x16.splat(DOT)));
    const digits = i8x16.sub(chars, i8x16.splat(ZERO));
    const known = dots | i8x16.bitmask(i8x16.le_u(digits, i8x16.splat(9)));
    let later = dots & (dots - 1);
    const first = <u32>ctz(dots);
    const second = <u32>ctz(later);
    later &= later - 1;
    const third = <u32>ctz(later);
    later &= later - 1;
    const fourth = <u32>ctz(later);
    // Digits of each octet, less 1; an enormous number where there are none.
    const a = first - 1;
    const b = second - first - 2;
    const c = third - second - 2;
    const d = fourth - third - 2;
    const isQuad = u32(isShort) & u32(known === 0xffff) & u32(fourth === length) & u32(max(max(a, b), max(c, d)) < 3);
    const pattern = select<u32>(a + 3 * b + 9 * c + 27 * d, 0, isQuad !== 0);
    const spread = i8x16.swizzle(digits, v128.load(places + (pattern << 4)));
    // Hundreds, then tens and ones, of each octet; then octets.
    const weights = i32x4.splat(100 << 16);
    const units = i32x4.splat(10 | (1 << 16));
    const weight = v128.shuffle<u32>(weights, units, 0, 4, 1, 5);
    const firsts = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(spread), weight);
    const lasts = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(spread), weight);
    const octets = i32x4.add(
      v128.shuffle<u32>(firsts, lasts, 0, 2, 4, 6),
      v128.shuffle<u32>(firsts, lasts, 1, 3, 5, 7),
    );
    // Narrowing makes 255 of what is more.
    const halves = i16x8.narrow_i32x4_s(octets, octets);
    const bytes = i8x16.narrow_i16x8_u(halves, halves);
    const least = v128.load32_splat(leasts + (pattern << 2));
    const isRight =
      isQuad &
      u32(!v128.any_true(i32x4.gt_u(octets, i32x4.splat(255)))) &
      u32(!v128.any_true(i8x16.lt_u(bytes, least)));
    store<u8>(families + row, select<u8>(4, OTHER, isRight !== 0));
    store<u32>(addresses + (row << 2), bswap<u32>(<u32>i32x4.extract_lane(bytes, 0)));
    others += <i32>(isRight ^ 1);
    start = end;
  }
  return others;
}
