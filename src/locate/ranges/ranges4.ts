import { grown } from "../../core/grown.js";

/**
 * IPv4 ranges in ascending order: range i begins at starts[i] and ends before starts[i + 1], the last at the end of
 * the address space. `ids[i]` is what all its addresses have in common; neighbours differ in it.
 */
export interface Ranges4 {
  readonly length: number;
  readonly starts: Uint32Array;
  readonly ids: Uint32Array;
}

/** Collects ranges in ascending order, merging equal neighbours. */
export class Ranges4Builder {
  #length = 0;
  #starts: Uint32Array;
  #ids: Uint32Array;
  #last = -1;

  /** @param expected - how many ranges to make room for at first */
  constructor(expected = 1024) {
    this.#starts = new Uint32Array(Math.max(expected, 16));
    this.#ids = new Uint32Array(this.#starts.length);
  }

  /** Says that from `start` on, the id is `id`. Starts must rise; the first must be 0. */
  push(start: number, id: number): void {
    if (id === this.#last) return;
    if (this.#length === this.#starts.length) {
      this.#starts = grown(this.#starts, 2 * this.#length);
      this.#ids = grown(this.#ids, 2 * this.#length);
    }
    this.#starts[this.#length] = start;
    this.#ids[this.#length++] = id;
    this.#last = id;
  }

  /** Pushes the ranges [from, to) of others, whose neighbours differ. */
  pushAll({ starts, ids }: Ranges4, from: number, to: number): void {
    if (from === to) return;
    this.push(starts[from]!, ids[from]!);
    const count = to - from - 1;
    if (this.#length + count > this.#starts.length) {
      this.#starts = grown(this.#starts, 2 * (this.#length + count));
      this.#ids = grown(this.#ids, 2 * (this.#length + count));
    }
    this.#starts.set(starts.subarray(from + 1, to), this.#length);
    this.#ids.set(ids.subarray(from + 1, to), this.#length);
    this.#length += count;
    this.#last = ids[to - 1]!;
  }

  /** The ranges so far, as views that the builder must not outgrow. */
  ranges(): Ranges4 {
    const length = this.#length;
    return { length, starts: this.#starts.subarray(0, length), ids: this.#ids.subarray(0, length) };
  }
}

/** The whole space with one id. */
export function uniformRanges4(id: number): Ranges4 {
  return { length: 1, starts: Uint32Array.of(0), ids: Uint32Array.of(id) };
}
