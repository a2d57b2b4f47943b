import type { LineMemory } from "../../core/pools/lineMemory.js";

/** Longer lines are rejected without being kept. */
export const MAX_LINE_BYTES = 1 << 20;

/** How many bytes of a file are read at once. */
export const BLOCK_BYTES = 1 << 20;

/** Scanners look this far behind the end of a block without asking. */
export const SLACK_BYTES = 64;

/** Complete lines: bytes[0, end), each ended by a newline. `bytes` is overwritten by the next block. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** What the bytes lie in, if kernels can read them there. */
  readonly memory?: LineMemory;
  /** The first bytes of a line that was too long and is left out; it came before the lines of this block. */
  readonly tooLong?: Uint8Array;
  /** Nothing follows. */
  readonly last: boolean;
  /** How many of the bytes are read: set by the reader where lines are to come again with more behind them. */
  used: number;
}

/**
 * Cuts chunks of bytes into blocks of complete lines, in bounded memory.
 *
 * A last line without a newline gets one. A byte-order mark is dropped.
 *
 * @param isStart - whether the first chunk is the beginning of a text, where a mark may be
 */
export async function* lineBlocks(chunks: AsyncIterable<Uint8Array>, isStart = true): AsyncGenerator<LineBlock> {
  const buffer = new LineBuffer();
  let first = isStart;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    buffer.push(first ? chunk.subarray(markLength(chunk)) : chunk);
    first = false;
    const block = buffer.block(false);
    if (block === undefined) continue;
    yield block;
    buffer.drop(block.used);
  }
  const block = buffer.block(true);
  if (block !== undefined) yield block;
}

/** Length of the byte-order mark that a text begins with; 0 if there is none. */
export function markLength(text: Uint8Array): number {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
}

/** Bytes that wait for their newline. */
class LineBuffer {
  #bytes = new Uint8Array(2 * BLOCK_BYTES + SLACK_BYTES);
  #length = 0;
  /** Where the search for the last newline may stop. */
  #searched = 0;
  #tooLong: Uint8Array | undefined;
  #skipping = false;

  push(chunk: Uint8Array): void {
    let rest = chunk;
    if (this.#skipping) {
      const newline = chunk.indexOf(NEWLINE);
      if (newline < 0) return;
      this.#skipping = false;
      rest = chunk.subarray(newline + 1);
    }
    if (this.#length + rest.length + SLACK_BYTES > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + rest.length) + SLACK_BYTES);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(rest, this.#length);
    this.#length += rest.length;
  }

  /** The complete lines there are, or undefined if there are none yet. */
  block(last: boolean): LineBlock | undefined {
    if (last && this.#length > 0) this.#bytes[this.#length++] = NEWLINE;
    const end = lastNewline(this.#bytes, this.#searched, this.#length) + 1;
    this.#searched = this.#length;
    const tooLong = this.#tooLong;
    if (end === 0 && this.#length > MAX_LINE_BYTES) this.#skipLine();
    if (end === 0 && tooLong === undefined) return undefined;
    if (tooLong === this.#tooLong) this.#tooLong = undefined;
    return { bytes: this.#bytes, end, last, used: end, ...(tooLong && { tooLong }) };
  }

  drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.#searched = 0;
  }

  #skipLine(): void {
    this.#tooLong = this.#bytes.slice(0, 256);
    this.#length = 0;
    this.#searched = 0;
    this.#skipping = true;
  }
}

function lastNewline(bytes: Uint8Array, from: number, end: number): number {
  const at = end > from ? bytes.lastIndexOf(NEWLINE, end - 1) : -1;
  return at < from ? -1 : at;
}

const NEWLINE = 10;
