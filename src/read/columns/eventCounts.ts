import type { Events } from "../../core/events.js";

/** What a report says of some events. */
export interface EventCounts {
  readonly events: number;
  /** Events without a place. */
  readonly unlocated: number;
  /** Times of the earliest and the latest event; infinities where there are none. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Counts events. */
export function countEvents({ timeMs, place, length }: Events): EventCounts {
  let unlocated = 0;
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // Times that every row has need no branches, which the rows of one millisecond make hard to guess.
  for (let row = 0; row < length; row++) {
    fromMs = Math.min(fromMs, timeMs[row]!);
    toMs = Math.max(toMs, timeMs[row]!);
    if (place[row] === 0) unlocated++;
  }
  return { events: length, unlocated, ...(Number.isNaN(toMs) ? timeBounds(timeMs, 0, length) : { fromMs, toMs }) };
}

/** The least and the greatest time that is one, of rows [from, to). */
export function timeBounds(timeMs: Float64Array, from: number, to: number): Pick<EventCounts, "fromMs" | "toMs"> {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = from; row < to; row++) {
    if (timeMs[row]! < fromMs) fromMs = timeMs[row]!;
    if (timeMs[row]! > toMs) toMs = timeMs[row]!;
  }
  return { fromMs, toMs };
}
