import type { EventColumns } from "../columns/eventColumns.js";
import type { FieldMeanings } from "../fields/fieldMap.js";
import { hasDecimalComma, localNumber } from "../fields/localNumbers.js";
import { ROLE } from "../fields/role.js";
import type { Field, RowWriter } from "../fields/rowWriter.js";
import { dayOrderOf } from "../fields/timeBytes.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { RejectReason } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";

const QUOTE = 34;
const TAB = 9;
const BLANK = 32;
const SLASH = 47;
const MAX_COLUMNS = 4096;
const MAX_NUMBER_BYTES = 32;
/** Records in which decimal commas are looked for. */
const JUDGED_RECORDS = 100;
/** Records in which days beyond the twelfth are looked for. */
const DATED_RECORDS = 100_000;
const SEPARATOR_LINE = /^"?sep=.?"?$/;

/**
 * Reads CSV and TSV (RFC 4180: quotes double inside quotes, and lines may break in them). The first record names the
 * fields. Blanks around fields are no part of them, and numbers may be as spreadsheets write them.
 */
export class DelimitedScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #writer: RowWriter;
  readonly #meanings: FieldMeanings;
  readonly #sink: LineSink;
  readonly #separator: number;
  readonly #starts = new Uint32Array(MAX_COLUMNS);
  readonly #ends = new Uint32Array(MAX_COLUMNS);
  /** 1 where the field has doubled quotes in it. */
  readonly #doubled = new Uint8Array(MAX_COLUMNS);
  #text = new Uint8Array(1024);
  /** Where the record that was read last ends, the newline included. */
  #next = 0;
  #lines = 0;
  /** 1 where the column holds numbers. */
  readonly #isNumeric = new Uint8Array(MAX_COLUMNS);
  #decimalComma = false;
  #fields: readonly Field[] | undefined;

  constructor(columns: EventColumns, writer: RowWriter, meanings: FieldMeanings, separator: string, sink: LineSink) {
    this.#columns = columns;
    this.#writer = writer;
    writer.isTable = true;
    this.#meanings = meanings;
    this.#separator = separator === "\t" ? TAB : separator.charCodeAt(0);
    this.#sink = sink;
  }

  scan(bytes: Uint8Array, start: number, end: number, last: boolean): number {
    const columns = this.#columns;
    const sink = this.#sink;
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const count = this.#cut(bytes, at, end);
      if (count < 0 && !last && end - at <= MAX_LINE_BYTES) return at;
      sink.line++;
      if (count < 0) {
        // A quote that is never closed: the line is lost, not the rest of the file.
        const newline = bytes.indexOf(10, at);
        sink.reject("not-an-event", bytes, at, newline);
        at = newline + 1;
        continue;
      }
      const stop = this.#next - 1;
      if (this.#isBlank(bytes, at, stop)) sink.skipped++;
      else if (this.#fields === undefined) {
        const lines = this.#lines;
        this.#header(bytes, count);
        if (this.#fields !== undefined) {
          this.#decimalComma = this.#hasDecimalComma(bytes, this.#next, end);
          this.#writer.dayOrder = dayOrderOf(this.#days(bytes, this.#next, end));
        }
        this.#lines = lines;
      } else {
        const reason = stop - at > MAX_LINE_BYTES ? "line-too-long" : this.#row(bytes, count);
        if (reason !== undefined) sink.reject(reason, bytes, at, stop);
      }
      sink.line += this.#lines;
      at = this.#next;
    }
    return at;
  }

  #isBlank(bytes: Uint8Array, start: number, end: number): boolean {
    return start === end || (end - start === 1 && bytes[start] === 13);
  }

  #header(bytes: Uint8Array, count: number): void {
    const names = Array.from({ length: count }, (_, i) =>
      decoder.decode(bytes.subarray(this.#starts[i], this.#ends[i])).trim(),
    );
    this.#sink.skipped++;
    // Excel's line that tells the separator.
    if (names[0] === "sep=" || (count === 1 && SEPARATOR_LINE.test(names[0]!))) return;
    names[0] = names[0]!.replace(/^#\s*/, "");
    this.#fields = names.map((name) => this.#writer.field(this.#meanings(name)));
    this.#fields.forEach((field, i) => {
      if (NUMERIC.has(field.role) && i < MAX_COLUMNS) this.#isNumeric[i] = 1;
    });
  }

  /** The days of the first records: which of their numbers is the month, one of them may tell. */
  *#days(bytes: Uint8Array, start: number, end: number): Generator<string> {
    const next = this.#next;
    const dated = this.#fields!.flatMap(({ role }, i) => (role === ROLE.time || role === ROLE.date ? [i] : []));
    for (let at = start, records = 0; at < end && records < DATED_RECORDS; records++) {
      const count = this.#cut(bytes, at, end);
      if (count < 0) break;
      for (const i of dated)
        if (i < count)
          yield this.#textOf(bytes, this.#starts[i]!, Math.min(this.#ends[i]!, this.#starts[i]! + MAX_NUMBER_BYTES));
      // What has no slash first, no other record has.
      if (records === 0 && !dated.some((i) => bytes.subarray(this.#starts[i]!, this.#ends[i]!).includes(SLASH))) break;
      at = this.#next;
    }
    this.#next = next;
  }

  /** Whether the numbers of the first records have decimal commas. */
  #hasDecimalComma(bytes: Uint8Array, start: number, end: number): boolean {
    const next = this.#next;
    let found = false;
    for (let at = start, records = 0; at < end && records < JUDGED_RECORDS && !found; records++) {
      const count = this.#cut(bytes, at, end);
      if (count < 0) break;
      for (let i = 0; i < count && !found; i++)
        found = this.#isNumeric[i] === 1 && hasDecimalComma(this.#textOf(bytes, this.#starts[i]!, this.#ends[i]!));
      at = this.#next;
    }
    this.#next = next;
    return found;
  }

  /** Writes a number that a spreadsheet wrote: with a decimal comma, or thousands apart. */
  #localNumber(field: Field, bytes: Uint8Array, start: number, end: number): void {
    const text = this.#textOf(bytes, start, end);
    const value = localNumber(text, this.#decimalComma, field.role === ROLE.bytes);
    if (Number.isNaN(value)) {
      // With decimal commas, a point is none.
      if (!this.#decimalComma) this.#writer.assign(field, bytes, start, end);
      return;
    }
    const plain = encoder.encode(String(value));
    this.#writer.assign(field, plain, 0, plain.length);
  }

  #textOf(bytes: Uint8Array, start: number, end: number): string {
    return end - start > MAX_NUMBER_BYTES ? "" : decoder.decode(bytes.subarray(start, end));
  }

  #row(bytes: Uint8Array, count: number): RejectReason | undefined {
    const fields = this.#fields!;
    if (count > fields.length) return "not-an-event";
    this.#writer.begin();
    for (let i = 0; i < count; i++) {
      const start = this.#starts[i]!;
      const end = this.#ends[i]!;
      if (this.#doubled[i] === 0 && this.#isNumeric[i] === 1 && !isPlainNumber(bytes, start, end))
        this.#localNumber(fields[i]!, bytes, start, end);
      else if (this.#doubled[i] === 0) this.#writer.assign(fields[i]!, bytes, start, end);
      else {
        const length = this.#undoubled(bytes, start, end);
        this.#writer.assign(fields[i]!, this.#text, 0, length);
      }
    }
    return this.#writer.end();
  }

  /** Cuts the record at `start` into fields; returns how many, or -1 if it does not end before `end`. */
  #cut(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    this.#lines = 0;
    for (let count = 0; ; count++) {
      const field = Math.min(count, MAX_COLUMNS - 1);
      while (bytes[at] === BLANK && at < end) at++;
      if (bytes[at] === QUOTE) {
        at = this.#quoted(bytes, at + 1, end, field);
        if (at < 0) return -1;
      } else {
        this.#starts[field] = at;
        this.#doubled[field] = 0;
        while (at < end && bytes[at] !== this.#separator && bytes[at] !== 10) at++;
        let stop = bytes[at] === 10 && at > start && bytes[at - 1] === 13 ? at - 1 : at;
        while (stop > this.#starts[field]! && bytes[stop - 1] === BLANK) stop--;
        this.#ends[field] = stop;
      }
      if (at >= end || bytes[at] === 10) {
        this.#next = at + 1;
        return count + 1;
      }
      at++;
    }
  }

  /** Reads a quoted field, undoubling its quotes in place; returns where its separator or newline is. */
  #quoted(bytes: Uint8Array, start: number, end: number, field: number): number {
    let close = start;
    let doubled = false;
    for (;;) {
      while (close < end && bytes[close] !== QUOTE) if (bytes[close++] === 10) this.#lines++;
      if (close >= end) return -1;
      if (bytes[close + 1] !== QUOTE) break;
      doubled = true;
      close += 2;
    }
    this.#starts[field] = start;
    this.#ends[field] = close;
    this.#doubled[field] = doubled ? 1 : 0;
    let at = close + 1;
    while (at < end && bytes[at] !== this.#separator && bytes[at] !== 10) at++;
    return at;
  }

  /** The field's text with its doubled quotes made single, and how long it is. */
  #undoubled(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > this.#text.length) this.#text = new Uint8Array(2 * (end - start));
    let to = 0;
    for (let from = start; from < end; from++) {
      if (bytes[from] === QUOTE) from++;
      this.#text[to++] = bytes[from]!;
    }
    return to;
  }
}

const NUMERIC: ReadonlySet<number> = new Set([
  ...[ROLE.status, ROLE.latency, ROLE.latencyPart, ROLE.latencyOrNone, ROLE.latencyByValue, ROLE.bytes],
]);

/** Whether the bytes are digits and nothing else. */
function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return false;
  return true;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
