import type { Dictionary } from "../../core/dictionary.js";
import { OTHER_VALUES, unreserved } from "../../core/otherValues.js";

export { OTHER_VALUES };

const SLOTS = 4096;
const PROBES = 4;

/** Values up to this long are looked up without a loop. */
export const SHORT_BYTES = 16;
const SHORT_SLOTS = 1024;
const MIX = 0x9e3779b1 | 0;
/** For each length, which bytes of the four words belong to the value. */
const SHORT_MASKS = Int32Array.from({ length: 4 * (SHORT_BYTES + 1) }, (_, i) => {
  const bytes = Math.min(4, Math.max(0, (i >> 2) - 4 * (i & 3)));
  return bytes === 4 ? -1 : (1 << (8 * bytes)) - 1;
});

/** Longer values are not cached but looked up in the dictionary each time. */
const MAX_CACHED_BYTES = 255;
const ARENA_BYTES = 1 << 18;

/**
 * Codes of a dimension's values, straight from their bytes.
 *
 * A small hash table of recent values (compared byte by byte, so a collision costs time and never an answer) stands
 * before the dictionary: a log repeats few values often. Chosen collisions fall through to the dictionary, whose map
 * is seeded by the engine.
 */
export class DimensionCodes {
  readonly dictionary: Dictionary;
  readonly maxValues: number;
  /** Whether values beyond `maxValues` were met. */
  overflowed = false;
  /** What `derive` made of the value asked for last; 0 without it. */
  derived = 0;
  readonly #derive: ((value: string) => number) | undefined;
  readonly #derivedCode = new Uint32Array(SLOTS);
  readonly #code = new Uint32Array(SLOTS);
  readonly #hash = new Int32Array(SLOTS);
  readonly #start = new Uint32Array(SLOTS);
  readonly #length = new Uint8Array(SLOTS);
  /** Values of few bytes have a table of their own, four words each. */
  readonly #shortKey = new Int32Array(4 * SHORT_SLOTS);
  readonly #shortLength = new Uint8Array(SHORT_SLOTS);
  readonly #shortCode = new Uint32Array(SHORT_SLOTS);
  readonly #shortDerived = new Uint32Array(SHORT_SLOTS);
  #arena = new Uint8Array(1 << 14);
  #arenaUsed = 0;

  /** @param derive - makes another code of each value, which is remembered beside its code */
  constructor(dictionary: Dictionary, maxValues: number, derive?: (value: string) => number) {
    this.#derive = derive;
    this.dictionary = dictionary;
    this.maxValues = maxValues;
  }

  /** The code of bytes[start, end), at most {@link SHORT_BYTES}, behind which as many may be read through `view`. */
  codeOfShort(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const length = end - start;
    const mask = 4 * length;
    // Whole words with what does not belong to them masked away: no loop, whose end the processor could not foresee.
    const w0 = view.getInt32(start, true) & SHORT_MASKS[mask]!;
    const w1 = view.getInt32(start + 4, true) & SHORT_MASKS[mask + 1]!;
    const w2 = view.getInt32(start + 8, true) & SHORT_MASKS[mask + 2]!;
    const w3 = view.getInt32(start + 12, true) & SHORT_MASKS[mask + 3]!;
    const mixed = Math.imul(w0 ^ Math.imul(w1 ^ Math.imul(w2 ^ Math.imul(w3 ^ length, MIX), MIX), MIX), MIX);
    const first = (mixed ^ (mixed >>> 15)) & (SHORT_SLOTS - 1);
    const keys = this.#shortKey;
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (first + probe) & (SHORT_SLOTS - 1);
      const key = 4 * slot;
      if (keys[key] !== w0 || keys[key + 1] !== w1 || keys[key + 2] !== w2 || keys[key + 3] !== w3) continue;
      if (this.#shortLength[slot] !== length) continue;
      this.derived = this.#shortDerived[slot]!;
      return this.#shortCode[slot]!;
    }
    return this.#learnShort(bytes, start, end, first, [w0, w1, w2, w3]);
  }

  /** The code of bytes[start, end). */
  codeOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashValue(bytes, start, end);
    const length = end - start;
    const first = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (first + probe) & (SLOTS - 1);
      const code = this.#code[slot]!;
      if (code === 0) break;
      if (this.#hash[slot] !== hash || this.#length[slot] !== length) continue;
      if (!this.#same(this.#start[slot]!, bytes, start, length)) continue;
      this.derived = this.#derivedCode[slot]!;
      return code;
    }
    return this.#learn(bytes, start, end, hash, first);
  }

  /** The code of a text. */
  codeOfText(text: string): number {
    const value = unreserved(text);
    const known = this.dictionary.find(value);
    if (known >= 0) return known;
    if (this.dictionary.size <= this.maxValues) return this.dictionary.code(value);
    this.overflowed = true;
    return this.dictionary.code(OTHER_VALUES);
  }

  #same(at: number, bytes: Uint8Array, start: number, length: number): boolean {
    const arena = this.#arena;
    for (let i = 0; i < length; i++) if (arena[at + i] !== bytes[start + i]) return false;
    return true;
  }

  #learn(bytes: Uint8Array, start: number, end: number, hash: number, first: number): number {
    const text = decoder.decode(bytes.subarray(start, end));
    const code = this.codeOfText(text);
    if (this.#derive !== undefined) this.derived = this.#derive(text);
    const length = end - start;
    if (length > MAX_CACHED_BYTES || code === 0) return code;
    if (this.#arenaUsed + length > this.#arena.length) this.#makeRoom();
    let slot = (first + (hash & (PROBES - 1))) & (SLOTS - 1);
    for (let probe = PROBES - 1; probe >= 0; probe--) {
      const candidate = (first + probe) & (SLOTS - 1);
      if (this.#code[candidate] === 0) slot = candidate;
    }
    this.#code[slot] = code;
    this.#hash[slot] = hash;
    this.#derivedCode[slot] = this.derived;
    this.#length[slot] = length;
    this.#start[slot] = this.#arenaUsed;
    this.#arena.set(bytes.subarray(start, end), this.#arenaUsed);
    this.#arenaUsed += length;
    return code;
  }

  #learnShort(bytes: Uint8Array, start: number, end: number, first: number, words: readonly number[]): number {
    const text = decoder.decode(bytes.subarray(start, end));
    const code = this.codeOfText(text);
    if (this.#derive !== undefined) this.derived = this.#derive(text);
    let slot = (first + (words[0]! & (PROBES - 1))) & (SHORT_SLOTS - 1);
    for (let probe = PROBES - 1; probe >= 0; probe--) {
      const candidate = (first + probe) & (SHORT_SLOTS - 1);
      if (this.#shortLength[candidate] === 0) slot = candidate;
    }
    this.#shortKey.set(words, 4 * slot);
    this.#shortLength[slot] = end - start;
    this.#shortCode[slot] = code;
    this.#shortDerived[slot] = this.derived;
    return code;
  }

  /** Doubles the arena, or forgets everything cached when it is as large as it may be. */
  #makeRoom(): void {
    if (this.#arena.length < ARENA_BYTES) {
      const larger = new Uint8Array(2 * this.#arena.length);
      larger.set(this.#arena);
      this.#arena = larger;
      return;
    }
    this.#code.fill(0);
    this.#arenaUsed = 0;
  }
}

/** FNV-1a (Fowler, Noll, Vo) of bytes[start, end) as a signed 32-bit integer. */
function hashValue(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}

const decoder = new TextDecoder();
