const COLON = 58;
const DOT = 46;
const PERCENT = 37;
const OPEN = 91;
const CLOSE = 93;
/** The longest text that can be an address: eight groups, a dotted tail, a zone, brackets and a port. */
const MAX_TEXT = 128;

// Overwritten by every call and read by no other: JavaScript runs one call at a time.
const scratch = new Uint8Array(MAX_TEXT);
const groups = new Uint16Array(8);

/**
 * Parses one address from its text; see {@link parseAddressBytes} for what is accepted.
 *
 * @param words - length at least 4; overwritten
 */
export function parseAddress(text: string, words: Uint32Array): 0 | 4 | 6 {
  if (parseQuadText(text, words)) return 4;
  const length = text.length;
  if (length > MAX_TEXT) return 0;
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(i);
    if (c > 127) return 0;
    scratch[i] = c;
  }
  return parseAddressBytes(scratch, 0, length, words);
}

/**
 * Parses the address that fills bytes[start, end) exactly.
 *
 * Accepted: dotted quads without leading zeros; IPv6 as RFC 4291 writes it, with a dotted tail or a zone
 * (`fe80::1%eth0`, the zone is dropped); either with a port as load balancers write it (`192.0.2.1:443`,
 * `[2001:db8::1]:443`, `[2001:db8::1]`). Everything else is no address: `1.2.3`, `01.2.3.4`, `1.2.3.4 `.
 *
 * @param words - length at least 4; receives the address, most significant word first. IPv4, and IPv6 that maps it
 *   (`::ffff:192.0.2.1`), is 0, 0, 0xffff and the address. Undefined after 0 is returned.
 * @returns 4 or 6, or 0 if the bytes are no address
 */
export function parseAddressBytes(bytes: Uint8Array, start: number, end: number, words: Uint32Array): 0 | 4 | 6 {
  const stop = parseQuad(bytes, start, end, words);
  if (stop > 0) {
    if (stop !== end && !isPort(bytes, stop, end)) return 0;
    words[0] = 0;
    words[1] = 0;
    words[2] = 0xffff;
    return 4;
  }
  let from = start;
  let to = end;
  if (start < end && bytes[start] === OPEN) {
    const close = lastClose(bytes, start, end);
    if (close < 0 || (close + 1 !== end && !isPort(bytes, close + 1, end))) return 0;
    from = start + 1;
    to = close;
  }
  if (!parseIpv6(bytes, from, to, words)) return 0;
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? 4 : 6;
}

/** {@link parseQuad} for a text that is a dotted quad and nothing else, which spares copying most addresses. */
function parseQuadText(text: string, words: Uint32Array): boolean {
  const { length } = text;
  let i = 0;
  let address = 0;
  for (let octet = 0; ; octet++) {
    if (i >= length) return false;
    let value = text.charCodeAt(i++) - 48;
    if (value < 0 || value > 9) return false;
    let digit = i < length ? text.charCodeAt(i) - 48 : -1;
    if (digit >= 0 && digit <= 9) {
      if (value === 0) return false;
      value = value * 10 + digit;
      digit = ++i < length ? text.charCodeAt(i) - 48 : -1;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (value > 255) return false;
        i++;
      }
    }
    address = (address << 8) | value;
    if (octet === 3) break;
    if (i >= length || text.charCodeAt(i++) !== DOT) return false;
  }
  if (i !== length) return false;
  words[0] = 0;
  words[1] = 0;
  words[2] = 0xffff;
  words[3] = address;
  return true;
}

/** Writes a dotted quad to words[3]; returns where it ends, or 0 if there is none at `start`. */
function parseQuad(bytes: Uint8Array, start: number, end: number, words: Uint32Array): number {
  let i = start;
  let address = 0;
  for (let octet = 0; ; octet++) {
    if (i >= end) return 0;
    let value = bytes[i++]! - 48;
    if (value < 0 || value > 9) return 0;
    if (i < end) {
      let digit = bytes[i]! - 48;
      if (digit >= 0 && digit <= 9) {
        if (value === 0) return 0;
        value = value * 10 + digit;
        if (++i < end) {
          digit = bytes[i]! - 48;
          if (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            if (value > 255) return 0;
            i++;
          }
        }
      }
    }
    address = (address << 8) | value;
    if (octet === 3) break;
    if (i >= end || bytes[i++] !== DOT) return 0;
  }
  words[3] = address;
  return i;
}

/** Whether bytes[start, end) is `:` and a port number. */
function isPort(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== COLON || end - start < 2 || end - start > 6) return false;
  let port = 0;
  for (let i = start + 1; i < end; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return false;
    port = port * 10 + digit;
  }
  return port <= 65535;
}

function lastClose(bytes: Uint8Array, start: number, end: number): number {
  // A port has at most five digits, so the bracket is among the last seven bytes.
  for (let i = end - 1; i > start && i >= end - 7; i--) if (bytes[i] === CLOSE) return i;
  return -1;
}

function parseIpv6(bytes: Uint8Array, start: number, end: number, words: Uint32Array): boolean {
  let i = start;
  let count = 0;
  let gap = -1;
  if (end - start < 2) return false;
  if (bytes[i] === COLON) {
    if (bytes[i + 1] !== COLON) return false;
    gap = 0;
    i += 2;
  }
  while (i < end && bytes[i] !== PERCENT) {
    if (count === 8) return false;
    const groupStart = i;
    let value = 0;
    for (let digit: number; i < end && i < groupStart + 4 && (digit = hexDigit(bytes[i]!)) >= 0; i++)
      value = (value << 4) | digit;
    if (i === groupStart) return false;
    if (i < end && bytes[i] === DOT) {
      if (count > 6) return false;
      i = parseQuad(bytes, groupStart, end, words);
      if (i === 0) return false;
      groups[count++] = words[3]! >>> 16;
      groups[count++] = words[3]! & 0xffff;
      break;
    }
    groups[count++] = value;
    if (i === end || bytes[i] === PERCENT) break;
    if (bytes[i++] !== COLON || i === end) return false;
    if (bytes[i] === COLON) {
      if (gap >= 0) return false;
      gap = count;
      i++;
    } else if (bytes[i] === PERCENT) return false;
  }
  if (i < end && !isZone(bytes, i, end)) return false;
  return spread(count, gap, words);
}

/** Writes the groups read, with zeros in their gap, as four words. */
function spread(count: number, gap: number, words: Uint32Array): boolean {
  if (gap < 0 ? count !== 8 : count > 7) return false;
  if (gap >= 0) {
    const shift = 8 - count;
    for (let g = 7; g >= gap + shift; g--) groups[g] = groups[g - shift]!;
    for (let g = gap; g < gap + shift; g++) groups[g] = 0;
  }
  for (let w = 0; w < 4; w++) words[w] = (groups[2 * w]! << 16) | groups[2 * w + 1]!;
  return true;
}

/** Whether bytes[start, end) is `%` and a zone of RFC 6874's unreserved characters. */
function isZone(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== PERCENT || start + 1 === end) return false;
  for (let i = start + 1; i < end; i++) {
    const c = bytes[i]!;
    const letter = (c | 32) >= 97 && (c | 32) <= 122;
    if (!letter && !(c >= 48 && c <= 57) && c !== 45 && c !== DOT && c !== 95 && c !== 126) return false;
  }
  return true;
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
