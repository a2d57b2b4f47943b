import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.js";
import { readError } from "../errors.js";
import type { LocalToUtc } from "./timeBytes.js";

/** Offsets are remembered for this many hours of wall-clock time. */
const MAX_HOURS = 4096;

/**
 * A conversion of wall-clock times in an IANA time zone to UTC.
 *
 * A time that occurs twice, when clocks go back, is the first until the log's times go back, and the second from then on:
 * a log is in order but for a few minutes. One that does not occur, when clocks go forward, is as far behind the gap as it
 * lies in it.
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
  const repeats = new RepeatedHour();
  const earlyUtc = (wallMs: number): number => {
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
  const later = new Map<number, number>();
  return (wallMs) => {
    const early = earlyUtc(wallMs);
    const slot = Math.floor(wallMs / quarter);
    let shift = later.get(slot);
    if (shift === undefined) {
      // Where clocks go back within a day, the offset after is less.
      shift = offsetAt(early) - offsetAt(early + DAY_MS);
      if (!(shift > 0) || offsetAt(early + shift) !== offsetAt(early) - shift) shift = 0;
      if (later.size >= MAX_HOURS) later.clear();
      later.set(slot, shift);
    }
    return repeats.choose(wallMs, early, shift);
  };
}

/** Whether a zone's clock is ahead of UTC by the same all year. */
export function isFixedOffset(timeZone: string): boolean {
  const wall = (timeMs: number): number => zoneClock(timeZone)(timeMs) - timeMs;
  return wall(Date.UTC(2024, 0, 1)) === wall(Date.UTC(2024, 6, 1));
}

/** Lines are out of order by no more than this. */
const MAX_DISORDER_MS = 5 * MINUTE_MS;
/** A log that goes back by more is another log. */
const NEW_LOG_MS = 2 * HOUR_MS;

/** Tells the first of two equal hours from the second by the times before. */
class RepeatedHour {
  /** The latest time of the repeated hours that was met, UTC. */
  #latestMs = Number.NEGATIVE_INFINITY;
  #wallMs = Number.NEGATIVE_INFINITY;

  /** @param shift - how much later the time occurs again; 0 if it does not */
  choose(wallMs: number, earlyMs: number, shift: number): number {
    // A time of another year is a stray one, and tells nothing.
    if (Math.abs(wallMs - this.#wallMs) < 30 * DAY_MS || !Number.isFinite(this.#wallMs)) {
      if (wallMs < this.#wallMs - NEW_LOG_MS) this.#latestMs = Number.NEGATIVE_INFINITY;
      this.#wallMs = wallMs;
    }
    if (shift === 0) return earlyMs;
    const utcMs = earlyMs < this.#latestMs - MAX_DISORDER_MS ? earlyMs + shift : earlyMs;
    this.#latestMs = Math.max(this.#latestMs, utcMs);
    return utcMs;
  }
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
