import { wasmKernel } from "../../core/wasmKernel.js";
import type { PackedIds } from "../tables/packedEntries.js";
import type { TrieLevel } from "../tables/packedTrie.js";
import { checkSavedWasm } from "../wasm/checkSavedWasm.js";
import { noStart, outOfOrder, RUNS_AT_ONCE, type SavedCheck, type SomeRuns, wrongRun } from "./savedCheck.js";
import { savedMemory } from "./savedMemory.js";

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
  blocks(lengths: number, size: number): number;
  divided(lengths: number, low: number, high: number, isWide: boolean, size: number, most: number): number;
}

const NO_START = -1;
const OUT_OF_ORDER = -2;
/** The most that nodes can have, and runs come in. */
const ENTRIES = RUNS_AT_ONCE;
/** Where columns are copied to that do not lie in the memory; together the {@link WORK_BYTES} before the file. */
const LOW_AT = 0;
const HIGH_AT = LOW_AT + 2 * ENTRIES;
const SLOTS_AT = HIGH_AT + 2 * ENTRIES;
const COUNTS_AT = SLOTS_AT + ENTRIES;

/**
 * {@link SavedCheck} by a kernel, which is as fast on the first table that a process opens as on any other; undefined
 * where there is no WebAssembly.
 *
 * @param memory - of {@link savedMemory}, of which columns are looked at where they lie; all others are copied
 */
export function kernelCheck(memory = savedMemory(0)): SavedCheck | undefined {
  const kernel = memory === undefined ? undefined : wasmKernel<Kernel>(checkSavedWasm, memory);
  return memory === undefined || kernel === undefined ? undefined : new KernelCheck(kernel, memory.buffer);
}

class KernelCheck implements SavedCheck {
  readonly #kernel: Kernel;
  readonly #buffer: ArrayBuffer;
  readonly #bytes: Uint8Array;

  /** @param buffer - the kernel's memory, whose first {@link WORK_BYTES} are overwritten */
  constructor(kernel: Kernel, buffer: ArrayBuffer) {
    this.#kernel = kernel;
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
  }

  entriesOf(counts: Uint8Array): number {
    return this.#kernel.entriesOf(this.#at(counts, COUNTS_AT), counts.length);
  }

  children(part: TrieLevel, ids: number): number {
    const { counts, slots } = part;
    const nodes = [this.#at(counts, COUNTS_AT), counts.length, this.#at(slots, SLOTS_AT)] as const;
    const found = this.#kernel.children(...nodes, ...this.#idsAt(part), slots.length, ids);
    if (found === NO_START) throw noStart();
    if (found === OUT_OF_ORDER) throw outOfOrder();
    return found;
  }

  blocks(lengths: Uint8Array): number {
    return this.#kernel.blocks(this.#at(lengths, SLOTS_AT), lengths.length);
  }

  divided(runs: SomeRuns, ids: number): number {
    const { lengths } = runs;
    const found = this.#kernel.divided(this.#at(lengths, SLOTS_AT), ...this.#idsAt(runs), lengths.length, ids);
    if (found === OUT_OF_ORDER) throw wrongRun();
    return found;
  }

  areBelow(words: Uint32Array, limit: number): boolean {
    for (let from = 0; from < words.length; from += ENTRIES) {
      const piece = words.subarray(from, from + ENTRIES);
      if (this.#kernel.greatest(this.#at(piece, 0), piece.length) >>> 0 >= limit) return false;
    }
    return true;
  }

  areAscending(words: Uint32Array): boolean {
    // Pieces share a word.
    for (let from = 0; from < words.length; from += ENTRIES - 1) {
      const piece = words.subarray(from, from + ENTRIES);
      if (this.#kernel.areAscending(this.#at(piece, 0), piece.length) === 0) return false;
    }
    return true;
  }

  /** Where ids are: their lower and upper halves, and whether those are wide. */
  #idsAt({ low, high }: PackedIds): [number, number, boolean] {
    return [this.#at(low, LOW_AT), this.#at(high, HIGH_AT), high instanceof Uint16Array];
  }

  /** Where a column is in the kernel's memory, to which it is copied if it is elsewhere. */
  #at(column: Uint8Array | Uint16Array | Uint32Array, place: number): number {
    if (column.buffer === this.#buffer) return column.byteOffset;
    this.#bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), place);
    return place;
  }
}
