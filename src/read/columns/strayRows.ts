import { DAY_MS } from "../../core/time.js";
import type { StrayTimes } from "../readReport.js";
import type { EventColumns } from "./eventColumns.js";

/** Takes the {@link strayRows} among rows[from, length) out of the columns; undefined if there are none. */
export function takeStrayRows(columns: EventColumns, from: number, isEnd: boolean): StrayTimes | undefined {
  const rows = strayRows(columns.timeMs, from, columns.length, isEnd);
  if (rows.length === 0) return undefined;
  const times = rows.map((row) => columns.timeMs[row]!).sort((a, b) => a - b);
  columns.removeRows(rows);
  return { count: rows.length, firstMs: times[0]!, lastMs: times.at(-1)! };
}

/** Rows from which the bulk of a log is told. */
const SAMPLE_ROWS = 1025;
/** Fewer rows are no bulk to be far from. */
const MIN_ROWS = 10;
/** Rows are far from the bulk beyond this, or this many times as long as the bulk is, whichever is more. */
const FAR_MS = 30 * DAY_MS;
const FAR_SPANS = 3;
/** More rows than this share are no accident. */
const MAX_SHARE = 0.01;
/** No request was logged before or is after: clocks that were never set, and overflows. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/**
 * The rows of `timeMs[from, to)` whose times cannot be: in no possible year, or far from the bulk of the rows while they are
 * few. What a log goes on with after a pause is not stray: the last rows, unless they go back in time or the log ends there.
 *
 * @param isEnd - whether the log has no more rows
 * @returns ascending row numbers
 */
export function strayRows(timeMs: Float64Array, from: number, to: number, isEnd: boolean): readonly number[] {
  const count = to - from;
  if (count < 2) return [];
  const sample = sortedSample(timeMs, from, to);
  const at = (share: number): number => sample[Math.round(share * (sample.length - 1))]!;
  const median = at(0.5);
  if (median < EARLIEST_MS || median >= LATEST_MS) return [];
  const reach = count < MIN_ROWS ? Number.POSITIVE_INFINITY : Math.max(FAR_MS, FAR_SPANS * (at(0.95) - at(0.05)));
  const first = Math.max(EARLIEST_MS, at(0.05) - reach);
  const last = Math.min(LATEST_MS, at(0.95) + reach);
  const far: number[] = [];
  for (let row = from; row < to; row++) if (!(timeMs[row]! >= first && timeMs[row]! <= last)) far.push(row);
  if (far.length <= Math.max(1, MAX_SHARE * count)) return isEnd ? far : withoutTail(far, timeMs, to, last);
  return far.filter((row) => timeMs[row]! < EARLIEST_MS || timeMs[row]! >= LATEST_MS);
}

function sortedSample(timeMs: Float64Array, from: number, to: number): Float64Array {
  const size = Math.min(SAMPLE_ROWS, to - from);
  const step = (to - from - 1) / Math.max(1, size - 1);
  return Float64Array.from({ length: size }, (_, i) => timeMs[from + Math.round(i * step)]!).sort();
}

/** Leaves out the last rows if they are later than the bulk: what comes after them may be theirs. */
function withoutTail(far: readonly number[], timeMs: Float64Array, to: number, last: number): readonly number[] {
  let end = far.length;
  for (let row = to - 1; end > 0 && far[end - 1] === row && timeMs[row]! > last && timeMs[row]! < LATEST_MS; row--)
    end--;
  return far.slice(0, end);
}
