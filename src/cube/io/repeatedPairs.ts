/** 64-bit values as a list of the distinct ones and an index a row. */
export interface RepeatedPairs {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly index: Uint32Array;
}

/**
 * Splits values into the distinct ones, in the order of their first row, and an index; null if so many are distinct (more
 * than half) that it would save nothing.
 */
export function repeatedPairs(low: Uint32Array, high: Uint32Array): RepeatedPairs | null {
  const n = low.length;
  const most = n >>> 1;
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, 2 * most + 2))));
  const mask = slots.length - 1;
  const rows = new Uint32Array(most);
  const index = new Uint32Array(n);
  let distinct = 0;
  for (let i = 0; i < n; i++) {
    let slot = (low[i]! ^ (high[i]! >>> 7)) & mask;
    let at = slots[slot]!;
    while (at !== 0 && (low[rows[at - 1]!] !== low[i] || high[rows[at - 1]!] !== high[i])) {
      slot = (slot + 1) & mask;
      at = slots[slot]!;
    }
    if (at === 0) {
      if (distinct === most) return null;
      rows[distinct++] = i;
      at = distinct;
      slots[slot] = at;
    }
    index[i] = at - 1;
  }
  const first = rows.subarray(0, distinct);
  return { low: first.map((row) => low[row]!), high: first.map((row) => high[row]!), index };
}
