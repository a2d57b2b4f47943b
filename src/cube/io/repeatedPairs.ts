import { HashIndex, hashColumns } from "../../core/columns/hashIndex.js";
import { typedColumns } from "../../core/columns/typedColumns.js";

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
  const hashes = hashColumns([low, high], low.length);
  const typed = typedColumns([low, high]);
  const known = new HashIndex();
  const firstRows = new Uint32Array(low.length >>> 1);
  const index = new Uint32Array(low.length);
  let distinct = 0;
  for (let i = 0; i < low.length; i++) {
    const first = known.find(hashes[i]!, typed, typed, i);
    if (first >= 0) {
      index[i] = index[first]!;
      continue;
    }
    if (distinct === firstRows.length) return null;
    known.add(hashes[i]!, i);
    firstRows[distinct] = i;
    index[i] = distinct++;
  }
  const rows = firstRows.subarray(0, distinct);
  return { low: rows.map((row) => low[row]!), high: rows.map((row) => high[row]!), index };
}
