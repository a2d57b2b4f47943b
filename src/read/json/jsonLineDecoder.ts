import type { EventColumns } from "../columns/eventColumns.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { JsonRow } from "./jsonRow.js";
import { readJsonLine } from "./readJsonLine.js";

/** Reads JSON lines of a vendor whose generations mean different things by the same fields, by `JSON.parse`. */
export class JsonLineDecoder implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #row: JsonRow;
  readonly #older: { readonly field: string; readonly row: JsonRow };
  readonly #sink: LineSink;

  /** @param older - objects with this field are written by this row instead */
  constructor(
    columns: EventColumns,
    row: JsonRow,
    older: { readonly field: string; readonly row: JsonRow },
    sink: LineSink,
  ) {
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
    const isOlder = typeof value === "object" && value !== null && Object.hasOwn(value, this.#older.field);
    return isOlder ? this.#older.row.write(value) : this.#row.write(value);
  }
}
