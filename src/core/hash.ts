/**
 * 64-bit hashes of short byte strings as two 32-bit halves: MurmurHash3_x86_32 below, MurmurHash2 above (Austin Appleby,
 * public domain), both with seed 0.
 *
 * Two 32-bit hashes rather than one of 64 bits because JavaScript multiplies 32 bits without BigInt, and these two
 * because databases have them: in ClickHouse the halves are `murmurHash3_32(s)` and `murmurHash2_32(s)`, so that what
 * is counted there merges with what is counted here.
 */

/** Lower half: MurmurHash3_x86_32 of bytes[start, end), as an unsigned 32-bit integer. */
export function hashLow(bytes: Uint8Array, start: number, end: number): number {
  let h = 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    h ^= scramble3(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let k = end - 1; k >= i; k--) tail = (tail << 8) | bytes[k]!;
  if (i < end) h ^= scramble3(tail);
  return finish3(h ^ (end - start));
}

/** Upper half: MurmurHash2 (32 bits) of bytes[start, end), as an unsigned 32-bit integer. */
export function hashHigh(bytes: Uint8Array, start: number, end: number): number {
  let h = end - start;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    h = Math.imul(h, M2) ^ scramble2(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
  }
  let tail = 0;
  for (let k = end - 1; k >= i; k--) tail = (tail << 8) | bytes[k]!;
  if (i < end) h = Math.imul(h ^ tail, M2);
  return finish2(h);
}

/**
 * Lower half for an address of four 32-bit words, most significant first; the hash of its 16 bytes in network order.
 * An IPv4 address is hashed in its mapped form: words 0, 0, 0xffff and the address.
 */
export function hashAddressLow(w0: number, w1: number, w2: number, w3: number): number {
  return finish3(round3(round3(round3(round3(0, swap(w0)), swap(w1)), swap(w2)), swap(w3)) ^ 16);
}

/** Upper half for an address of four 32-bit words; see {@link hashAddressLow}. */
export function hashAddressHigh(w0: number, w1: number, w2: number, w3: number): number {
  let h = Math.imul(16, M2) ^ scramble2(swap(w0));
  h = Math.imul(h, M2) ^ scramble2(swap(w1));
  h = Math.imul(h, M2) ^ scramble2(swap(w2));
  h = Math.imul(h, M2) ^ scramble2(swap(w3));
  return finish2(h);
}

/** {@link hashAddressLow} of an IPv4 address. */
export function hashIpv4Low(address: number): number {
  return finish3(round3(V4_PREFIX_3, swap(address)) ^ 16);
}

/** {@link hashAddressHigh} of an IPv4 address. */
export function hashIpv4High(address: number): number {
  return finish2(Math.imul(V4_PREFIX_2, M2) ^ scramble2(swap(address)));
}

/**
 * Copies byte strings to a buffer one behind the other, and writes both halves of each one's hash.
 *
 * @param starts - where each of the rows begins in `bytes`; overwritten by where it begins in `out`
 * @param ends - likewise where it ends
 * @param rows - which rows of the columns; the first `count` are read
 * @param out - the buffer, with three bytes to spare behind the last string; `bytes` has three behind its last, too
 * @param at - where the first goes
 * @returns where the last ends in `out`
 */
export function copyAndHash(
  bytes: DataView,
  starts: Uint32Array,
  ends: Uint32Array,
  rows: Uint32Array,
  count: number,
  out: DataView,
  at: number,
  low: Uint32Array,
  high: Uint32Array,
): number {
  let to = at;
  for (let r = 0; r < count; r++) {
    const row = rows[r]!;
    const start = starts[row]!;
    const end = ends[row]!;
    const length = end - start;
    let h3 = 0;
    let h2 = length;
    let i = start;
    starts[row] = to;
    for (; i + 4 <= end; i += 4, to += 4) {
      const word = bytes.getInt32(i, true);
      out.setInt32(to, word, true);
      h3 ^= scramble3(word);
      h3 = (Math.imul((h3 << 13) | (h3 >>> 19), 5) + 0xe6546b64) | 0;
      h2 = Math.imul(h2, M2) ^ scramble2(word);
    }
    if (i < end) {
      const word = bytes.getInt32(i, true) & (0xffffff >>> (8 * (3 - (end - i))));
      out.setInt32(to, word, true);
      to += end - i;
      h3 ^= scramble3(word);
      h2 = Math.imul(h2 ^ word, M2);
    }
    ends[row] = to;
    low[row] = finish3(h3 ^ length);
    high[row] = finish2(h2);
  }
  return to;
}

const M2 = 0x5bd1e995;
const scramble3 = (k: number): number => {
  const x = Math.imul(k, 0xcc9e2d51);
  return Math.imul((x << 15) | (x >>> 17), 0x1b873593);
};
const round3 = (h: number, k: number): number => {
  const x = h ^ scramble3(k);
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
};
/** The last step of MurmurHash3: every bit of the hash comes to depend on all others. */
export const finish3 = (hash: number): number => {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};
const scramble2 = (k: number): number => {
  const x = Math.imul(k, M2);
  return Math.imul(x ^ (x >>> 24), M2);
};
const finish2 = (hash: number): number => {
  const h = Math.imul(hash ^ (hash >>> 13), M2);
  return (h ^ (h >>> 15)) >>> 0;
};
const swap = (w: number): number => ((w & 0xff) << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);

/** The state after the twelve bytes that every mapped IPv4 address begins with. */
const V4_PREFIX_3 = round3(round3(round3(0, 0), 0), swap(0xffff));
const V4_PREFIX_2 = Math.imul(Math.imul(Math.imul(16, M2), M2), M2) ^ scramble2(swap(0xffff));
