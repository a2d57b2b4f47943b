import { type Keys, unseenKeys } from "../keys/unseenKeys.js";
import type { IdLog } from "./idLog.js";

/** Keys without a number that is known: they have the numbers from `first` on, in their order, in one part alone. */
export interface FreshKeys {
  readonly first: number;
  readonly keys: Uint32Array;
}

/**
 * The numbers of a cube as far as a thread knows them. Keys that it has not been told of get numbers behind those, which
 * the cube replaces once the part is there.
 */
export class KeyIds {
  #log: IdLog | undefined;
  #read = 0;
  #numberOf: Uint32Array;
  /** Numbers from here on are of fresh keys. */
  #first = 0;
  #fresh: number[] = [];

  constructor(log: IdLog, size: number) {
    this.#log = log;
    this.#numberOf = new Uint32Array(size);
  }

  /** Forgets what was fresh, and learns what was told since. */
  begin(): void {
    for (const key of this.#fresh) this.#numberOf[key] = 0;
    this.#fresh = [];
    if (this.#log === undefined) return;
    this.#read = this.#log.readInto(this.#numberOf, this.#read);
    this.#first = this.#log.size;
  }

  /** Number + 1 by key, for keys below `size`. */
  numberAll(keys: Keys, length: number, size: number): Uint32Array {
    if (size > this.#numberOf.length) this.#grow(size);
    const numberOf = this.#numberOf;
    for (const key of unseenKeys(keys, length, numberOf)) {
      numberOf[key] = this.#first + this.#fresh.length + 1;
      this.#fresh.push(key);
    }
    return numberOf;
  }

  /** The keys mean something else from now on, of which nothing will be told. */
  startOver(): void {
    this.#log = undefined;
    this.#numberOf = new Uint32Array(0);
    this.#first = 0;
    this.#fresh = [];
  }

  /** Every number is below it. */
  get size(): number {
    return this.#first + this.#fresh.length;
  }

  get fresh(): FreshKeys {
    return { first: this.#first, keys: Uint32Array.from(this.#fresh) };
  }

  #grow(size: number): void {
    const wider = new Uint32Array(Math.max(size, 2 * this.#numberOf.length));
    wider.set(this.#numberOf);
    this.#numberOf = wider;
  }
}
