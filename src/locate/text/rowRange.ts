import { parseAddress } from "../address/parseAddress.js";
import { type Prefix, parseNetwork } from "../address/parseNetwork.js";

/** Where IPv4 lies within IPv6: `::ffff:0:0/96`. */
const MAPPED_FIRST = 0xffff00000000n;
const MAPPED_LAST = 0xffffffffffffn;
const LAST_IPV4 = 0xffffffffn;
const words = new Uint32Array(4);

/** The network of a cell in CIDR notation. Throws `bad-network`. */
export function networkRange(cell: string): Prefix {
  return parseNetwork(/^\d{1,39}$/.test(cell) ? "" : cell);
}

/**
 * The ranges between two addresses or their numbers, as whose ends they are written: one, or several where a range of IPv6
 * holds the mapped IPv4 addresses and others. Throws a plain Error that says what is wrong.
 */
export function rangesBetween(from: string, to: string): Prefix[] {
  const [fromFamily, first] = addressOf(from);
  const [toFamily, last] = addressOf(to);
  const family = numbersFamily(from, to, fromFamily, toFamily, last);
  if (family === 0 || last < first) throw new Error("its range ends before it begins");
  if (family === 4) return [{ family, first, last }];
  if (last < MAPPED_FIRST || first > MAPPED_LAST) return [{ family, first, last }];
  const inner = (address: bigint): bigint =>
    address < MAPPED_FIRST ? 0n : address > MAPPED_LAST ? LAST_IPV4 : address - MAPPED_FIRST;
  const ranges: Prefix[] = [{ family: 4, first: inner(first), last: inner(last) }];
  if (first < MAPPED_FIRST) ranges.push({ family: 6, first, last: MAPPED_FIRST - 1n });
  if (last > MAPPED_LAST) ranges.push({ family: 6, first: MAPPED_LAST + 1n, last });
  return ranges;
}

/** The family of both ends; a small number is an address of IPv6 where the other end is none of IPv4. */
function numbersFamily(from: string, to: string, fromFamily: 4 | 6, toFamily: 4 | 6, last: bigint): 0 | 4 | 6 {
  if (fromFamily === toFamily) return fromFamily;
  if (isNumber(from) && fromFamily === 4 && toFamily === 6) return 6;
  return isNumber(to) && toFamily === 4 && fromFamily === 6 && last >= 0n ? 6 : 0;
}

const isNumber = (cell: string): boolean => /^\d{1,39}$/.test(cell);

function addressOf(cell: string): [4 | 6, bigint] {
  if (isNumber(cell)) {
    const value = BigInt(cell);
    if (value >> 128n !== 0n) throw new Error(`${cell} is larger than any address`);
    return [value > LAST_IPV4 ? 6 : 4, value];
  }
  const family = parseAddress(cell, words);
  if (family === 0) throw new Error(`${JSON.stringify(cell.slice(0, 100))} is not an IP address`);
  if (family === 4) return [4, BigInt(words[3]!)];
  return [6, words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)];
}
