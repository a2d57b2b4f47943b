import { HOUR_MS } from "../../core/time.js";
import { readError } from "../errors.js";
import type { LocalToUtc } from "./timeBytes.js";

/** Offsets are remembered for this many hours of wall-clock time. */
const MAX_HOURS = 4096;

/**
 * A conversion of wall-clock times in an IANA time zone to UTC.
 *
 * A time that occurs twice, when clocks go back, is the first; one that does not occur, when they go forward, is as far
 * behind the gap as it lies in it.
 *
 * @throws `bad-option` if there is no such zone
 */
export function zoneClock(timeZone: string): LocalToUtc {
  const format = formatOf(timeZone);
  const offsets = new Map<number, number>();
  /** How far the zone's clock is ahead of UTC at a moment. */
  const offsetAt = (timeMs: number): number => {
    const part = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour! % 24, part.minute!, part.second!);
    return wall - Math.floor(timeMs / 1000) * 1000;
  };
  // Offsets change on quarters of an hour at the finest.
  const quarter = HOUR_MS / 4;
  return (wallMs) => {
    const slot = Math.floor(wallMs / quarter);
    let offset = offsets.get(slot);
    if (offset === undefined) {
      const early = offsetAt(slot * quarter - offsetAt(slot * quarter - 24 * HOUR_MS));
      const before = offsetAt(slot * quarter - 24 * HOUR_MS);
      offset = offsetAt(slot * quarter - before) === before ? before : early;
      if (offsets.size >= MAX_HOURS) offsets.clear();
      offsets.set(slot, offset);
    }
    return wallMs - offset;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const fields = {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, calendar: "iso8601", hourCycle: "h23", ...fields });
  } catch (cause) {
    throw readError(
      "bad-option",
      { option: "timeZone", why: `${JSON.stringify(timeZone)} is no IANA time zone` },
      cause,
    );
  }
}
