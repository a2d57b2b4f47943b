import { isGeopivotError } from "../../../core/errors.js";
import type { Events } from "../../../core/events.js";
import { EventFilter, type EventFilterOptions } from "../../../cube/build/eventFilter.js";
import { copyRows } from "../../../monitor/intake/copyRows.js";
import { LineIntake } from "../../../monitor/intake/lineIntake.js";
import type { ColumnLocator } from "../../../read/columns/eventColumns.js";
import type { DecodeOptions } from "../../../read/format/makeDecoder.js";

/** How lines become events that count. */
export interface LineBatchesOptions {
  readonly locator: ColumnLocator;
  readonly format: string;
  readonly decode: DecodeOptions;
  readonly filter: EventFilterOptions;
  /** Told of lines that are no events. */
  readonly onReject: (reason: string, lines: number) => void;
}

/** Lines of one log as batches of events. Each file of it may be of a format of its own. */
export class LineBatches {
  readonly #name: string;
  readonly #options: LineBatchesOptions;
  readonly #filter: EventFilter | undefined;
  #intake: LineIntake | undefined;
  #isPriming = false;
  #hasRead = false;

  constructor(name: string, options: LineBatchesOptions) {
    this.#name = name;
    this.#options = options;
    const { where = [], exclude = [] } = options.filter;
    if (where.length + exclude.length > 0) this.#filter = new EventFilter(options.filter);
  }

  /** The lines that follow are of another file. */
  startFile(): void {
    this.#intake = undefined;
  }

  /** Learns the format from the first lines of a file that was read before. */
  prime(head: Uint8Array): void {
    this.#isPriming = true;
    for (const _ of this.#decoded(head));
    this.#isPriming = false;
  }

  /** The events of whole lines. Throws `unknown-format` and its like of the very first; later ones are counted. */
  *read(lines: Uint8Array): Generator<Events> {
    for (const events of this.#decoded(lines)) {
      this.#hasRead = true;
      const rows = this.#filter?.rows(events);
      yield rows === undefined ? events : copyRows(events, rows);
    }
  }

  *#decoded(lines: Uint8Array): Generator<Events> {
    const { format, decode, locator, onReject } = this.#options;
    this.#intake ??= new LineIntake(this.#name, format, true, decode, (reason) => {
      if (!this.#isPriming) onReject(reason, 1);
    });
    try {
      yield* this.#intake.read(lines, locator);
    } catch (error) {
      if (!this.#hasRead || !isGeopivotError(error)) throw error;
      this.#intake = undefined;
      if (!this.#isPriming) onReject(error.code, newlines(lines));
    }
  }
}

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
