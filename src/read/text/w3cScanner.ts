import type { EventColumns } from "../columns/eventColumns.js";
import type { FieldMeanings } from "../fields/fieldMap.js";
import { meaning, ROLE } from "../fields/role.js";
import type { Field, RowWriter } from "../fields/rowWriter.js";
import { w3cMeanings, zeekMeanings } from "../format/w3cFields.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { RejectReason } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";

const SPACE = 32;
const TAB = 9;
const HASH = 35;
const QUOTE = 34;

/**
 * Reads W3C extended logs (IIS, CloudFront and others): its `#Fields` lines name the fields, and may change.
 *
 * Times are UTC. Fields are separated by tabs if the line has any, by spaces otherwise; then strings may be quoted.
 */
export class W3cScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #writer: RowWriter;
  readonly #map: (base: FieldMeanings) => FieldMeanings;
  readonly #sink: LineSink;
  readonly #dateField: Field;
  #fields: readonly Field[] = [];
  #hasDate = true;
  #date = new Uint8Array(0);
  #software = "";

  /** @param map - lays a user's mapping over the meanings of the fields */
  constructor(columns: EventColumns, writer: RowWriter, map: (base: FieldMeanings) => FieldMeanings, sink: LineSink) {
    this.#columns = columns;
    this.#writer = writer;
    this.#map = map;
    this.#sink = sink;
    this.#dateField = writer.field(meaning(ROLE.date));
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
      if (at === lineEnd) sink.skipped++;
      else if (bytes[at] === HASH) {
        sink.skipped++;
        if (lineEnd - at < MAX_LINE_BYTES) this.#directive(decoder.decode(bytes.subarray(at, lineEnd)));
      } else {
        const reason = lineEnd - at > MAX_LINE_BYTES ? "line-too-long" : this.#row(bytes, at, lineEnd);
        if (reason !== undefined) sink.reject(reason, bytes, at, lineEnd);
      }
      at = stop + 1;
    }
    return at;
  }

  #directive(line: string): void {
    if (line.startsWith("#fields\t")) {
      this.#name(line.split("\t").slice(1), zeekMeanings);
      return;
    }
    const colon = line.indexOf(":");
    const name = line.slice(1, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "software") this.#software = value;
    if (name === "date") this.#date = encoder.encode(value.slice(0, 10));
    if (name !== "fields") return;
    const names = value.split(/[\s]+/);
    this.#name(names, w3cMeanings(names, this.#software));
    this.#hasDate = names.includes("date");
  }

  #name(names: readonly string[], fields: FieldMeanings): void {
    const meanings = this.#map(fields);
    this.#fields = names.map((field) => this.#writer.field(meanings(field)));
  }

  #row(bytes: Uint8Array, start: number, end: number): RejectReason | undefined {
    const fields = this.#fields;
    const writer = this.#writer;
    if (fields.length === 0) return "not-an-event";
    const tab = bytes.indexOf(TAB, start);
    const separator = tab >= 0 && tab < end ? TAB : SPACE;
    writer.begin();
    if (!this.#hasDate) writer.assign(this.#dateField, this.#date, 0, this.#date.length);
    let at = start;
    let count = 0;
    for (; at <= end && count <= fields.length; count++) {
      const quoted = separator === SPACE && bytes[at] === QUOTE ? closingQuote(bytes, at + 1, end) : -1;
      let stop = quoted < 0 ? at : quoted + 1;
      while (stop < end && bytes[stop] !== separator) stop++;
      const field = fields[count];
      if (field !== undefined && quoted < 0) writer.assign(field, bytes, at, stop);
      else if (field !== undefined) writer.assign(field, bytes, at + 1, quoted);
      at = stop + 1;
    }
    if (count === fields.length) return writer.end();
    this.#columns.clearRow();
    return "not-an-event";
  }
}

/**
 * The quote that ends a string of the specification: one that a blank or the line's end follows; quotes in it are doubled.
 * -1 if there is none.
 */
function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (at + 1 === end || bytes[at + 1] === SPACE) return at;
    if (bytes[at + 1] === QUOTE) at++;
  }
  return -1;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
