import type { EventColumns } from "../columns/eventColumns.js";
import { ROLE } from "../fields/role.js";
import type { Field, RowWriter } from "../fields/rowWriter.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { RejectReason } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";

/** A field of a line with the text that ends it; the empty text ends with the line. */
export interface BoundField {
  readonly field: Field;
  readonly list: boolean;
  /** The value is in quotes: a backslash takes the byte behind it along. */
  readonly quoted: boolean;
  readonly until: Uint8Array;
}

export interface LinePattern {
  /** What the line begins with. */
  readonly start: Uint8Array;
  readonly fields: readonly BoundField[];
  /** Fields from this one on may be missing, the line ending before them. */
  readonly optionalFrom: number;
  /** Beginnings of lines that are passed over. */
  readonly skips: readonly Uint8Array[];
}

const BACKSLASH = 92;
const SPACE = 32;

/** Reads lines of fields with fixed text between them. */
export class PatternScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #writer: RowWriter;
  readonly #pattern: LinePattern;
  readonly #sink: LineSink;

  constructor(columns: EventColumns, writer: RowWriter, pattern: LinePattern, sink: LineSink) {
    this.#columns = columns;
    this.#writer = writer;
    this.#pattern = pattern;
    this.#sink = sink;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const columns = this.#columns;
    const sink = this.#sink;
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const newline = bytes.indexOf(10, at);
      const stop = newline < 0 || newline > end ? end : newline;
      const lineEnd = stop > at && bytes[stop - 1] === 13 ? stop - 1 : stop;
      sink.line++;
      if (at === lineEnd || bytes[at] === 35 || this.#isSkipped(bytes, at, lineEnd)) sink.skipped++;
      else {
        const reason = lineEnd - at > MAX_LINE_BYTES ? "line-too-long" : this.#row(bytes, at, lineEnd);
        if (reason !== undefined) sink.reject(reason, bytes, at, lineEnd);
      }
      at = stop + 1;
    }
    return at;
  }

  #isSkipped(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#pattern.skips.some((text) => startsWith(bytes, start, end, text));
  }

  #row(bytes: Uint8Array, start: number, end: number): RejectReason | undefined {
    this.#writer.begin();
    if (this.#fields(bytes, start, end)) return this.#writer.end();
    this.#columns.clearRow();
    return "not-an-event";
  }

  #fields(bytes: Uint8Array, start: number, end: number): boolean {
    const { start: head, fields, optionalFrom } = this.#pattern;
    const writer = this.#writer;
    if (!startsWith(bytes, start, end, head)) return false;
    let at = start + head.length;
    for (let i = 0; i < fields.length; i++) {
      const { field, list, quoted, until } = fields[i]!;
      // Columns may be filled up with blanks.
      if (!quoted) while (at < end && bytes[at] === SPACE && until[0] === SPACE) at++;
      let stop = until.length === 0 ? end : findText(bytes, at, end, until, quoted);
      if (list)
        while (stop < end && stop >= 0 && isListGap(bytes, at, stop))
          stop = findText(bytes, stop + 1, end, until, false);
      if (stop < 0) {
        if (i < optionalFrom - 1) return false;
        writer.assign(field, bytes, at, end);
        return true;
      }
      let last = stop;
      if (!quoted && until[0] === SPACE) while (last > at && bytes[last - 1] === SPACE) last--;
      if (field.role !== ROLE.ignored) writer.assign(field, bytes, at, last);
      at = stop + until.length;
    }
    return true;
  }
}

/** Whether the space at `stop` is inside of a list: behind a comma, or beside a lone colon. */
function isListGap(bytes: Uint8Array, start: number, stop: number): boolean {
  const before = stop > start ? bytes[stop - 1] : 0;
  return before === 44 || before === 58 || (bytes[stop + 1] === 58 && bytes[stop + 2] === 32);
}

function startsWith(bytes: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Where a text begins in bytes[from, end); -1 if it does not occur. */
function findText(bytes: Uint8Array, from: number, end: number, text: Uint8Array, quoted: boolean): number {
  const first = text[0];
  const last = end - text.length;
  let at = from;
  while (at <= last) {
    const byte = bytes[at];
    if (byte === first && startsWith(bytes, at, end, text)) return at;
    at += quoted && byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}
