/**
 * The dotted quad that begins at `start` as an unsigned integer; -1 if there is none of the strict kind, without leading
 * zeros. Where it ends is for the caller to tell: {@link ipv4End}.
 */
export function plainIpv4(bytes: Uint8Array, start: number): number {
  let at = start;
  let address = 0;
  for (let octet = 0; octet < 4; octet++) {
    let value = bytes[at]! - 48;
    if (!(value >= 0 && value <= 9)) return -1;
    let digit = bytes[++at]! - 48;
    if (digit >= 0 && digit <= 9) {
      if (value === 0) return -1;
      value = value * 10 + digit;
      digit = bytes[++at]! - 48;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = bytes[++at]! - 48;
      }
    }
    if (value > 255 || (octet < 3 && digit !== DOT - 48)) return -1;
    address = (address << 8) | value;
    at++;
  }
  return address >>> 0;
}

/** Where the dotted quad at `start` ends. */
export function ipv4End(address: number, start: number): number {
  const a = address >>> 24;
  const b = (address >>> 16) & 255;
  const c = (address >>> 8) & 255;
  const d = address & 255;
  return start + 7 + size(a) + size(b) + size(c) + size(d);
}

/** Digits beyond the first. */
function size(octet: number): number {
  return (octet > 9 ? 1 : 0) + (octet > 99 ? 1 : 0);
}

const DOT = 46;
