const QUOTE: i32 = 34;
const BACKSLASH: i32 = 92;

// Vectors that lie in memory: a load is shorter than the making of a constant.
const BLANKS = memory.data<u64>([0x2020202020202020, 0x2020202020202020]);
const QUOTES = memory.data<u64>([0x2222222222222222, 0x2222222222222222]);
const BACKSLASHES = memory.data<u64>([0x5c5c5c5c5c5c5c5c, 0x5c5c5c5c5c5c5c5c]);
const QUESTION_MARKS = memory.data<u64>([0x3f3f3f3f3f3f3f3f, 0x3f3f3f3f3f3f3f3f]);
const NUMBER_SIGNS = memory.data<u64>([0x2323232323232323, 0x2323232323232323]);

/** Where the plain text that begins at `at` ends: at a quote, a backslash, a control character or one beyond ASCII. */
export function plainEnd(at: usize): usize {
  let from = at;
  let stops = 0;
  while ((stops = i8x16.bitmask(stopsOf(v128.load(from)))) === 0) from += 16;
  return from + ctz(stops);
}

/** The same for a path, which ends at a question mark or a number sign, too. */
export function pathEnd(at: usize): usize {
  let from = at;
  let stops = 0;
  while ((stops = i8x16.bitmask(pathStopsOf(v128.load(from)))) === 0) from += 16;
  return from + ctz(stops);
}

function pathStopsOf(text: v128): v128 {
  const ends = v128.or(i8x16.eq(text, v128.load(QUESTION_MARKS)), i8x16.eq(text, v128.load(NUMBER_SIGNS)));
  return v128.or(stopsOf(text), ends);
}

function stopsOf(text: v128): v128 {
  // Bytes beyond ASCII are negative.
  const strange = v128.or(i8x16.lt_s(text, v128.load(BLANKS)), i8x16.eq(text, v128.load(BACKSLASHES)));
  return v128.or(strange, i8x16.eq(text, v128.load(QUOTES)));
}

/** Whether the value at `at` is null, empty or a dash. */
export function isAbsent(at: usize): bool {
  const c: i32 = load<u8>(at);
  if (c === 110) return true;
  if (c !== QUOTE) return false;
  const second: i32 = load<u8>(at + 1);
  return second === QUOTE || (second === 45 && load<u8>(at + 2) === QUOTE);
}

/** Where the string whose opening quote is at `start` ends, behind the closing one; 0 if it is not well-formed. */
export function skipString(start: usize): usize {
  let at = start + 1;
  while (true) {
    at = plainEnd(at);
    const c: i32 = load<u8>(at);
    if (c === QUOTE) return at + 1;
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
