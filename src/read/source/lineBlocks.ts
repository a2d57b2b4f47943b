/** Longer lines are rejected without being kept. */
export const MAX_LINE_BYTES = 1 << 20;

/** How many bytes of a file are read at once. */
export const BLOCK_BYTES = 1 << 20;

/** Scanners look this far behind the end of a block without asking. */
const SLACK_BYTES = 64;

/** Complete lines: bytes[0, end), each ended by a newline. `bytes` is overwritten by the next block. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** The first bytes of a line that was too long and is left out; it came before the lines of this block. */
  readonly tooLong?: Uint8Array;
}

/**
 * Cuts chunks of bytes into blocks of complete lines, in bounded memory.
 *
 * A last line without a newline gets one. A byte-order mark is dropped.
 */
export async function* lineBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LineBlock> {
  let buffer = new Uint8Array(BLOCK_BYTES + SLACK_BYTES);
  let used = 0;
  let tooLong: Uint8Array | undefined;
  let skipping = false;
  let first = true;
  for await (const chunk of chunks) {
    let from = 0;
    if (first && chunk.length > 0) {
      first = false;
      if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) from = 3;
    }
    if (skipping) {
      const newline = chunk.indexOf(10, from);
      if (newline < 0) continue;
      skipping = false;
      from = newline + 1;
    }
    const rest = chunk.subarray(from);
    if (used + rest.length + SLACK_BYTES > buffer.length) {
      const larger = new Uint8Array(2 * (used + rest.length) + SLACK_BYTES);
      larger.set(buffer.subarray(0, used));
      buffer = larger;
    }
    buffer.set(rest, used);
    used += rest.length;
    const end = buffer.lastIndexOf(10, used - 1) + 1;
    if (end > 0 && used > 0) {
      yield tooLong === undefined ? { bytes: buffer, end } : { bytes: buffer, end, tooLong };
      tooLong = undefined;
      buffer.copyWithin(0, end, used);
      used -= end;
    }
    if (used > MAX_LINE_BYTES) {
      if (tooLong !== undefined) yield { bytes: buffer, end: 0, tooLong };
      tooLong = buffer.slice(0, 256);
      used = 0;
      skipping = true;
    }
  }
  if (used > 0) buffer[used++] = 10;
  if (used > 0 || tooLong !== undefined)
    yield tooLong === undefined ? { bytes: buffer, end: used } : { bytes: buffer, end: used, tooLong };
}
