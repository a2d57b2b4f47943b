import type { EventColumns } from "../columns/eventColumns.js";
import type { FieldMeanings } from "../fields/fieldMap.js";
import type { Field, RowWriter } from "../fields/rowWriter.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { RejectReason } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";

const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 91;
const CLOSE = 93;
/** Names remembered with their field; lines of rubbish would have ever new ones. */
const MAX_NAMES = 10_000;

export interface PairSyntax {
  /** What ends a name: `=` in logfmt, `:` in LTSV. */
  readonly assign: string;
  /** Whether pairs are separated by tabs; else by blanks, and values with blanks are quoted. */
  readonly tabs: boolean;
}

/** Reads lines of named values: logfmt (`ip=192.0.2.1 path="/a b"`) and LTSV (`host:192.0.2.1<tab>status:200`). */
export class PairsScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #writer: RowWriter;
  readonly #meanings: FieldMeanings;
  readonly #sink: LineSink;
  readonly #assign: number;
  readonly #separator: number;
  readonly #fields = new Map<string, Field>();

  constructor(
    columns: EventColumns,
    writer: RowWriter,
    meanings: FieldMeanings,
    { assign, tabs }: PairSyntax,
    sink: LineSink,
  ) {
    this.#columns = columns;
    this.#writer = writer;
    this.#meanings = meanings;
    this.#sink = sink;
    this.#assign = assign.charCodeAt(0);
    this.#separator = tabs ? TAB : SPACE;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const columns = this.#columns;
    const sink = this.#sink;
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const newline = bytes.indexOf(NEWLINE, at);
      const stop = newline < 0 || newline > end ? end : newline;
      const lineEnd = stop > at && bytes[stop - 1] === 13 ? stop - 1 : stop;
      sink.line++;
      if (at === lineEnd || bytes[at] === 35) sink.skipped++;
      else {
        const reason = lineEnd - at > MAX_LINE_BYTES ? "line-too-long" : this.#row(bytes, at, lineEnd);
        if (reason !== undefined) sink.reject(reason, bytes, at, lineEnd);
      }
      at = stop + 1;
    }
    return at;
  }

  #row(bytes: Uint8Array, start: number, end: number): RejectReason | undefined {
    this.#writer.begin();
    let pairs = 0;
    for (let at = start; at < end; ) {
      if (bytes[at] === this.#separator) {
        at++;
        continue;
      }
      let name = at;
      while (name < end && bytes[name] !== this.#assign && bytes[name] !== this.#separator) name++;
      // A word without a value is a flag, or part of a message.
      if (bytes[name] !== this.#assign || name >= end) at = name + 1;
      else {
        pairs++;
        at = this.#value(bytes, at, name, end);
      }
    }
    if (pairs > 1) return this.#writer.end();
    this.#columns.clearRow();
    return "not-an-event";
  }

  /** Reads the value behind the name; returns where it ends. */
  #value(bytes: Uint8Array, start: number, name: number, end: number): number {
    const field = this.#field(bytes, start, name);
    const from = name + 1;
    if (this.#separator === SPACE && bytes[from] === QUOTE) return this.#quoted(field, bytes, from + 1, end);
    let stop = from;
    while (stop < end && bytes[stop] !== this.#separator) stop++;
    const inBrackets = bytes[from] === OPEN && bytes[stop - 1] === CLOSE ? 1 : 0;
    this.#writer.assign(field, bytes, from + inBrackets, stop - inBrackets);
    return stop + 1;
  }

  #quoted(field: Field, bytes: Uint8Array, start: number, end: number): number {
    let close = start;
    let escapes = 0;
    while (close < end && bytes[close] !== QUOTE) {
      if (bytes[close] === BACKSLASH) {
        escapes++;
        close++;
      }
      close++;
    }
    const stop = Math.min(close, end);
    if (escapes === 0) this.#writer.assign(field, bytes, start, stop);
    else {
      const text = decoder.decode(bytes.subarray(start, stop)).replace(/\\(["\\])/g, "$1");
      const plain = encoder.encode(text);
      this.#writer.assign(field, plain, 0, plain.length);
    }
    return stop + 1;
  }

  #field(bytes: Uint8Array, start: number, end: number): Field {
    const name = decoder.decode(bytes.subarray(start, end));
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const field = this.#writer.field(this.#meanings(name));
    if (this.#fields.size < MAX_NAMES) this.#fields.set(name, field);
    return field;
  }
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
