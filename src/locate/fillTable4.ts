import { wasmKernel } from "../core/wasmKernel.js";
import type { PackedTrie, TrieLevel } from "./packedTrie.js";
import type { Table4 } from "./table4.js";
import type { TableMemory } from "./tableMemory.js";
import { fillTable4Wasm } from "./wasm/fillTable4Wasm.js";

/** What wasm/fillTable4.as.ts exports. */
interface Kernel {
  use(direct: number, slotShift: number, starts: number, children: number, lows: number): void;
  fill(slots: number, low: number, high: number, isWide: boolean, size: number): void;
  finish(): void;
  idsOf(low: number, high: number, isWide: boolean, size: number, ids: number): void;
}

/** Entries that the kernel takes at a time: few enough to stay in a fast cache. */
const ENTRIES = 16_384;
/** The same above the last level, where an entry may stand for much of the index. */
const FEW_ENTRIES = 1024;
/** What a processor copies at a time. */
const WORD_BYTES = 8;

/** A kernel for a table in this memory, which does what `assembleTable4` does after; undefined where there is none. */
export function table4Filler(trie: PackedTrie, memory: TableMemory): Table4Filler | undefined {
  const [, second, third] = trie as [TrieLevel, TrieLevel, TrieLevel, TrieLevel];
  const starts = [1, second.counts.length, third.counts.length].map((nodes) => memory.uint8(2 * nodes));
  const piece = memory.uint8(5 * ENTRIES + 3 * WORD_BYTES);
  const kernel = memory.wasm === undefined ? undefined : wasmKernel<Kernel>(fillTable4Wasm, memory.wasm);
  return kernel === undefined ? undefined : new Table4Filler(kernel, starts, piece);
}

/** Fills a table from a trie, which is trusted. */
export class Table4Filler {
  readonly #kernel: Kernel;
  /** Of each of the first three levels where its nodes begin. */
  readonly #starts: readonly Uint8Array[];
  /** Where the kernel reads entries. */
  readonly #piece: Uint8Array;

  constructor(kernel: Kernel, starts: readonly Uint8Array[], piece: Uint8Array) {
    this.#kernel = kernel;
    this.#starts = starts;
    this.#piece = piece;
  }

  /** Fills the index and the ids of ranges within divided /24s, in steps; `lows` is there already. */
  *fill({ direct, lows, ids }: Table4, trie: PackedTrie): Generator<undefined, void> {
    const [first, second, third, fourth] = trie as [TrieLevel, TrieLevel, TrieLevel, TrieLevel];
    yield;
    const starts = this.#starts.map(({ byteOffset }) => byteOffset) as [number, number, number];
    for (const [level, slotShift, own, children] of [
      [first, 18, starts[0], starts[1]],
      [second, 10, starts[1], starts[2]],
      [third, 2, starts[2], 0],
    ] as const) {
      this.#kernel.use(direct.byteOffset, slotShift, own, children, lows.byteOffset);
      yield* this.#fillLevel(level, children === 0 ? ENTRIES : FEW_ENTRIES);
    }
    for (let from = 0; from < ids.length; from += ENTRIES) {
      const to = Math.min(from + ENTRIES, ids.length);
      const [, low, high] = this.#copy(fourth, from, to);
      this.#kernel.idsOf(low, high, isWide(fourth), to - from, ids.byteOffset + 4 * from);
    }
  }

  *#fillLevel(level: TrieLevel, entries: number): Generator<undefined, void> {
    for (let from = 0; from < level.slots.length; from += entries) {
      const to = Math.min(from + entries, level.slots.length);
      const [slots, low, high] = this.#copy(level, from, to);
      this.#kernel.fill(slots, low, high, isWide(level), to - from);
      yield;
    }
    this.#kernel.finish();
  }

  /** Copies the entries [from, to) to where the kernel reads them: where their slots and halves are. */
  #copy({ slots, low, high }: TrieLevel, from: number, to: number): [number, number, number] {
    return [
      this.#put(slots.subarray(from, to), 0),
      this.#put(low.subarray(from, to), ENTRIES + WORD_BYTES),
      this.#put(high.subarray(from, to), 3 * ENTRIES + 2 * WORD_BYTES),
    ];
  }

  /** Copies a column to a place in the piece. Shared memory is written word by word if both begin alike, else byte by byte. */
  #put({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array, place: number): number {
    const at = place + (byteOffset % WORD_BYTES);
    this.#piece.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    return this.#piece.byteOffset + at;
  }
}

const isWide = ({ high }: TrieLevel): boolean => high instanceof Uint16Array;
