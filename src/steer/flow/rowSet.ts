/** A set of rows that is emptied as fast as it was filled. */
export class RowSet {
  readonly #rows: Int32Array;
  readonly #has: Uint8Array;
  #size = 0;

  constructor(rows: number) {
    this.#rows = new Int32Array(rows);
    this.#has = new Uint8Array(rows);
  }

  /** In the order in which they came: a view. */
  get list(): Int32Array {
    return this.#rows.subarray(0, this.#size);
  }

  add(row: number): void {
    if (this.#has[row] === 1) return;
    this.#has[row] = 1;
    this.#rows[this.#size++] = row;
  }

  clear(): void {
    for (const row of this.list) this.#has[row] = 0;
    this.#size = 0;
  }
}
