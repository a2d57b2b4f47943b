const QUOTE = 34;
const BACKSLASH = 92;

/** Values nested deeper are left to `JSON.parse`. */
const MAX_SKIPPED_DEPTH = 32;

/** What {@link skipValue} answers for a value that is too deep to tell whether it is JSON. */
export const TOO_DEEP = -2;

/**
 * Where the JSON value that begins at `start` ends; -1 if it is no JSON of one line, {@link TOO_DEEP} if it cannot tell.
 *
 * A byte below 32 must follow the value somewhere: the scan stops there.
 */
export function skipValue(bytes: Uint8Array, start: number, depth = 0): number {
  const c = bytes[start]!;
  if (c === QUOTE) return skipString(bytes, start);
  if (c === 123 || c === 91) return depth < MAX_SKIPPED_DEPTH ? skipList(bytes, start, c, depth) : TOO_DEEP;
  if (c === 116) return skipWord(bytes, start, "true");
  if (c === 102) return skipWord(bytes, start, "false");
  if (c === 110) return skipWord(bytes, start, "null");
  return skipNumber(bytes, start);
}

/** Where the string whose opening quote is at `start` ends, behind the closing one; -1 if it is not well-formed. */
export function skipString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    const c = bytes[at]!;
    if (c === QUOTE) return at + 1;
    if (!(c >= 32)) return -1;
    if (c !== BACKSLASH) at++;
    else {
      const escaped = bytes[at + 1]!;
      if (escaped === 117) {
        for (let i = at + 2; i < at + 6; i++) if (!isHex(bytes[i]!)) return -1;
        at += 6;
      } else if (isEscape(escaped)) at += 2;
      else return -1;
    }
  }
}

/** Where the number that begins at `start` ends; -1 if it is none by JSON's grammar. */
export function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 45 ? start + 1 : start;
  if (bytes[at] === 48) at++;
  else {
    const first = at;
    while (isDigit(bytes[at]!)) at++;
    if (at === first) return -1;
  }
  if (bytes[at] === 46) {
    const first = ++at;
    while (isDigit(bytes[at]!)) at++;
    if (at === first) return -1;
  }
  if (bytes[at] === 101 || bytes[at] === 69) {
    at++;
    if (bytes[at] === 43 || bytes[at] === 45) at++;
    const first = at;
    while (isDigit(bytes[at]!)) at++;
    if (at === first) return -1;
  }
  return at;
}

function skipList(bytes: Uint8Array, start: number, open: number, depth: number): number {
  const close = open + 2;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === close) return at + 1;
  for (;;) {
    if (open === 123) {
      if (bytes[at] !== QUOTE) return -1;
      at = skipString(bytes, at);
      if (at < 0) return -1;
      at = skipSpace(bytes, at);
      if (bytes[at] !== 58) return -1;
      at = skipSpace(bytes, at + 1);
    }
    at = skipValue(bytes, at, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at);
    const c = bytes[at++];
    if (c === close) return at;
    if (c !== 44) return -1;
    at = skipSpace(bytes, at);
  }
}

function skipWord(bytes: Uint8Array, start: number, word: string): number {
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return -1;
  return start + word.length;
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 13) at++;
  return at;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isHex(c: number): boolean {
  return isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
}

function isEscape(c: number): boolean {
  return c === QUOTE || c === BACKSLASH || c === 47 || c === 98 || c === 102 || c === 110 || c === 114 || c === 116;
}
