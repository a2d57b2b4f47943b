import { type LineBlock, MAX_LINE_BYTES, SLACK_BYTES } from "../source/lineBlocks.js";
import type { Envelope, InnerLine } from "./envelope.js";
import type { EnvelopeClock } from "./envelopeClock.js";

/** Takes the lines out of the envelopes that they are in, block by block. */
export class Unwrapper {
  readonly #envelopes: readonly Envelope[];
  readonly #clock: EnvelopeClock;
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  /** The beginning of a line that goes on. */
  #partial = "";

  /** @param envelopes - the outermost first */
  constructor(envelopes: readonly Envelope[], clock: EnvelopeClock) {
    this.#envelopes = envelopes;
    this.#clock = clock;
  }

  /** The lines inside of a block's, behind those that were left; a line that is not wrapped stays what it is. */
  unwrap(block: LineBlock): LineBlock {
    const lines: InnerLine[] = [];
    for (const line of linesOf(block)) this.#open(line, 0, undefined, lines);
    for (const { text } of lines) this.#append(text);
    this.#clock.push(lines);
    this.#room(SLACK_BYTES);
    const { last, tooLong } = block;
    return { bytes: this.#bytes, end: this.#length, last, used: this.#length, ...(tooLong && { tooLong }) };
  }

  /** Keeps what is left of a block's lines for the next. */
  keep(block: LineBlock): void {
    this.#bytes.copyWithin(0, block.used, this.#length);
    this.#length -= block.used;
  }

  #open(line: string, depth: number, outer: InnerLine | undefined, into: InnerLine[]): void {
    const envelope = this.#envelopes[depth];
    const inner = envelope?.open(line);
    if (inner === undefined) {
      into.push({ ...(outer ?? UNKNOWN), text: line });
      return;
    }
    for (const one of inner) {
      if (one.isPartial === true) {
        if (this.#partial.length < MAX_LINE_BYTES) this.#partial += one.text;
        continue;
      }
      const text = this.#partial + one.text;
      this.#partial = "";
      const isTimed = !Number.isNaN(one.timeMs) || outer === undefined;
      this.#open(text, depth + 1, isTimed ? one : { ...outer, text }, into);
    }
  }

  #append(text: string): void {
    this.#room(3 * text.length + 1);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    this.#bytes[this.#length++] = 10;
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

const UNKNOWN = { timeMs: Number.NaN, offsetMs: Number.NaN, isPrompt: false } as const;

function* linesOf({ bytes, end }: LineBlock): Generator<string> {
  for (let at = 0; at < end; ) {
    const newline = bytes.indexOf(10, at);
    const stop = newline < 0 || newline > end ? end : newline;
    yield decoder.decode(bytes.subarray(at, stop > at && bytes[stop - 1] === 13 ? stop - 1 : stop));
    at = stop + 1;
  }
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
