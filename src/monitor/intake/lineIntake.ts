import type { Events } from "../../core/events.js";
import { type ColumnLocator, EventColumns } from "../../read/columns/eventColumns.js";
import { type DecodeOptions, makeDecoder } from "../../read/format/makeDecoder.js";
import { openFormat } from "../../read/format/openFormat.js";
import type { LineDecoder, LineSink } from "../../read/lineDecoder.js";
import type { RejectReason } from "../../read/readReport.js";

/** Rows of a batch, and the bytes behind the last line that decoders may read. */
const BATCH_ROWS = 8192;
const PADDING = 64;
const NEWLINE = 10;

/** Lines of one source as events: its format is told from the first ones. */
export class LineIntake {
  readonly #source: string;
  readonly #asked: string;
  readonly #options: DecodeOptions;
  readonly #columns: EventColumns;
  readonly #sink: LineSink;
  #decoder: LineDecoder | undefined;

  /** @param onReject - told of each line that is no event */
  constructor(
    source: string,
    format: string,
    routes: boolean,
    options: DecodeOptions,
    onReject: (reason: RejectReason) => void,
  ) {
    this.#source = source;
    this.#asked = format;
    this.#options = options;
    this.#columns = new EventColumns({ capacity: BATCH_ROWS, maxValues: Number.POSITIVE_INFINITY, routes });
    this.#sink = { line: 0, skipped: 0, reject: onReject };
  }

  /**
   * The events of whole lines; each batch is written to again when the next is asked for.
   *
   * Throws `unknown-format` and its like while the format is not known.
   */
  *read(lines: string | Uint8Array, locator: ColumnLocator): Generator<Events> {
    const { bytes, end } = padded(lines);
    if (this.#decoder === undefined) {
      const format = openFormat(this.#source, bytes.subarray(0, end), this.#asked, this.#options);
      if (format === undefined) return;
      this.#decoder = makeDecoder(format, this.#columns, this.#options, this.#sink);
    }
    let at = 0;
    while (at < end) {
      const next = this.#decoder.scan(bytes, at, end, true);
      if (this.#columns.length === 0 && next === at) break;
      at = next;
      if (at < end || this.#columns.length > 0) yield this.#columns.take(locator);
      this.#columns.begin();
    }
  }
}

function padded(lines: string | Uint8Array): { bytes: Uint8Array; end: number } {
  const text = typeof lines === "string" ? new TextEncoder().encode(lines) : lines;
  const ends = text.length > 0 && text[text.length - 1] !== NEWLINE ? 1 : 0;
  const bytes = new Uint8Array(text.length + ends + PADDING);
  bytes.set(text);
  if (ends === 1) bytes[text.length] = NEWLINE;
  return { bytes, end: text.length + ends };
}
