import type { Events } from "../../../core/events.js";

/** Events of one log, decoded from whole lines. The columns are written to again when the next batch is asked for. */
export interface LogBatch {
  readonly source: string;
  readonly events: Events;
  /** The earliest event's time, epoch milliseconds; -Infinity where there is none. */
  readonly firstMs: number;
  /** Where the lines lie in the log; undefined for what cannot be read again. */
  readonly offsets?: { readonly offset: number; readonly nextOffset: number } | undefined;
}

/** What a log gives: batches, and "idle" when it has told all there is for now. */
export type LogItem = LogBatch | "idle";
