/** Stirs a 32-bit integer into a hash, for tables in memory only: the result may change between versions. */
export function hash32(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca77);
  return h ^ (h >>> 13);
}
