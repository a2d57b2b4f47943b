import type { Column } from "../grown.js";
import { grown } from "../grown.js";
import { hash32 } from "../hash32.js";
import { areEqualRows, type TypedColumns } from "./typedColumns.js";

/**
 * Finds rows by the content of their key columns: open addressing with linear probing, over 32-bit hashes that the caller
 * makes column by column with {@link hashColumns}.
 *
 * For tables off the hot path. It keeps each row's hash, so it grows without the columns, and compares columns only where
 * hashes agree.
 */
export class HashIndex {
  /** Row + 1; 0 is a free slot. */
  #slots = new Uint32Array(128);
  #hashes: Uint32Array = new Uint32Array(64);
  #size = 0;

  /**
   * The row whose key columns hold what `row` of `wanted` holds, or -1.
   *
   * @param keys - key columns of the rows that were added
   */
  find(hash: number, keys: TypedColumns, wanted: TypedColumns, row: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]! - 1;
      if (known < 0 || (this.#hashes[known] === hash && areEqualRows(keys, known, wanted, row))) return known;
    }
  }

  /** Enters a row that has no equal among those entered. */
  add(hash: number, row: number): void {
    if (row >= this.#hashes.length) this.#hashes = grown(this.#hashes, 2 * row);
    this.#hashes[row] = hash;
    if (2 * ++this.#size > this.#slots.length) this.#grow();
    this.#insert(row);
  }

  #grow(): void {
    const rows = this.#slots.filter((slot) => slot > 0);
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (const slot of rows) this.#insert(slot - 1);
  }

  #insert(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[row]! & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }
}

/** A 32-bit hash of the first rows of some columns, for tables in memory only: the result may change between versions. */
export function hashColumns(keys: readonly Column[], length: number): Uint32Array {
  const hashes = new Uint32Array(length);
  for (const key of keys) {
    if (key instanceof Float64Array) hashFloats(key, hashes);
    else if (key instanceof Float32Array) hashFloats(Float64Array.from(key.subarray(0, length)), hashes);
    else for (let i = 0; i < length; i++) hashes[i] = hash32(hashes[i]!, key[i]!);
  }
  return hashes;
}

/** By both halves of the bits; every NaN is one. */
function hashFloats(key: Float64Array, hashes: Uint32Array): void {
  const words = new Uint32Array(key.buffer, key.byteOffset, 2 * hashes.length);
  for (let i = 0; i < hashes.length; i++) {
    const isUnknown = Number.isNaN(key[i]!);
    hashes[i] = isUnknown ? hash32(hashes[i]!, 1) : hash32(hash32(hashes[i]!, words[2 * i]!), words[2 * i + 1]!);
  }
}
