const M2: u32 = 0x5bd1e995;

/**
 * Lower half of the hash of src/core/hash.ts of the bytes from `start` to `end`; three bytes behind them may be read.
 *
 * @inline
 */
export function hashLow(start: usize, end: usize): u32 {
  let hash: u32 = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = rotl(hash ^ scramble3(load<u32>(at)), 13) * 5 + 0xe6546b64;
  if (at < end) hash ^= scramble3(lastWord(at, end));
  return finish3(hash ^ <u32>(end - start));
}

/** Upper half of the hash. @inline */
export function hashHigh(start: usize, end: usize): u32 {
  let hash = <u32>(end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) hash = (hash * M2) ^ scramble2(load<u32>(at));
  if (at < end) hash = (hash ^ lastWord(at, end)) * M2;
  return finish2(hash);
}

/** The one to three bytes from `at` to `end`. @inline */
function lastWord(at: usize, end: usize): u32 {
  return load<u32>(at) & (0xffffff >> ((3 - (<i32>end - <i32>at)) << 3));
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
