const M2: u32 = 0x5bd1e995;

/**
 * Stores the halves of the hash of src/core/hash.ts of the bytes from `start` to `end`, which are not none; three bytes
 * behind them may be read.
 *
 * @inline
 */
export function storeHash(start: usize, end: usize, low: usize, high: usize): void {
  const length = <u32>(end - start);
  let h3: u32 = 0;
  let h2 = length;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = load<u32>(at);
    h3 = rotl(h3 ^ scramble3(word), 13) * 5 + 0xe6546b64;
    h2 = (h2 * M2) ^ scramble2(word);
  }
  if (at < end) {
    const word = load<u32>(at) & (0xffffff >> ((<u32>(at + 3 - end)) << 3));
    h3 ^= scramble3(word);
    h2 = (h2 ^ word) * M2;
  }
  store<u32>(low, finish3(h3 ^ length));
  store<u32>(high, finish2(h2));
}

/** @inline */
function scramble3(word: u32): u32 {
  return rotl(word * 0xcc9e2d51, 15) * 0x1b873593;
}

/** @inline */
function finish3(hash: u32): u32 {
  let h = (hash ^ (hash >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

/** @inline */
function scramble2(word: u32): u32 {
  const x = word * M2;
  return (x ^ (x >> 24)) * M2;
}

/** @inline */
function finish2(hash: u32): u32 {
  const h = (hash ^ (hash >> 13)) * M2;
  return h ^ (h >> 15);
}
