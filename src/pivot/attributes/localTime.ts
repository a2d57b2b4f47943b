import lookUpZone from "@photostructure/tz-lookup";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.js";

/** The offset of a place that has no local time: nothing is known of where it is. */
export const NO_OFFSET = Number.NaN;

/** Zones change their offset at whole quarters of an hour. */
const FINEST_STEP_MS = 15 * MINUTE_MS;

/** What is asked of places for their local time. */
export interface ZonedPlaces {
  readonly timeZones: { value(code: number): string };
  /** Codes of `timeZones` by row. */
  readonly timeZone: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  readonly lon: ArrayLike<number>;
}

/**
 * Local time of places: by the time zone that the database gives, else by that of the coordinates, which near a border
 * may be the neighbour's, else by the sun (an hour every 15 degrees).
 */
export class LocalTime {
  readonly #places: ZonedPlaces;
  readonly #zones = new Map<number, string>();
  readonly #spans = new Map<string, OffsetSpan[]>();
  readonly #fixedZone: string | null;
  readonly #clock = new ZoneClock();

  /** @param zone - "local", or a time zone for all places; throws a RangeError if there is no such zone */
  constructor(places: ZonedPlaces, zone: string) {
    this.#places = places;
    this.#fixedZone = zone === "local" ? null : zone;
    if (this.#fixedZone) this.#clock.offsetMs(this.#fixedZone, 0);
  }

  /** Milliseconds to add to UTC at a place and time; {@link NO_OFFSET} where the place is unknown. */
  offsetMs(row: number, timeMs: number): number {
    const zone = this.#zoneOf(row);
    if (zone === "") return solarOffsetMs(this.#places.lon[row]!);
    const spans = this.#spans.get(zone) ?? [];
    for (const span of spans) if (timeMs >= span.fromMs && timeMs < span.toMs) return span.offsetMs;
    const span = steadySpan(this.#clock, zone, timeMs);
    this.#spans.set(zone, [...spans, span]);
    return span.offsetMs;
  }

  /** What a place's clock is set by: places of one such name show the same time, always. */
  clockOf(row: number): string {
    const zone = this.#zoneOf(row);
    return zone === "" ? String(solarOffsetMs(this.#places.lon[row]!)) : zone;
  }

  #zoneOf(row: number): string {
    if (this.#fixedZone) return this.#fixedZone;
    const known = this.#zones.get(row);
    if (known !== undefined) return known;
    const zone = this.#findZone(row);
    this.#zones.set(row, zone);
    return zone;
  }

  #findZone(row: number): string {
    const { timeZones, timeZone, lat, lon } = this.#places;
    const given = timeZones.value(timeZone[row]!);
    if (given !== "" && this.#clock.has(given)) return given;
    if (Number.isNaN(lat[row]!)) return "";
    try {
      const found = lookUpZone(lat[row]!, lon[row]!);
      return this.#clock.has(found) ? found : "";
    } catch {
      return ""; // coordinates off the map: the sun decides
    }
  }
}

interface OffsetSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

/** A span around a time in which the zone keeps its offset: the longest of a few that begin at round times. */
function steadySpan(clock: ZoneClock, zone: string, timeMs: number): OffsetSpan {
  for (const step of [30 * DAY_MS, DAY_MS, HOUR_MS, FINEST_STEP_MS]) {
    const fromMs = Math.floor(timeMs / step) * step;
    const toMs = fromMs + step;
    const offsetMs = clock.offsetMs(zone, fromMs);
    // Clocks that change and change back within 30 days (Ramadan in Morocco) differ at one of the points in between.
    const steady =
      step <= FINEST_STEP_MS || checkpoints(fromMs, toMs).every((t) => clock.offsetMs(zone, t) === offsetMs);
    if (steady) return { fromMs, toMs, offsetMs };
  }
  throw new RangeError("unreachable: the finest step is always steady");
}

function checkpoints(fromMs: number, toMs: number): number[] {
  return [1, 2, 3].map((k) => fromMs + ((toMs - fromMs) * k) / 4).concat(toMs - 1);
}

function solarOffsetMs(lon: number): number {
  return Number.isNaN(lon) ? NO_OFFSET : Math.round(lon / 15) * HOUR_MS;
}

/** Offsets of time zones by name, from the time zone data that Node carries. */
class ZoneClock {
  readonly #formats = new Map<string, Intl.DateTimeFormat>();

  /** What the zone's clocks show minus UTC. Throws a RangeError if there is no such zone. */
  offsetMs(zone: string, timeMs: number): number {
    const part: Record<string, number> = {};
    const whole = Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
    for (const { type, value } of this.#format(zone).formatToParts(whole)) part[type] = Number(value);
    return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!) - whole;
  }

  /** Whether there is a zone of that name. */
  has(zone: string): boolean {
    try {
      this.#format(zone);
      return true;
    } catch {
      return false;
    }
  }

  #format(zone: string): Intl.DateTimeFormat {
    const known = this.#formats.get(zone);
    if (known) return known;
    const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...fields });
    this.#formats.set(zone, format);
    return format;
  }
}
