import { readSync } from "node:fs";
import type { LineMemory } from "../../core/pools/lineMemory.js";
import { BLOCK_BYTES, MAX_LINE_BYTES, markLength, SLACK_BYTES } from "../source/lineBlocks.js";
import type { ChunkTask } from "./chunkTask.js";

const NEWLINE = 10;
const READ_ON_BYTES = 1 << 16;

/** Lines of a part: bytes[from, to), overwritten by the next. */
export interface PartLines {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** The first bytes of a line that is too long and left out; it came before these lines. */
  readonly tooLong?: Uint8Array;
}

/** Bytes that the lines of a part lie in. */
export const PART_LINES_BYTES = BLOCK_BYTES + 2 * MAX_LINE_BYTES + READ_ON_BYTES + SLACK_BYTES;

/** Reads the lines that begin in parts of a file, in blocks that stay in the processor's cache. */
export class ChunkLoader {
  readonly #fd: number;
  /** What the lines lie in. */
  readonly memory: LineMemory;
  readonly #buffer: Uint8Array;
  /** Bytes of a line that waits for its end are buffer[0, kept). */
  #kept = 0;
  /** Whether bytes up to the next newline are of a line that is not read here. */
  #isSkipping = false;

  /** @param memory - of {@link PART_LINES_BYTES}, used by nobody else */
  constructor(fd: number, memory: LineMemory) {
    this.#fd = fd;
    this.memory = memory;
    this.#buffer = this.memory.bytes;
  }

  *blocks(task: ChunkTask): Generator<PartLines> {
    // A line belongs to the part that its first byte is in: this part's first begins behind a newline.
    let position = Math.max(0, task.start - 1);
    this.#isSkipping = task.start > 0;
    this.#kept = 0;
    while (position < task.end) {
      const read = this.#fill(position, Math.min(BLOCK_BYTES, task.end - position));
      if (read === 0) break;
      const isFirst = position === 0;
      position += read;
      yield* this.#lines(read, isFirst);
    }
    if (this.#kept > 0) yield* this.#lastLine(position);
  }

  /** The lines that end in the `read` bytes behind those kept. */
  *#lines(read: number, isFirst: boolean): Generator<PartLines> {
    const bytes = this.#buffer;
    const length = this.#kept + read;
    let from = isFirst ? markLength(bytes) : 0;
    if (this.#isSkipping) {
      from = bytes.subarray(0, length).indexOf(NEWLINE) + 1;
      if (from === 0) return;
      this.#isSkipping = false;
    }
    const to = Math.max(from, bytes.lastIndexOf(NEWLINE, length - 1) + 1);
    if (to > from) yield { bytes, from, to };
    bytes.copyWithin(0, to, length);
    this.#kept = length - to;
    if (this.#kept > MAX_LINE_BYTES) yield this.#tooLong();
  }

  /** The line that begins in the part and ends behind it. */
  *#lastLine(from: number): Generator<PartLines> {
    const bytes = this.#buffer;
    for (let position = from; ; ) {
      const read = this.#fill(position, READ_ON_BYTES);
      const length = this.#kept + read;
      const newline = bytes.subarray(0, length).indexOf(NEWLINE, this.#kept);
      if (read === 0) bytes[length] = NEWLINE;
      if (newline >= 0 || read === 0) {
        yield { bytes, from: 0, to: (newline >= 0 ? newline : length) + 1 };
        return;
      }
      this.#kept = length;
      position += read;
      if (length > MAX_LINE_BYTES) {
        yield this.#tooLong();
        return;
      }
    }
  }

  /** Drops the line that is kept. */
  #tooLong(): PartLines {
    this.#kept = 0;
    this.#isSkipping = true;
    return { bytes: this.#buffer, from: 0, to: 0, tooLong: this.#buffer.slice(0, 256) };
  }

  /** Reads bytes of the file from `position` on, behind those kept; returns how many there were. */
  #fill(position: number, count: number): number {
    let read = 0;
    while (read < count) {
      const got = readSync(this.#fd, this.#buffer, this.#kept + read, count - read, position + read);
      if (got === 0) break;
      read += got;
    }
    return read;
  }
}
