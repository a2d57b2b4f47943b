import { wasmKernel, wasmMemory } from "../../core/wasmKernel.js";
import type { TrieLevel } from "../packedTrie.js";
import { checkSavedWasm } from "../wasm/checkSavedWasm.js";
import { NODES_AT_ONCE, noStart, outOfOrder, type SavedCheck } from "./savedCheck.js";

/** What wasm/checkSaved.as.ts exports. */
interface Kernel {
  entriesOf(counts: number, nodes: number): number;
  greatest(words: number, size: number): number;
  areAscending(words: number, size: number): number;
  children(
    counts: number,
    nodes: number,
    slots: number,
    low: number,
    high: number,
    isWide: boolean,
    size: number,
    most: number,
  ): number;
}

const NO_START = -1;
const OUT_OF_ORDER = -2;
/** The most that nodes can have. */
const ENTRIES = 256 * NODES_AT_ONCE;

/**
 * {@link SavedCheck} by a kernel, which is as fast on the first table that a process opens as on any other; undefined
 * where there is no WebAssembly.
 */
export function kernelCheck(): SavedCheck | undefined {
  const memory = wasmMemory(NODES_AT_ONCE + 5 * ENTRIES);
  const kernel = memory === undefined ? undefined : wasmKernel<Kernel>(checkSavedWasm, memory);
  return memory === undefined || kernel === undefined ? undefined : new KernelCheck(kernel, memory.buffer);
}

/** Copies piece after piece to where the kernel reads it. */
class KernelCheck implements SavedCheck {
  readonly #kernel: Kernel;
  readonly #low: Uint16Array;
  /** As wide as the level has them; both are the same bytes. */
  readonly #high8: Uint8Array;
  readonly #high16: Uint16Array;
  readonly #slots: Uint8Array;
  readonly #counts: Uint8Array;
  readonly #words: Uint32Array;

  constructor(kernel: Kernel, buffer: ArrayBuffer) {
    this.#kernel = kernel;
    this.#low = new Uint16Array(buffer, 0, ENTRIES);
    this.#high8 = new Uint8Array(buffer, 2 * ENTRIES, ENTRIES);
    this.#high16 = new Uint16Array(buffer, 2 * ENTRIES, ENTRIES);
    this.#slots = new Uint8Array(buffer, 4 * ENTRIES, ENTRIES);
    this.#counts = new Uint8Array(buffer, 5 * ENTRIES, NODES_AT_ONCE);
    this.#words = new Uint32Array(buffer, 0, ENTRIES);
  }

  entriesOf(counts: Uint8Array): number {
    this.#counts.set(counts);
    return this.#kernel.entriesOf(this.#counts.byteOffset, counts.length);
  }

  children({ counts, slots, low, high }: TrieLevel, ids: number): number {
    const isWide = high instanceof Uint16Array;
    const copy = isWide ? this.#high16 : this.#high8;
    this.#counts.set(counts);
    this.#slots.set(slots);
    this.#low.set(low);
    copy.set(high);
    const [countsAt, slotsAt, lowAt] = [this.#counts.byteOffset, this.#slots.byteOffset, this.#low.byteOffset];
    const found = this.#kernel.children(
      ...([countsAt, counts.length, slotsAt, lowAt, copy.byteOffset, isWide, slots.length, ids] as const),
    );
    if (found === NO_START) throw noStart();
    if (found === OUT_OF_ORDER) throw outOfOrder();
    return found;
  }

  areBelow(words: Uint32Array, limit: number): boolean {
    for (let from = 0; from < words.length; from += ENTRIES) {
      const piece = this.#piece(words, from);
      if (this.#kernel.greatest(piece.byteOffset, piece.length) >>> 0 >= limit) return false;
    }
    return true;
  }

  areAscending(words: Uint32Array): boolean {
    // Pieces share a word.
    for (let from = 0; from < words.length; from += ENTRIES - 1) {
      const piece = this.#piece(words, from);
      if (this.#kernel.areAscending(piece.byteOffset, piece.length) === 0) return false;
    }
    return true;
  }

  #piece(words: Uint32Array, from: number): Uint32Array {
    const length = Math.min(ENTRIES, words.length - from);
    const piece = this.#words.subarray(0, length);
    piece.set(words.subarray(from, from + length));
    return piece;
  }
}
