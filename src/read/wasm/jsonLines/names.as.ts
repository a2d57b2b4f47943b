/** Hashes of the name that {@link copyName} copied last: the halves of `copyAndHash` in src/core/hash.ts. */
export let hashLow: u32 = 0;
export let hashHigh: u32 = 0;

const M2: u32 = 0x5bd1e995;

/** Copies the name from `start` to `end` to `to`, behind which sixteen bytes may be overwritten, and hashes it. */
export function copyName(start: usize, end: usize, to: usize): void {
  for (let from = start, at = to; from < end; from += 16, at += 16) v128.store(at, v128.load(from));
  let h3: u32 = 0;
  let h2 = <u32>(end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = load<u32>(at);
    h3 = rotl(h3 ^ scramble3(word), 13) * 5 + 0xe6546b64;
    h2 = (h2 * M2) ^ scramble2(word);
  }
  if (at < end) {
    const word = load<u32>(at) & (0xffffff >> ((3 - (<i32>end - <i32>at)) << 3));
    h3 ^= scramble3(word);
    h2 = (h2 ^ word) * M2;
  }
  hashLow = finish3(h3 ^ <u32>(end - start));
  hashHigh = finish2(h2);
}

function scramble3(word: u32): u32 {
  return rotl(word * 0xcc9e2d51, 15) * 0x1b873593;
}

function finish3(hash: u32): u32 {
  let h = (hash ^ (hash >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

function scramble2(word: u32): u32 {
  const x = word * M2;
  return (x ^ (x >> 24)) * M2;
}

function finish2(hash: u32): u32 {
  const h = (hash ^ (hash >> 13)) * M2;
  return h ^ (h >> 15);
}
