/** Rows that cost as much to sort as so many slots to count. */
const FEW = 8;
/** Slots of the counting sort, at the most: slices longer than so many milliseconds are ordered in two passes. */
const MOST_SLOTS = 1 << 16;

/**
 * Rows in the order of their times, those of one millisecond as they came: a counting sort by millisecond, with passes for
 * the lower and the upper half where there are many. Null where they are in that order already.
 *
 * @param fromMs - no row is earlier
 * @param lengthMs - nor later than so many milliseconds after it
 */
export function timeOrder(timeMs: Float64Array, fromMs: number, lengthMs: number): Uint32Array | null {
  const n = timeMs.length;
  let sorted = true;
  for (let i = 1; i < n && sorted; i++) sorted = timeMs[i]! >= timeMs[i - 1]!;
  if (sorted) return null;
  if (n * FEW < MOST_SLOTS) return byTimeAndRow(timeMs, fromMs);
  let rows: Uint32Array = new Uint32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  for (let scale = 1; scale <= lengthMs; scale *= MOST_SLOTS) rows = pass(timeMs, fromMs, scale, rows);
  return rows;
}

/** Sorts numbers that hold both, the millisecond first: for a few rows faster than counting all that there could be. */
function byTimeAndRow(timeMs: Float64Array, fromMs: number): Uint32Array {
  const n = timeMs.length;
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) keys[i] = Math.floor(timeMs[i]! - fromMs) * n + i;
  return Uint32Array.from(keys.sort(), (key) => key % n);
}

function pass(timeMs: Float64Array, fromMs: number, scale: number, rows: Uint32Array): Uint32Array {
  const slotOf = (row: number): number => Math.floor((timeMs[row]! - fromMs) / scale) % MOST_SLOTS;
  const next = new Uint32Array(MOST_SLOTS + 1);
  for (const row of rows) next[slotOf(row) + 1]!++;
  for (let slot = 0; slot < MOST_SLOTS; slot++) next[slot + 1]! += next[slot]!;
  const ordered = new Uint32Array(rows.length);
  for (const row of rows) ordered[next[slotOf(row)]!++] = row;
  return ordered;
}
