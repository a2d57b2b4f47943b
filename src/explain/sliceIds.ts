/** A table of so many keys is filled directly; more keys are hashed. */
const DIRECT_KEYS = 1 << 21;
/** The multiplier of Fibonacci hashing, 2^32 over the golden ratio. */
const FIBONACCI = 0x9e3779b1;

/** Leaves of slices that are to be split by the codes of one more attribute. */
export interface SplitBy {
  /** Slice of each leaf before, below `slices`. */
  readonly sliceOf: Uint32Array;
  readonly slices: number;
  readonly leaves: Uint32Array;
  /** By leaf, below `width`. */
  readonly codes: Uint32Array;
  readonly width: number;
}

/** Slices after a split, numbered in the order in which they come. */
export interface Split {
  readonly sliceOf: Uint32Array;
  /** The first leaf of each slice. */
  readonly leafOf: Uint32Array;
}

/**
 * Gives pairs of a slice and a code dense ids: by a table where there may be few, by open addressing where there may be
 * many. One of it serves one cuboid after the other, without an allocation each.
 */
export class SliceIds {
  /** One more than the id of a key; 0 is free. */
  #ids = new Uint32Array(0);
  #slots = new Uint32Array(0);
  #keys = new Float64Array(0);
  readonly #leafOf: Uint32Array;

  /** @param mostLeaves - no split has more leaves */
  constructor(mostLeaves: number) {
    this.#leafOf = new Uint32Array(mostLeaves);
  }

  split(by: SplitBy): Split {
    const sliceOf = new Uint32Array(by.leaves.length);
    const slices = by.slices * by.width <= DIRECT_KEYS ? this.#table(by, sliceOf) : this.#hashed(by, sliceOf);
    return { sliceOf, leafOf: this.#leafOf.slice(0, slices) };
  }

  #table({ sliceOf, slices, leaves, codes, width }: SplitBy, out: Uint32Array): number {
    const keys = slices * width;
    if (this.#ids.length < keys) this.#ids = new Uint32Array(keys);
    else this.#ids.fill(0, 0, keys);
    const ids = this.#ids;
    const leafOf = this.#leafOf;
    let next = 0;
    for (let i = 0; i < leaves.length; i++) {
      const leaf = leaves[i]!;
      const key = sliceOf[i]! * width + codes[leaf]!;
      let id = ids[key]!;
      if (id === 0) {
        leafOf[next] = leaf;
        ids[key] = id = ++next;
      }
      out[i] = id - 1;
    }
    return next;
  }

  #hashed({ sliceOf, leaves, codes, width }: SplitBy, out: Uint32Array): number {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * leaves.length)));
    if (this.#slots.length < capacity) {
      this.#slots = new Uint32Array(capacity);
      this.#keys = new Float64Array(capacity);
    } else this.#slots.fill(0, 0, capacity);
    const [slots, keys, leafOf] = [this.#slots, this.#keys, this.#leafOf];
    let next = 0;
    for (let i = 0; i < leaves.length; i++) {
      const leaf = leaves[i]!;
      const key = sliceOf[i]! * width + codes[leaf]!;
      let slot = hashOf(sliceOf[i]!, codes[leaf]!) & (capacity - 1);
      while (slots[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (capacity - 1);
      if (slots[slot] === 0) {
        keys[slot] = key;
        leafOf[next] = leaf;
        slots[slot] = ++next;
      }
      out[i] = slots[slot]! - 1;
    }
    return next;
  }
}

function hashOf(slice: number, code: number): number {
  const mixed = Math.imul(slice ^ Math.imul(code, FIBONACCI), FIBONACCI);
  return mixed ^ (mixed >>> 15);
}
