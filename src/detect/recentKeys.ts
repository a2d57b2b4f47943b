import { hash32 } from "../core/hash32.js";

const FIRST_ROOM = 1_024;

/**
 * A number for each of very many keys, those of late: open addressing in typed arrays, as boxed numbers in a `Map` cost more
 * than all else that is done for an address. Where a table is full, a new one begins, and the one before is forgotten with what
 * it holds when that is full as well.
 */
export class RecentKeys {
  readonly #most: number;
  #now = new KeyTable(FIRST_ROOM);
  #before = new KeyTable(0);

  /** @param most - keys that are remembered, at the most */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many keys are remembered; those of both tables count twice. */
  get size(): number {
    return this.#now.size + this.#before.size;
  }

  /** The value of a key; undefined where it is not remembered. */
  get(key: number): number | undefined {
    return this.#now.get(key) ?? this.#before.get(key);
  }

  /** @param value - from 0 on, whole */
  set(key: number, value: number): void {
    if (2 * this.#now.size >= this.#most) {
      this.#before = this.#now;
      this.#now = new KeyTable(FIRST_ROOM);
    }
    this.#now.set(key, value);
  }
}

/** Key and value by slot; a slot is free where the value is 0, so values are kept plus 1. */
class KeyTable {
  #keys: Float64Array;
  #values: Uint32Array;
  size = 0;

  constructor(room: number) {
    this.#keys = new Float64Array(room);
    this.#values = new Uint32Array(room);
  }

  get(key: number): number | undefined {
    if (this.size === 0) return undefined;
    const value = this.#values[this.#slot(key)]!;
    return value === 0 ? undefined : value - 1;
  }

  set(key: number, value: number): void {
    if (2 * this.size >= this.#keys.length) this.#grow();
    const slot = this.#slot(key);
    if (this.#values[slot] === 0) this.size++;
    this.#keys[slot] = key;
    this.#values[slot] = value + 1;
  }

  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = hash32(key >>> 0, Math.floor(key / 2 ** 32)) & mask;
    while (this.#values[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(2 * keys.length);
    this.#values = new Uint32Array(2 * keys.length);
    for (let at = 0; at < keys.length; at++) {
      if (values[at] === 0) continue;
      const slot = this.#slot(keys[at]!);
      this.#keys[slot] = keys[at]!;
      this.#values[slot] = values[at]!;
    }
  }
}
