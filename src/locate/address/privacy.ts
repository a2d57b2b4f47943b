import { createHmac } from "node:crypto";
import { ADDRESSES, type AddressColumn, IPV4, IPV6 } from "../../core/addressColumn.js";
import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { bytes, number } from "../../core/options/shapes.js";
import { locateError } from "../errors.js";

export interface TruncateOptions {
  /** Bits of IPv4 addresses to keep, 0 to 32. Default: 24. */
  readonly ipv4Bits?: number;
  /** Bits of IPv6 addresses to keep, 0 to 128. Default: 48. */
  readonly ipv6Bits?: number;
}

/** What each option takes. */
export const TRUNCATE_OPTIONS: Shapes<TruncateOptions> = { ipv4Bits: number, ipv6Bits: number };

/**
 * A copy of a column whose addresses are cut to their networks, so that events can be kept without saying who made
 * them. Locate first: a network cut short may lie elsewhere. Throws `bad-option`.
 *
 * @example
 * ```ts
 * const kept = { ...events, client: truncateAddresses(events.client) }; // 81.2.69.142 is 81.2.69.0
 * ```
 */
export function truncateAddresses(column: AddressColumn, options: TruncateOptions = {}): AddressColumn {
  checkArgument("truncateAddresses", "the column", column, ADDRESSES);
  checkOptions("truncateAddresses", options, TRUNCATE_OPTIONS);
  const { ipv4Bits = 24, ipv6Bits = 48 } = options;
  const mask4 = maskWord(bitsOf("ipv4Bits", ipv4Bits, 32), 0);
  const masks6 = [0, 1, 2, 3].map((w) => maskWord(bitsOf("ipv6Bits", ipv6Bits, 128), w));
  const value = column.value.slice(0, column.length);
  for (let i = 0; i < column.length; i++) if (column.family[i] === IPV4) value[i]! &= mask4;
  const words = column.words.map((word, at) => word & masks6[at & 3]!);
  return { length: column.length, family: column.family.slice(0, column.length), value, words };
}

/**
 * A copy of a column whose addresses are replaced by pseudonyms: IPv6 addresses in fd00::/8, which belong to nobody,
 * made from the address by HMAC-SHA-256. One address has one pseudonym under one key, so clients can still be counted
 * and followed; without the key nobody can tell or guess whose it is. Throws `bad-option` for keys below 16 bytes.
 *
 * @param key - secret, at least 16 bytes; discard it to make the pseudonyms anonymous
 *
 * @example
 * ```ts
 * const kept = { ...events, client: pseudonymizeAddresses(events.client, crypto.getRandomValues(new Uint8Array(32))) };
 * ```
 */
export function pseudonymizeAddresses(column: AddressColumn, key: Uint8Array): AddressColumn {
  checkArgument("pseudonymizeAddresses", "the column", column, ADDRESSES);
  checkArgument("pseudonymizeAddresses", "the key", key, bytes);
  if (key.length < 16) throw locateError("bad-option", { option: "key", reason: "must have at least 16 bytes" });
  const { length } = column;
  const family = column.family.slice(0, length);
  const value = new Uint32Array(length);
  const words: number[] = [];
  const known = new Map<string, number>();
  for (let i = 0; i < length; i++) {
    if (family[i] !== IPV4 && family[i] !== IPV6) continue;
    const bytes = addressBytes(column, i);
    const address = bytes.toString("latin1");
    let row = known.get(address);
    if (row === undefined) {
      row = words.length / 4;
      known.set(address, row);
      const digest = createHmac("sha256", key).update(bytes).digest();
      words.push(((digest.readUInt32BE(0) & 0xffffff) | 0xfd000000) >>> 0);
      for (let w = 1; w < 4; w++) words.push(digest.readUInt32BE(4 * w));
    }
    family[i] = IPV6;
    value[i] = row;
  }
  return { length, family, value, words: Uint32Array.from(words) };
}

/** The address of a row in 16 bytes, IPv4 in its mapped form. */
function addressBytes({ family, value, words }: AddressColumn, row: number): Buffer {
  const bytes = Buffer.alloc(16);
  if (family[row] === IPV4) {
    bytes.writeUInt16BE(0xffff, 10);
    bytes.writeUInt32BE(value[row]!, 12);
  } else {
    for (let w = 0; w < 4; w++) bytes.writeUInt32BE(words[4 * value[row]! + w]!, 4 * w);
  }
  return bytes;
}

function bitsOf(option: string, bits: number, most: number): number {
  if (!Number.isInteger(bits) || bits < 0 || bits > most) {
    throw locateError("bad-option", { option, reason: `must be 0 to ${most}, not ${bits}` });
  }
  return bits;
}

/** The mask of word w (0 the most significant) that keeps the first `bits` bits of an address. */
function maskWord(bits: number, w: number): number {
  const kept = Math.min(32, Math.max(0, bits - 32 * w));
  return kept === 0 ? 0 : (0xffffffff << (32 - kept)) >>> 0;
}
