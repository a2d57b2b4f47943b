import type { EventColumns } from "../columns/eventColumns.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import { type ObjectWriter, readJsonLine } from "./readJsonLine.js";

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;

/** Objects larger than this are rejected. */
const MAX_OBJECT_BYTES = 1 << 25;

/**
 * Reads JSON that is spread over lines: objects one after the other, or a list of objects, as tools print them for
 * people. Each object of the list is one event, or as many as the records in it.
 */
export class JsonDocumentDecoder implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #row: ObjectWriter;
  readonly #sink: LineSink;

  constructor(columns: EventColumns, row: ObjectWriter, sink: LineSink) {
    this.#columns = columns;
    this.#row = row;
    this.#sink = sink;
  }

  scan(bytes: Uint8Array, start: number, end: number, last: boolean): number {
    const columns = this.#columns;
    const sink = this.#sink;
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const byte = bytes[at]!;
      if (byte !== 123) {
        if (byte === NEWLINE) sink.line++;
        else if (!isBetween(byte)) {
          at = this.#garbage(bytes, at, end);
          continue;
        }
        at++;
        continue;
      }
      const stop = objectEnd(bytes, at, end);
      if (stop < 0 && !last && end - at <= MAX_OBJECT_BYTES) return at;
      if (stop < 0) at = this.#garbage(bytes, at, end);
      else {
        const lines = count(bytes, at, stop);
        sink.line++;
        readJsonLine(bytes, at, stop, this.#row, sink, MAX_OBJECT_BYTES);
        sink.line += lines - 1;
        at = stop;
      }
    }
    return at;
  }

  /** Rejects the line at `start`. */
  #garbage(bytes: Uint8Array, start: number, end: number): number {
    const newline = bytes.indexOf(NEWLINE, start);
    const stop = newline < 0 || newline >= end ? end : newline;
    this.#sink.line++;
    this.#sink.reject("not-an-event", bytes, start, stop);
    return stop + 1;
  }
}

/** Where the object that begins at `start` ends; -1 if it does not before `end`. */
function objectEnd(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      for (at++; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if (byte === 123) depth++;
    else if (byte === 125 && --depth === 0) return at + 1;
  }
  return -1;
}

/** What may stand between the objects of a list. */
function isBetween(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13 || byte === 44 || byte === 91 || byte === 93;
}

function count(bytes: Uint8Array, start: number, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE, start); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
