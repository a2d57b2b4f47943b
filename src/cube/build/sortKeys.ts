const DIGIT_BITS = 8;
const DIGIT = 2 ** DIGIT_BITS;

/** Sorts small batches of non-negative integers by their digits, the lowest first; keeps what memory that takes. */
export class KeySorter {
  readonly #next = new Int32Array(DIGIT);
  #spare: Int32Array = new Int32Array(0);

  /**
   * Sorts keys[0, length), all below `limit`, and returns what holds them now: `keys` or the array that `keys` becomes the
   * spare of.
   */
  sort(keys: Int32Array, length: number, limit: number): Int32Array {
    if (this.#spare.length < keys.length) this.#spare = new Int32Array(keys.length);
    let [from, to] = [keys, this.#spare];
    for (let shift = 0; shift < 32 && limit > 2 ** shift; shift += DIGIT_BITS) {
      this.#pass(from, to, length, shift);
      [from, to] = [to, from];
    }
    this.#spare = to;
    return from;
  }

  #pass(from: Int32Array, to: Int32Array, length: number, shift: number): void {
    const next = this.#next;
    next.fill(0);
    for (let i = 0; i < length; i++) {
      const digit = (from[i]! >>> shift) & (DIGIT - 1);
      next[digit] = (next[digit]! + 1) | 0;
    }
    for (let digit = 0, at = 0; digit < DIGIT; digit++) {
      const count = next[digit]!;
      next[digit] = at;
      at += count;
    }
    for (let i = 0; i < length; i++) {
      const key = from[i]!;
      const digit = (key >>> shift) & (DIGIT - 1);
      const at = next[digit]!;
      next[digit] = (at + 1) | 0;
      to[at] = key;
    }
  }
}
