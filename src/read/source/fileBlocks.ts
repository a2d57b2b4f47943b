import type { FileHandle } from "node:fs/promises";
import { BufferPool } from "../../core/pools/bufferPool.js";
import { BLOCK_BYTES, type LineBlock, lineBlocks, markLength, SLACK_BYTES } from "./lineBlocks.js";

/** Room before a block for what the one before has left: a line that is not complete. */
const FRONT_BYTES = 1 << 16;
const HALF_BYTES = FRONT_BYTES + BLOCK_BYTES + SLACK_BYTES;
const NEWLINE = 10;

export interface FileBlockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes were read. */
  readonly onStored?: ((bytes: number) => void) | undefined;
  /** Where the memory of lines is from, and goes to; by default it is new. */
  readonly memory?: BufferPool | undefined;
}

/**
 * {@link lineBlocks} of an open file: its bytes are read to where the lines are scanned, into one half of a memory while
 * the lines in the other are worked on.
 */
export async function* fileBlocks(file: FileHandle, options: FileBlockOptions): AsyncGenerator<LineBlock> {
  const { signal, onStored, memory: kept = new BufferPool(0) } = options;
  const memory = kept.takeLines(2 * HALF_BYTES);
  const halves = [memory.bytes.subarray(0, HALF_BYTES), memory.bytes.subarray(HALF_BYTES)] as const;
  const reads = new FileReads(file, halves);
  // The current half's bytes that have been read but not used are half[from, FRONT_BYTES).
  let from = FRONT_BYTES;
  try {
    for (let turn = 0; ; turn++) {
      const half = halves[turn & 1]!;
      const read = await reads.next();
      signal?.throwIfAborted();
      onStored?.(read);
      if (turn === 0) from += markLength(half.subarray(FRONT_BYTES));
      const last = read === 0;
      if (last && from === FRONT_BYTES) return;
      if (last) half[FRONT_BYTES] = NEWLINE;
      const length = FRONT_BYTES + (last ? 1 : read) - from;
      const bytes = half.subarray(from);
      const end = bytes.lastIndexOf(NEWLINE, length - 1) + 1;
      const block: LineBlock = { bytes, end, last, memory, used: end };
      if (end > 0) yield block;
      if (last) return;
      const left = bytes.subarray(block.used, length);
      if (left.length > FRONT_BYTES) {
        yield* lineBlocks(reads.withRest(left, onStored), false);
        return;
      }
      from = FRONT_BYTES - left.length;
      halves[(turn + 1) & 1]!.set(left, from);
    }
  } finally {
    await reads.end();
    kept.giveLines(memory);
  }
}

/** Reads a file to two halves in turn, always one ahead. */
class FileReads {
  readonly #file: FileHandle;
  readonly #halves: readonly [Uint8Array, Uint8Array];
  #turn = 0;
  #position = 0;
  #pending: Promise<{ bytesRead: number }>;

  constructor(file: FileHandle, halves: readonly [Uint8Array, Uint8Array]) {
    this.#file = file;
    this.#halves = halves;
    this.#pending = this.#read();
  }

  /** How many bytes were read to the next half; the one before is overwritten from then on. */
  async next(): Promise<number> {
    const { bytesRead } = await this.#pending;
    this.#turn++;
    this.#position += bytesRead;
    if (bytesRead > 0) this.#pending = this.#read();
    return bytesRead;
  }

  /** Some bytes, and the rest of the file behind them. */
  async *withRest(bytes: Uint8Array, onStored: FileBlockOptions["onStored"]): AsyncGenerator<Uint8Array> {
    yield bytes.slice();
    for (;;) {
      const half = this.#halves[this.#turn & 1]!;
      const read = await this.next();
      if (read === 0) return;
      onStored?.(read);
      yield half.subarray(FRONT_BYTES, FRONT_BYTES + read);
    }
  }

  /** Waits for the read that is under way. */
  async end(): Promise<void> {
    await this.#pending.catch(() => {});
  }

  #read(): Promise<{ bytesRead: number }> {
    const result = this.#file.read(this.#halves[this.#turn & 1]!, FRONT_BYTES, BLOCK_BYTES, this.#position);
    // It may fail while nobody waits for it.
    result.catch(() => {});
    return result;
  }
}
