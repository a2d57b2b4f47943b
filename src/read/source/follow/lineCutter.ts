import { MAX_LINE_BYTES } from "../lineBlocks.js";

const NEWLINE = 10;

/** Whole lines of a stream of bytes. */
export interface CutLines {
  /** Whole lines, each ended by a newline; no longer than what was given. */
  readonly bytes: Uint8Array;
  /** Where they begin in the stream, and where what follows them begins. */
  readonly offset: number;
  readonly nextOffset: number;
  /** Lines left out because they are too long. */
  readonly tooLong: number;
}

/** Cuts a stream of bytes into whole lines, and knows where in it they lie. */
export class LineCutter {
  #rest: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  /** Where the rest begins in the stream. */
  #offset: number;
  #isSkipping = false;

  constructor(offset: number) {
    this.#offset = offset;
  }

  /** Where bytes that come next lie in the stream. */
  get end(): number {
    return this.#offset + this.#rest.length;
  }

  /** Takes the next bytes; gives the lines that are whole now, undefined where none is. */
  push(chunk: Uint8Array): CutLines | undefined {
    const last = chunk.lastIndexOf(NEWLINE);
    const skipped = this.#isSkipping ? chunk.indexOf(NEWLINE) + 1 : 0;
    if (last < 0) return this.#hold(chunk);
    const bytes = joined(this.#rest, chunk.subarray(skipped, last + 1));
    const cut = { bytes, offset: this.#offset, nextOffset: this.#offset + this.#rest.length + last + 1, tooLong: 0 };
    this.#isSkipping = false;
    this.#offset = cut.nextOffset;
    this.#rest = chunk.slice(last + 1);
    return cut;
  }

  /** The last line of a file that ends without a newline; undefined where there is none. */
  flush(): CutLines | undefined {
    const rest = this.#rest;
    if (rest.length === 0) return undefined;
    const cut = { bytes: joined(rest, NEWLINES), offset: this.#offset, nextOffset: this.end, tooLong: 0 };
    this.#offset = cut.nextOffset;
    this.#rest = new Uint8Array(0);
    return cut;
  }

  /** Keeps a piece of a line; lets go of one that is too long, and says so once. */
  #hold(chunk: Uint8Array): CutLines | undefined {
    if (!this.#isSkipping) this.#rest = joined(this.#rest, chunk);
    else this.#offset += chunk.length;
    if (this.#rest.length <= MAX_LINE_BYTES) return undefined;
    const offset = this.#offset;
    this.#offset = this.end;
    this.#rest = new Uint8Array(0);
    this.#isSkipping = true;
    return { bytes: new Uint8Array(0), offset, nextOffset: this.#offset, tooLong: 1 };
  }
}

const NEWLINES = Uint8Array.of(NEWLINE);

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second.slice();
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
