import { wasmKernel } from "../../core/wasmKernel.js";
import { fillTable4Wasm } from "../wasm/fillTable4Wasm.js";
import type { PackedIds } from "./packedEntries.js";
import type { PackedRuns } from "./packedRuns.js";
import type { Table4 } from "./table4.js";
import type { TableMemory } from "./tableMemory.js";

/** What wasm/fillTable4.as.ts exports. */
interface Kernel {
  begin(direct: number): void;
  fill(lengths: number, low: number, high: number, isWide: boolean, size: number, counts: number): number;
  idsOf(low: number, high: number, isWide: boolean, size: number, ids: number): void;
}

/** Entries that the kernel takes at a time: few enough to stay in a fast cache. */
const ENTRIES = 16_384;
/** Pieces between pauses. */
const PIECES_A_STEP = 8;
/** What a processor copies at a time. */
const WORD_BYTES = 8;
/** Where in the kernel's piece the columns lie, lengths first; each may begin anywhere in a word. */
const LOW_PLACE = ENTRIES + WORD_BYTES;
const HIGH_PLACE = LOW_PLACE + 2 * ENTRIES + WORD_BYTES;
const COUNTS_PLACE = HIGH_PLACE + 2 * ENTRIES + WORD_BYTES;
const PIECE_BYTES = COUNTS_PLACE + ENTRIES + WORD_BYTES;

/** A kernel for a table in this memory, which does what `assembleTable4` does after; undefined where there is none. */
export function table4Filler(memory: TableMemory): Table4Filler | undefined {
  const piece = memory.uint8(PIECE_BYTES);
  const kernel = memory.wasm === undefined ? undefined : wasmKernel<Kernel>(fillTable4Wasm, memory.wasm);
  return kernel === undefined ? undefined : new Table4Filler(kernel, piece);
}

/** Fills a table from runs, which are trusted. */
export class Table4Filler {
  readonly #kernel: Kernel;
  /** Where the kernel reads entries. */
  readonly #piece: Uint8Array;

  constructor(kernel: Kernel, piece: Uint8Array) {
    this.#kernel = kernel;
    this.#piece = piece;
  }

  /** Fills the index and the ids of ranges within divided /24s, in steps. */
  *fill({ direct, ids }: Table4, runs: PackedRuns): Generator<undefined, void> {
    const { lengths, divided } = runs;
    let node = 0;
    this.#kernel.begin(direct.byteOffset);
    for (let from = 0, piece = 1; from < lengths.length; from += ENTRIES, piece++) {
      const size = Math.min(ENTRIES, lengths.length - from);
      const lengthsAt = this.#put(lengths.subarray(from, from + size), 0);
      const countsAt = this.#put(divided.counts.subarray(node, node + size), COUNTS_PLACE);
      node += this.#kernel.fill(lengthsAt, ...this.#putIds(runs, from, size), size, countsAt);
      if (piece % PIECES_A_STEP === 0) yield;
    }
    for (let from = 0, piece = 1; from < ids.length; from += ENTRIES, piece++) {
      const size = Math.min(ENTRIES, ids.length - from);
      this.#kernel.idsOf(...this.#putIds(divided, from, size), size, ids.byteOffset + 4 * from);
      if (piece % PIECES_A_STEP === 0) yield;
    }
  }

  /** Copies ids to where the kernel reads them: where their halves are, and whether the upper ones are wide. */
  #putIds({ low, high }: PackedIds, from: number, size: number): [number, number, boolean] {
    return [
      this.#put(low.subarray(from, from + size), LOW_PLACE),
      this.#put(high.subarray(from, from + size), HIGH_PLACE),
      high instanceof Uint16Array,
    ];
  }

  /** Copies a column to a place in the piece. Shared memory is written word by word if both begin alike, else byte by byte. */
  #put({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array, place: number): number {
    const at = place + (byteOffset % WORD_BYTES);
    this.#piece.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    return this.#piece.byteOffset + at;
  }
}
