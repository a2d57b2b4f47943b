import type { EventColumns } from "../columns/eventColumns.js";
import type { Field, RowWriter } from "../fields/rowWriter.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { RejectReason } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";

/** The fields of a combined line that are read; the ignored field where one is not wanted. */
export interface CombinedFields {
  readonly time: Field;
  readonly address: Field;
  readonly user: Field;
  readonly request: Field;
  readonly status: Field;
  readonly bytes: Field;
  readonly referrer: Field;
  readonly userAgent: Field;
}

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Reads the common and combined log formats of Apache and nginx:
 * `host ident user [time] "request" status bytes "referrer" "user agent"`; what follows is not read.
 */
export class CombinedScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #writer: RowWriter;
  readonly #fields: CombinedFields;
  readonly #sink: LineSink;

  constructor(columns: EventColumns, writer: RowWriter, fields: CombinedFields, sink: LineSink) {
    this.#columns = columns;
    this.#writer = writer;
    this.#fields = fields;
    this.#sink = sink;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const columns = this.#columns;
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const newline = bytes.indexOf(10, at);
      const stop = newline < 0 || newline > end ? end : newline;
      this.#line(bytes, at, stop > at && bytes[stop - 1] === 13 ? stop - 1 : stop);
      at = stop + 1;
    }
    return at;
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    const sink = this.#sink;
    sink.line++;
    if (start === end || bytes[start] === 35) {
      sink.skipped++;
      return;
    }
    const reason = end - start > MAX_LINE_BYTES ? "line-too-long" : this.#row(bytes, start, end);
    if (reason !== undefined) sink.reject(reason, bytes, start, end);
  }

  #row(bytes: Uint8Array, start: number, end: number): RejectReason | undefined {
    this.#writer.begin();
    if (this.#fieldsOf(bytes, start, end)) return this.#writer.end();
    this.#columns.clearRow();
    return "not-an-event";
  }

  /** False if the line is not of the format. */
  #fieldsOf(bytes: Uint8Array, start: number, end: number): boolean {
    const writer = this.#writer;
    const fields = this.#fields;
    const host = find(bytes, start, end, SPACE);
    const ident = find(bytes, host + 1, end, SPACE);
    // User names may hold spaces: the name ends where the time begins.
    let open = find(bytes, ident + 1, end, 91);
    while (open < end && bytes[open - 1] !== SPACE) open = find(bytes, open + 1, end, 91);
    const close = find(bytes, open + 1, end, 93);
    if (close >= end || bytes[close + 1] !== SPACE || bytes[close + 2] !== QUOTE) return false;
    const request = quoteEnd(bytes, close + 3, end);
    const status = find(bytes, request + 2, end, SPACE);
    if (request >= end || bytes[request + 1] !== SPACE || status - request !== 5) return false;
    const size = find(bytes, status + 1, end, SPACE);
    writer.assign(fields.address, bytes, start, host);
    if (open - 1 > ident + 1) writer.assign(fields.user, bytes, ident + 1, open - 1);
    writer.assign(fields.time, bytes, open + 1, close);
    writer.assign(fields.request, bytes, close + 3, request);
    writer.assign(fields.status, bytes, request + 2, status);
    writer.assign(fields.bytes, bytes, status + 1, size);
    if (bytes[size + 1] !== QUOTE || size >= end) return true;
    const referrer = quoteEnd(bytes, size + 2, end);
    writer.assign(fields.referrer, bytes, size + 2, referrer);
    if (referrer + 2 >= end || bytes[referrer + 2] !== QUOTE) return true;
    writer.assign(fields.userAgent, bytes, referrer + 3, quoteEnd(bytes, referrer + 3, end));
    return true;
  }
}

function find(bytes: Uint8Array, from: number, end: number, byte: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at++;
  return at;
}

/** The closing quote of a string that escapes quotes with a backslash; `end` if there is none. */
function quoteEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, end);
}
