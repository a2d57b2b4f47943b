import { grown } from "../../core/grown.js";

/**
 * IPv6 ranges in ascending order, like {@link Ranges4}; `starts` has four words a range, most significant first.
 */
export interface Ranges6 {
  readonly length: number;
  readonly starts: Uint32Array;
  readonly ids: Uint32Array;
}

/** Collects ranges in ascending order, merging equal neighbours. */
export class Ranges6Builder {
  #length = 0;
  #starts: Uint32Array;
  #ids: Uint32Array;
  #last = -1;

  /** @param expected - how many ranges to make room for at first */
  constructor(expected = 1024) {
    const capacity = Math.max(expected, 16);
    this.#starts = new Uint32Array(4 * capacity);
    this.#ids = new Uint32Array(capacity);
  }

  /** Says that from the address w0 … w3 on, the id is `id`. Starts must rise; the first must be `::`. */
  push(w0: number, w1: number, w2: number, w3: number, id: number): void {
    if (id === this.#last) return;
    if (this.#length === this.#ids.length) {
      this.#starts = grown(this.#starts, 8 * this.#length);
      this.#ids = grown(this.#ids, 2 * this.#length);
    }
    const at = 4 * this.#length;
    this.#starts[at] = w0;
    this.#starts[at + 1] = w1;
    this.#starts[at + 2] = w2;
    this.#starts[at + 3] = w3;
    this.#ids[this.#length++] = id;
    this.#last = id;
  }

  /** Pushes the ranges [from, to) of others, whose neighbours differ. */
  pushAll({ starts, ids }: Ranges6, from: number, to: number): void {
    if (from === to) return;
    this.push(starts[4 * from]!, starts[4 * from + 1]!, starts[4 * from + 2]!, starts[4 * from + 3]!, ids[from]!);
    const count = to - from - 1;
    if (this.#length + count > this.#ids.length) {
      this.#starts = grown(this.#starts, 8 * (this.#length + count));
      this.#ids = grown(this.#ids, 2 * (this.#length + count));
    }
    this.#starts.set(starts.subarray(4 * (from + 1), 4 * to), 4 * this.#length);
    this.#ids.set(ids.subarray(from + 1, to), this.#length);
    this.#length += count;
    this.#last = ids[to - 1]!;
  }

  /** The ranges so far, as views that the builder must not outgrow. */
  ranges(): Ranges6 {
    const length = this.#length;
    return { length, starts: this.#starts.subarray(0, 4 * length), ids: this.#ids.subarray(0, length) };
  }
}

/** The whole space with one id. */
export function uniformRanges6(id: number): Ranges6 {
  return { length: 1, starts: new Uint32Array(4), ids: Uint32Array.of(id) };
}
