/**
 * Counts by 32-bit key, with a second count beside each (of the errors among them): an open-addressing table on typed
 * arrays that can be cleared in the time of what it holds. No `HashIndex`: every client of every group comes by.
 */
export class CountTable {
  #keys = new Uint32Array(64);
  #rows = new Int32Array(64).fill(-1);
  #slots = new Uint32Array(32);
  #size = 0;
  /** Row i is the i-th key that was first added; rows [0, size) are meaningful. */
  keys = new Uint32Array(32);
  counts = new Float64Array(32);
  errors = new Float64Array(32);

  get size(): number {
    return this.#size;
  }

  /** Adds to a key's counts and returns its row. */
  add(key: number, count: number, errors: number): number {
    const mask = this.#rows.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    let row = this.#rows[slot]!;
    while (row >= 0 && this.#keys[slot] !== key) {
      slot = (slot + 1) & mask;
      row = this.#rows[slot]!;
    }
    if (row < 0) {
      if (this.#size === this.keys.length) {
        this.#grow();
        return this.add(key, count, errors);
      }
      row = this.#size++;
      this.#rows[slot] = row;
      this.#keys[slot] = key;
      this.#slots[row] = slot;
      this.keys[row] = key;
      this.counts[row] = 0;
      this.errors[row] = 0;
    }
    this.counts[row]! += count;
    this.errors[row]! += errors;
    return row;
  }

  clear(): void {
    for (let row = 0; row < this.#size; row++) this.#rows[this.#slots[row]!] = -1;
    this.#size = 0;
  }

  #grow(): void {
    const { keys, counts, errors } = this;
    const size = this.#size;
    this.#keys = new Uint32Array(4 * keys.length);
    this.#rows = new Int32Array(4 * keys.length).fill(-1);
    this.#slots = new Uint32Array(2 * keys.length);
    this.keys = new Uint32Array(2 * keys.length);
    this.counts = new Float64Array(2 * keys.length);
    this.errors = new Float64Array(2 * keys.length);
    this.#size = 0;
    for (let row = 0; row < size; row++) this.add(keys[row]!, counts[row]!, errors[row]!);
  }
}

/**
 * Reduces a table to at most `limit` keys as Misra and Gries do: the count of the heaviest key that has to go is taken
 * off every key, and those left with nothing go. A key's true count then lies between its count here and its count plus
 * the amount taken off; the amount is at most the total count / (limit + 1), and stays so when reduced tables are added
 * up and reduced again with their amounts added up (Agarwal et al., "Mergeable summaries", 2012).
 *
 * Second counts are kept as they are, down to the first count: they, too, are never more than the truth.
 *
 * @returns the amount taken off; 0 if nothing had to go
 */
export function keepHeaviest(table: CountTable, limit: number): number {
  if (table.size <= limit) return 0;
  const sorted = table.counts.slice(0, table.size).sort();
  const cut = sorted[table.size - limit - 1]!;
  const kept: [key: number, count: number, errors: number][] = [];
  for (let row = 0; row < table.size; row++) {
    const count = table.counts[row]! - cut;
    if (count > 0) kept.push([table.keys[row]!, count, Math.min(table.errors[row]!, count)]);
  }
  table.clear();
  for (const [key, count, errors] of kept) table.add(key, count, errors);
  return cut;
}
