import { closingQuote } from "./text.as";

const QUOTE: i32 = 34;
const MAX_DEPTH: i32 = 16;

/** Where the JSON value at `at` ends; 0 if it is no JSON of one line, or too deep for this to tell. */
export function skipValue(at: usize, depth: i32 = 0): usize {
  const c: i32 = load<u8>(at);
  if (c === QUOTE) return skipString(at + 1);
  if (c === 123 || c === 91) return depth < MAX_DEPTH ? skipList(at, c, depth) : 0;
  // "true", "null" and "alse" as numbers.
  if (c === 116) return load<u32>(at) === 0x65757274 ? at + 4 : 0;
  if (c === 110) return load<u32>(at) === 0x6c6c756e ? at + 4 : 0;
  if (c === 102) return load<u32>(at + 1) === 0x65736c61 ? at + 5 : 0;
  return skipNumber(at);
}

/** Where the string whose first character is at `start` ends, behind the closing quote; 0 if it is not well-formed. */
function skipString(start: usize): usize {
  const quote = closingQuote(start);
  return quote === 0 ? 0 : quote + 1;
}

function skipNumber(start: usize): usize {
  let at = load<u8>(start) === 45 ? start + 1 : start;
  if (load<u8>(at) === 48) at++;
  else if ((at = skipDigits(at)) === 0) return 0;
  if (load<u8>(at) === 46 && (at = skipDigits(at + 1)) === 0) return 0;
  if ((load<u8>(at) | 32) === 101) {
    at++;
    if (load<u8>(at) === 43 || load<u8>(at) === 45) at++;
    at = skipDigits(at);
  }
  return at;
}

/** Where digits end, of which there must be one. */
function skipDigits(start: usize): usize {
  let at = start;
  while (<u32>(load<u8>(at) - 48) < 10) at++;
  return at === start ? 0 : at;
}

function skipList(start: usize, open: i32, depth: i32): usize {
  const close = open + 2;
  let at = skipSpace(start + 1);
  if (load<u8>(at) === close) return at + 1;
  while (true) {
    if (open === 123) {
      if (load<u8>(at) !== QUOTE || (at = skipString(at + 1)) === 0) return 0;
      at = skipSpace(at);
      if (load<u8>(at) !== 58) return 0;
      at = skipSpace(at + 1);
    }
    at = skipValue(at, depth + 1);
    if (at === 0) return 0;
    at = skipSpace(at);
    const c: i32 = load<u8>(at++);
    if (c === close) return at;
    if (c !== 44) return 0;
    at = skipSpace(at);
  }
}

function skipSpace(start: usize): usize {
  let at = start;
  while (load<u8>(at) === 32 || load<u8>(at) === 9 || load<u8>(at) === 13) at++;
  return at;
}
