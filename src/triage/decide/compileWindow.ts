import lookUpZone from "@photostructure/tz-lookup";
import { DAY_MS, MINUTE_MS, parseDurationMs, parseTimeMs } from "../../core/time.js";
import type { FindingRegion } from "../../detect/finding.js";
import { triageError } from "../errors.js";
import { compileMatch, type Matcher } from "../judge/compileMatch.js";
import type { Area } from "../judge/regionArea.js";
import type { MaintenanceWindow, Weekday } from "../policy/policy.js";
import { ZoneTime } from "./zoneTime.js";

/** A window that can say when it is open around a moment. */
export interface CompiledWindow {
  readonly name: string;
  readonly matches: Matcher;
  readonly slackMs: number;
  /** The openings of the window that may concern a moment, in the zone of a region, without slack. */
  openings(timeMs: number, region: FindingRegion): readonly Opening[];
}

export interface Opening {
  readonly fromMs: number;
  readonly untilMs: number;
}

const WEEKDAYS: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;
const WALL_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?$/;

/** Makes a window ready for use. Throws `bad-policy`, naming the path. */
export function compileWindow(window: MaintenanceWindow, path: string, own: ReadonlyMap<string, Area>): CompiledWindow {
  const { name, match, zone = "local", from, until, days } = window;
  const refuse = (field: string, problem: string): Error =>
    triageError("bad-policy", { path: `${path}.${field}`, line: 0, problem });
  if (zone !== "local" && !isZone(zone)) throw refuse("zone", `is no IANA time zone: ${JSON.stringify(zone)}`);
  const daily = TIME_OF_DAY.test(from) && TIME_OF_DAY.test(until);
  if (!daily && days !== undefined) throw refuse("days", "needs times of day in from and until");
  const once = daily
    ? null
    : ([readTime(from, () => refuse("from", BAD_TIME)), readTime(until, () => refuse("until", BAD_TIME))] as const);
  if (once !== null && once[1].ms <= once[0].ms) throw refuse("until", "must be after from");
  const opening = once === null ? dailyOpenings(from, until, days ?? WEEKDAYS) : singleOpening(once[0], once[1]);
  const clocks = new Map<string, ZoneTime>();
  const clockOf = (id: string): ZoneTime => {
    const clock = clocks.get(id) ?? new ZoneTime(id);
    clocks.set(id, clock);
    return clock;
  };
  return {
    name,
    matches: compileMatch(match, `${path}.match`, own),
    slackMs:
      window.slack === undefined ? 10 * MINUTE_MS : slackMs(window.slack, () => refuse("slack", "is no duration")),
    openings: (timeMs, region) => opening(timeMs, clockOf(zone === "local" ? zoneOf(region) : zone)),
  };
}

type Openings = (timeMs: number, clock: ZoneTime) => readonly Opening[];

const BAD_TIME = "must be a time of day like the other (02:00), or a date with a time (2026-03-29T02:00)";

interface ReadTime {
  readonly ms: number;
  /** On the clocks of a zone, not UTC. */
  readonly wall: boolean;
}

function readTime(text: string, refuse: () => Error): ReadTime {
  const absolute = /T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!absolute && !WALL_TIME.test(text)) throw refuse();
  try {
    return { ms: parseTimeMs(text), wall: !absolute };
  } catch {
    throw refuse();
  }
}

function singleOpening(from: ReadTime, until: ReadTime): Openings {
  return (_, clock) => [
    {
      fromMs: from.wall ? clock.moments(from.ms)[0]! : from.ms,
      untilMs: until.wall ? clock.moments(until.ms).at(-1)! : until.ms,
    },
  ];
}

/**
 * Openings by the zone's clocks: from the first moment at which they show the beginning, to the last at which they show the
 * end, so that a night on which clocks change is covered whole.
 */
function dailyOpenings(from: string, until: string, days: readonly Weekday[]): Openings {
  const fromDayMs = timeOfDayMs(from);
  const untilDayMs = timeOfDayMs(until) + (timeOfDayMs(until) <= fromDayMs ? DAY_MS : 0);
  return (timeMs, clock) => {
    const today = Math.floor(clock.wallMs(timeMs) / DAY_MS) * DAY_MS;
    return [-1, 0, 1]
      .map((day) => today + day * DAY_MS)
      .filter((day) => days.includes(WEEKDAYS[new Date(day).getUTCDay()]!))
      .map((day) => ({
        fromMs: clock.moments(day + fromDayMs)[0]!,
        untilMs: clock.moments(day + untilDayMs).at(-1)!,
      }));
  };
}

function timeOfDayMs(text: string): number {
  const [hours, minutes] = text.split(":").map(Number);
  return (hours! * 60 + minutes!) * MINUTE_MS;
}

function slackMs(text: string, refuse: () => Error): number {
  if (/^0(?:ms|[smhdw])?$/.test(text)) return 0;
  try {
    return parseDurationMs(text);
  } catch {
    throw refuse();
  }
}

function isZone(zone: string): boolean {
  try {
    new ZoneTime(zone);
    return true;
  } catch {
    return false;
  }
}

/** The zone of a region's middle; UTC where it has none. */
function zoneOf({ centroid }: FindingRegion): string {
  if (centroid === null) return "UTC";
  try {
    const zone = lookUpZone(centroid.lat, centroid.lon);
    return isZone(zone) ? zone : "UTC";
  } catch {
    return "UTC"; // off the map
  }
}
