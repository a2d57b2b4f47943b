const QUOTE: i32 = 34;
const BACKSLASH: i32 = 92;

// Vectors that lie in memory: a load is shorter than the making of a constant.
const TWOS = memory.data<u64>([0x0202020202020202, 0x0202020202020202]);
const EXCLAMATION_MARKS = memory.data<u64>([0x2121212121212121, 0x2121212121212121]);
const QUOTES = memory.data<u64>([0x2222222222222222, 0x2222222222222222]);
const BACKSLASHES = memory.data<u64>([0x5c5c5c5c5c5c5c5c, 0x5c5c5c5c5c5c5c5c]);
const QUESTION_MARKS = memory.data<u64>([0x3f3f3f3f3f3f3f3f, 0x3f3f3f3f3f3f3f3f]);

/** Where the plain text that begins at `at` ends: at a quote, a backslash, a control character or one beyond ASCII. */
export function plainEnd(at: usize): usize {
  let from = at;
  let stops = 0;
  while ((stops = stopsOf(v128.load(from))) === 0) from += 16;
  return from + ctz(stops);
}

/** The same for a path, which ends at a question mark or a number sign, too. */
export function pathEnd(at: usize): usize {
  let from = at;
  let stops = 0;
  while ((stops = pathStopsOf(v128.load(from))) === 0) from += 16;
  return from + ctz(stops);
}

// With its second bit turned, a quote comes before all that goes on, and a number sign comes right behind the quote. Bytes
// beyond ASCII are negative.

/** Which of sixteen bytes end plain text, a bit each. @inline */
export function stopsOf(text: v128): i32 {
  const isLow = i8x16.lt_s(v128.xor(text, v128.load(TWOS)), v128.load(EXCLAMATION_MARKS));
  return i8x16.bitmask(v128.or(isLow, i8x16.eq(text, v128.load(BACKSLASHES))));
}

/** Which of sixteen bytes end a path, a bit each. @inline */
export function pathStopsOf(text: v128): i32 {
  const isLow = i8x16.lt_s(v128.xor(text, v128.load(TWOS)), v128.load(QUOTES));
  const ends = v128.or(i8x16.eq(text, v128.load(BACKSLASHES)), i8x16.eq(text, v128.load(QUESTION_MARKS)));
  return i8x16.bitmask(v128.or(isLow, ends));
}

/** Whether the string whose first character is at `at` is empty or a dash. */
export function isAbsentString(at: usize): bool {
  const c: i32 = load<u8>(at);
  return c === QUOTE || (c === 45 && load<u8>(at + 1) === QUOTE);
}

/** Where the closing quote is of the string whose first character is at `start`; 0 if it is not well-formed. */
export function closingQuote(start: usize): usize {
  let at = start;
  while (true) {
    at = plainEnd(at);
    const c: i32 = load<u8>(at);
    if (c === QUOTE) return at;
    if (c < 32) return 0;
    if (c !== BACKSLASH) at++;
    else {
      at = skipEscape(at);
      if (at === 0) return 0;
    }
  }
}

function skipEscape(at: usize): usize {
  const c: i32 = load<u8>(at + 1);
  if (c === 117) {
    for (let i = at + 2; i < at + 6; i++) if (!isHex(load<u8>(i))) return 0;
    return at + 6;
  }
  const known =
    c === QUOTE || c === BACKSLASH || c === 47 || c === 98 || c === 102 || c === 110 || c === 114 || c === 116;
  return known ? at + 2 : 0;
}

function isHex(c: i32): bool {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
}
