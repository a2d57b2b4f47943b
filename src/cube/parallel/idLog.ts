/**
 * Numbers that a cube has given to keys, told to threads through memory that they share: pairs of key and number, in the
 * order in which they were given. One thread writes.
 */
export class IdLog {
  /** How many pairs there are, and below which all numbers given so far are. */
  readonly #header: Int32Array;
  readonly #pairs: Uint32Array;

  constructor({ header, pairs }: SharedLog) {
    this.#header = header;
    this.#pairs = pairs;
  }

  /** A log with room for so many pairs; what is more is not told. */
  static create(capacity: number): IdLog {
    const header = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const pairs = new Uint32Array(new SharedArrayBuffer(2 * capacity * Uint32Array.BYTES_PER_ELEMENT));
    return new IdLog({ header, pairs });
  }

  /** To be posted to threads. */
  get shared(): SharedLog {
    return { header: this.#header, pairs: this.#pairs };
  }

  /** Tells of numbers; all numbers given so far are below `size`. */
  append(keys: Uint32Array, numbers: Uint32Array, size: number): void {
    const pairs = this.#pairs;
    const count = this.#header[COUNT]!;
    const fitting = Math.min(keys.length, pairs.length / 2 - count);
    for (let i = 0; i < fitting; i++) {
      pairs[2 * (count + i)] = keys[i]!;
      pairs[2 * (count + i) + 1] = numbers[i]!;
    }
    // The size first: whoever sees the pairs must see what their numbers are below.
    Atomics.store(this.#header, SIZE, size);
    Atomics.store(this.#header, COUNT, count + fitting);
  }

  /** Writes the number + 1 of each key that was told of since the pair `from`; returns where the next will begin. */
  readInto(numberOf: Uint32Array, from: number): number {
    const count = Atomics.load(this.#header, COUNT);
    for (let pair = from; pair < count; pair++) numberOf[this.#pairs[2 * pair]!] = this.#pairs[2 * pair + 1]! + 1;
    return count;
  }

  /** All numbers that were told of are below it. To be asked after {@link readInto}. */
  get size(): number {
    return Atomics.load(this.#header, SIZE);
  }
}

export interface SharedLog {
  readonly header: Int32Array;
  readonly pairs: Uint32Array;
}

const COUNT = 0;
const SIZE = 1;
