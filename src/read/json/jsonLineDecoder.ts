import type { EventColumns } from "../columns/eventColumns.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { JsonRow } from "./jsonRow.js";
import { readJsonLine } from "./readJsonLine.js";

/** Reads JSON lines of which not all are alike, by `JSON.parse`: of a vendor's generations, or not all of them events. */
export class JsonLineDecoder implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #row: JsonRow;
  readonly #older: { readonly field: string; readonly row: JsonRow } | undefined;
  readonly #only: { readonly field: string; readonly value: string } | undefined;
  readonly #sink: LineSink;

  /**
   * @param older - objects with this field are written by this row instead
   * @param only - objects whose field has another value are passed over
   */
  constructor(
    columns: EventColumns,
    row: JsonRow,
    older: { readonly field: string; readonly row: JsonRow } | undefined,
    sink: LineSink,
    only?: { readonly field: string; readonly value: string },
  ) {
    this.#only = only;
    this.#columns = columns;
    this.#row = row;
    this.#older = older;
    this.#sink = sink;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const columns = this.#columns;
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const newline = bytes.indexOf(10, at);
      const stop = newline < 0 || newline > end ? end : newline;
      this.#sink.line++;
      readJsonLine(bytes, at, stop, { write: (value) => this.#write(value) }, this.#sink);
      at = stop + 1;
    }
    return at;
  }

  #write(value: unknown): ReturnType<JsonRow["write"]> {
    if (typeof value !== "object" || value === null) return this.#row.write(value);
    const object = value as Readonly<Record<string, unknown>>;
    if (this.#only !== undefined && object[this.#only.field] !== this.#only.value) {
      this.#sink.skipped++;
      return undefined;
    }
    const older = this.#older;
    return older !== undefined && Object.hasOwn(object, older.field) ? older.row.write(value) : this.#row.write(value);
  }
}
