import { wasmKernel } from "../../core/wasmKernel.js";
import type { Ranges4 } from "../ranges/ranges4.js";
import { fillRanges4Wasm } from "../wasm/fillRanges4Wasm.js";
import type { Table4 } from "./table4.js";
import type { TableMemory } from "./tableMemory.js";

/** What wasm/fillRanges4.as.ts exports. */
interface Kernel {
  beginCount(): void;
  count(starts: number, size: number): number;
  beginFill(direct: number, lows: number, ids: number): void;
  fill(starts: number, ids: number, size: number): void;
  finish(): void;
}

/** Ranges that the kernel takes at a time: few enough to stay in a fast cache. */
const RANGES = 16_384;
/** Pieces between pauses. */
const PIECES_A_STEP = 8;

/** A kernel for a table in this memory, which does what `buildTable4` does; undefined where there is none. */
export function ranges4Filler(memory: TableMemory): Ranges4Filler | undefined {
  const [starts, ids] = [memory.uint32(RANGES), memory.uint32(RANGES)];
  const kernel = memory.wasm === undefined ? undefined : wasmKernel<Kernel>(fillRanges4Wasm, memory.wasm);
  return kernel === undefined ? undefined : new Ranges4Filler(kernel, starts, ids);
}

/** Fills a table from ranges. */
export class Ranges4Filler {
  readonly #kernel: Kernel;
  /** Where the kernel reads ranges. */
  readonly #starts: Uint32Array;
  readonly #ids: Uint32Array;

  constructor(kernel: Kernel, starts: Uint32Array, ids: Uint32Array) {
    this.#kernel = kernel;
    this.#starts = starts;
    this.#ids = ids;
  }

  /** How many ranges of `lows` the divided /24s need, in steps. */
  *count({ starts, length }: Ranges4): Generator<undefined, number> {
    let count = 0;
    this.#kernel.beginCount();
    for (let from = 0, piece = 1; from < length; from += RANGES, piece++) {
      const to = Math.min(from + RANGES, length);
      this.#starts.set(starts.subarray(from, to));
      count = this.#kernel.count(this.#starts.byteOffset, to - from);
      if (piece % PIECES_A_STEP === 0) yield;
    }
    return count;
  }

  /** Fills all columns, in steps. */
  *fill({ direct, lows, ids: inner }: Table4, { starts, ids, length }: Ranges4): Generator<undefined, void> {
    this.#kernel.beginFill(direct.byteOffset, lows.byteOffset, inner.byteOffset);
    for (let from = 0, piece = 1; from < length; from += RANGES, piece++) {
      const to = Math.min(from + RANGES, length);
      this.#starts.set(starts.subarray(from, to));
      this.#ids.set(ids.subarray(from, to));
      this.#kernel.fill(this.#starts.byteOffset, this.#ids.byteOffset, to - from);
      if (piece % PIECES_A_STEP === 0) yield;
    }
    this.#kernel.finish();
  }
}
