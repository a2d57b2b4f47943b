import { HOUR_MS } from "../../../core/time.js";
import { HOURS, isWeekend } from "./seasonalFit.js";

/** So long before and after midnight a day may still, or already, be as the other. */
const TURN_HOURS = 2;

const mod = (a: number, n: number): number => ((a % n) + n) % n;

/** Day of the week (0 is Thursday, as 1970 began) where clocks are so many hours ahead. */
export const dayOf = (timeMs: number, ahead: number): number => mod(Math.floor((timeMs / HOUR_MS + ahead) / 24), 7);

/** What a local time means: two hours of a profile, how far it is from one to the other, and the day. */
export interface Reading {
  readonly low: number;
  readonly next: number;
  readonly part: number;
  readonly day: number;
}

/** Readings of a time: of the clock as it is and was, of its day and of the one beyond midnight. */
export const MOST_READINGS = 4;

/** What a time in hours means where clocks are so far ahead, and were before. */
export function readingsOf(hours: number, now: number, before: number): Reading[] {
  return (now === before ? [now] : [now, before]).flatMap((ahead) => aroundMidnight(hours + ahead));
}

/** A local time as of its own day and, near a midnight at which the kind of day changes, as of the day beyond, too. */
function aroundMidnight(local: number): Reading[] {
  const day = mod(Math.floor(local / 24), 7);
  const hour = mod(local, 24);
  const beyond = hour < TURN_HOURS ? mod(day - 1, 7) : hour > 24 - TURN_HOURS ? mod(day + 1, 7) : day;
  const own = betweenHours(local, day);
  return isWeekend(beyond) === isWeekend(day) ? [own] : [own, betweenHours(local, beyond)];
}

/** The two hours of a profile between whose middles a local time lies, on a day. */
function betweenHours(local: number, day: number): Reading {
  const at = mod(local - 0.5, 24);
  const low = Math.floor(at);
  const kind = 24 * isWeekend(day);
  return { low: kind + low, next: kind + ((low + 1) % 24), part: at - low, day };
}

/** Hour of the week of a local time in hours since 1970. */
export const hourOfWeek = (hours: number): number => mod(Math.floor(hours), HOURS);
