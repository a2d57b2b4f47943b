import { DAY_MS } from "../../core/time.js";

/** Conversions between UTC and the clocks of one IANA time zone. Throws a RangeError if there is no such zone. */
export class ZoneTime {
  readonly #format: Intl.DateTimeFormat;

  constructor(zone: string) {
    const fields = {
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    } as const;
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      hourCycle: "h23",
      ...fields,
    });
  }

  /** What the zone's clocks show at a moment, as if it were UTC. */
  wallMs(timeMs: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(timeMs)) part[type] = Number(value);
    return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  }

  /**
   * When the zone's clocks show a time: one moment, two where clocks go back, and where they go forward over it, the moment
   * at which they do.
   */
  moments(wallMs: number): readonly number[] {
    const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((t) => this.wallMs(t) - t);
    const fits = [...new Set(offsets)].map((offset) => wallMs - offset).filter((t) => this.wallMs(t) === wallMs);
    return fits.length > 0 ? fits.sort((a, b) => a - b) : [this.#jumpNear(wallMs)];
  }

  /** Bisection for the moment at which the clocks jump over a time: before it they show less, from then on more. */
  #jumpNear(wallMs: number): number {
    let before = wallMs - DAY_MS;
    let after = wallMs + DAY_MS;
    // A day either way holds the jump, whatever the offset; whole seconds are exact.
    before -= before % 1000;
    after -= after % 1000;
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (this.wallMs(middle) < wallMs) before = middle;
      else after = middle;
    }
    return after;
  }
}
