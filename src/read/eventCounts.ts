import type { Events } from "../core/events.js";

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
  for (let row = 0; row < length; row++) {
    const time = timeMs[row]!;
    if (time < fromMs) fromMs = time;
    if (time > toMs) toMs = time;
    if (place[row] === 0) unlocated++;
  }
  return { events: length, unlocated, fromMs, toMs };
}
