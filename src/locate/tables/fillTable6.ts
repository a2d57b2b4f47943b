import { wasmKernel } from "../../core/wasmKernel.js";
import { fillTable6Wasm } from "../wasm/fillTable6Wasm.js";
import type { TrieLevel } from "./packedTrie.js";
import type { Table6 } from "./table6.js";
import type { TableMemory } from "./tableMemory.js";

/** What wasm/fillTable6.as.ts exports. */
interface Kernel {
  use(
    nodes: number,
    entries: number,
    firstNode: number,
    firstEntry: number,
    haveLists: boolean,
    childNode: number,
    childEntry: number,
    childrenHaveLists: boolean,
  ): void;
  fill(
    counts: number,
    size: number,
    slots: number,
    low: number,
    high: number,
    isWide: boolean,
    children: number,
  ): number;
}

/** Where the nodes and entries of a level lie in the table. */
export interface LevelPlace {
  readonly nodesStart: number;
  readonly entriesStart: number;
  /** Whether nodes of few entries are lists. */
  readonly haveLists: boolean;
}

/** Entries, and with them nodes, that the kernel takes at a time: few enough to stay in a fast cache. */
const ENTRIES = 16_384;
/** Pieces between pauses. */
const PIECES_A_STEP = 8;

/** A kernel for a table in this memory, which does what `assembleTable6` does below the index; undefined where there is none. */
export function table6Filler(memory: TableMemory): Table6Filler | undefined {
  const columns = {
    ...{ counts: memory.uint8(ENTRIES), children: memory.uint8(ENTRIES), slots: memory.uint8(ENTRIES) },
    ...{ low: memory.uint8(2 * ENTRIES), high: memory.uint8(2 * ENTRIES) },
  };
  const kernel = memory.wasm === undefined ? undefined : wasmKernel<Kernel>(fillTable6Wasm, memory.wasm);
  return kernel === undefined ? undefined : new Table6Filler(kernel, columns);
}

/** Where the kernel reads a piece of a level. */
type Piece = { readonly [name in "counts" | "children" | "slots" | "low" | "high"]: Uint8Array };

/** Fills levels of a table from levels of a trie, which are trusted. */
export class Table6Filler {
  readonly #kernel: Kernel;
  readonly #piece: Piece;

  constructor(kernel: Kernel, piece: Piece) {
    this.#kernel = kernel;
    this.#piece = piece;
  }

  /** Fills a level, in steps. @param below - the counts of the next level, and where that lies */
  *fill(
    { nodes, entries }: Table6,
    { counts, slots, low, high }: TrieLevel,
    own: LevelPlace,
    below: Uint8Array,
    children: LevelPlace,
  ): Generator<undefined, void> {
    this.#kernel.use(
      ...([nodes.byteOffset, entries.byteOffset, own.nodesStart, own.entriesStart, own.haveLists] as const),
      ...([children.nodesStart, children.entriesStart, children.haveLists] as const),
    );
    const isWide = high instanceof Uint16Array;
    let [entry, child] = [0, 0];
    for (let node = 0, piece = 1; node < counts.length; piece++) {
      const { nodes: size, entries: count } = pieceOf(counts, node);
      const led = this.#kernel.fill(
        put(counts.subarray(node, node + size), this.#piece.counts),
        size,
        put(slots.subarray(entry, entry + count), this.#piece.slots),
        put(low.subarray(entry, entry + count), this.#piece.low),
        put(high.subarray(entry, entry + count), this.#piece.high),
        isWide,
        put(below.subarray(child, child + count), this.#piece.children),
      );
      node += size;
      entry += count;
      child += led;
      if (piece % PIECES_A_STEP === 0) yield;
    }
  }
}

/** As many nodes from one on as have {@link ENTRIES} together at most, and how many entries they have. */
function pieceOf(counts: Uint8Array, from: number): { nodes: number; entries: number } {
  let to = from;
  let entries = 0;
  for (; to < counts.length && entries + counts[to]! < ENTRIES; to++) entries += counts[to]! + 1;
  return { nodes: to - from, entries };
}

/** Copies a column to where the kernel reads it. */
function put({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array, piece: Uint8Array): number {
  piece.set(new Uint8Array(buffer, byteOffset, byteLength));
  return piece.byteOffset;
}
