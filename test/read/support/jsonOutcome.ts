import { EventColumns } from "../../../src/read/columns/eventColumns.js";
import { knownField } from "../../../src/read/fields/knownFields.js";
import { RowWriter } from "../../../src/read/fields/rowWriter.js";
import { JsonRow } from "../../../src/read/json/jsonRow.js";
import { JsonScanner } from "../../../src/read/json/jsonScanner.js";
import { readJsonLine } from "../../../src/read/json/readJsonLine.js";
import type { RejectReason } from "../../../src/read/readReport.js";
import { nowhere } from "./nowhere.js";
import { rowsOf } from "./rowsOf.js";

/** What became of lines: rows, reasons, and where there is one the hash of the user. */
function outcome(scan: (columns: EventColumns, sink: Sink, bytes: Uint8Array, end: number) => void, bytes: Uint8Array) {
  const columns = new EventColumns({ capacity: 64, maxValues: 1000, routes: true });
  const sink = new Sink();
  const padded = new Uint8Array(bytes.length + 65);
  padded.set(bytes);
  padded[bytes.length] = 10;
  scan(columns, sink, padded, bytes.length + 1);
  const events = columns.take(nowhere());
  const hashes = [...events.user.low].map((low, row) => [low, events.user.high[row]]);
  return { rows: rowsOf(events), hashes, reasons: sink.reasons, lines: sink.line, skipped: sink.skipped };
}

export class Sink {
  line = 0;
  skipped = 0;
  readonly reasons: RejectReason[] = [];
  reject(reason: RejectReason): void {
    this.reasons.push(reason);
  }
}

/** What the scanner of bytes makes of lines: by a kernel from the first byte on, or by the plain path alone. */
export const scanned = (bytes: Uint8Array, isPlain = false) =>
  outcome((columns, sink, padded, end) => {
    const row = new JsonRow(new RowWriter(columns, {}), knownField);
    const decoder = new JsonScanner(columns, row, sink, { kernelAfter: isPlain ? Number.POSITIVE_INFINITY : 0 });
    let at = 0;
    while (at < end) {
      at = decoder.scan(padded, at, end);
      if (columns.length === columns.capacity) columns.grow();
    }
  }, bytes);

/** What `JSON.parse` makes of them. */
export const parsed = (bytes: Uint8Array) =>
  outcome((columns, sink, padded, end) => {
    const row = new JsonRow(new RowWriter(columns, {}), knownField);
    for (let at = 0; at < end; ) {
      const newline = padded.indexOf(10, at);
      sink.line++;
      readJsonLine(padded, at, newline, row, sink);
      at = newline + 1;
    }
  }, bytes);
