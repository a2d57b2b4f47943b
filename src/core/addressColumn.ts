import { hashAddressHigh, hashAddressLow, hashIpv4High, hashIpv4Low } from "./hash.js";
import { checkArgument } from "./options/checkOptions.js";
import { having } from "./options/shapes.js";

/** The family of a row that holds no address. */
export const NO_ADDRESS = 0;
export const IPV4 = 4;
export const IPV6 = 6;

/**
 * Client addresses as integers: 32 bits a row, and four more words only for the rows that are IPv6.
 */
export interface AddressColumn {
  readonly length: number;
  /** {@link NO_ADDRESS}, {@link IPV4} or {@link IPV6}. */
  readonly family: Uint8Array;
  /** The IPv4 address as an unsigned integer, or the row in `words` of an IPv6 address. */
  readonly value: Uint32Array;
  /** Four words an IPv6 address, most significant first. Only IPv6 rows have any. */
  readonly words: Uint32Array;
}

/** A column of addresses. */
export const ADDRESSES = having("a column of addresses: events.client", "family", "value", "words");

/**
 * Text of a row's address: dotted quad, or IPv6 as RFC 5952 writes it; the empty string where there is none.
 *
 * @example
 * ```ts
 * for (let row = 0; row < events.length; row++) console.log(addressText(events.client, row)); // "81.2.69.142"
 * ```
 */
export function addressText(column: AddressColumn, row: number): string {
  if (column?.family === undefined) checkArgument("addressText", "the column", column, ADDRESSES);
  const value = column.value[row]!;
  if (column.family[row] === IPV4) return ipv4Text(value);
  if (column.family[row] !== IPV6) return "";
  const w = column.words;
  return ipv6Text(w[4 * value]!, w[4 * value + 1]!, w[4 * value + 2]!, w[4 * value + 3]!);
}

/** `81.2.69.142` for 0x5102458e. */
export function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`, mapped IPv4 dotted. */
export function ipv6Text(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return `::ffff:${ipv4Text(w3)}`;
  const groups = [w0 >>> 16, w0 & 0xffff, w1 >>> 16, w1 & 0xffff, w2 >>> 16, w2 & 0xffff, w3 >>> 16, w3 & 0xffff];
  let from = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > longest) [from, longest] = [i, end - i];
  }
  const hex = (part: number[]): string => part.map((g) => g.toString(16)).join(":");
  return from < 0 ? hex(groups) : `${hex(groups.slice(0, from))}::${hex(groups.slice(from + longest))}`;
}

/**
 * Writes the 64-bit hash of each row's address into two halves; 0, 0 where there is no address.
 *
 * @param low - length at least `column.length`
 * @param high - length at least `column.length`
 */
export function hashAddressesInto(column: AddressColumn, low: Uint32Array, high: Uint32Array): void {
  const { family, value, words } = column;
  for (let i = 0; i < column.length; i++) {
    const v = value[i]!;
    if (family[i] === IPV4) {
      low[i] = hashIpv4Low(v);
      high[i] = hashIpv4High(v);
    } else if (family[i] === IPV6) {
      const w0 = words[4 * v]!;
      const w1 = words[4 * v + 1]!;
      const w2 = words[4 * v + 2]!;
      const w3 = words[4 * v + 3]!;
      low[i] = hashAddressLow(w0, w1, w2, w3);
      high[i] = hashAddressHigh(w0, w1, w2, w3);
    } else {
      low[i] = 0;
      high[i] = 0;
    }
  }
}
