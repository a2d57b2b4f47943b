import { DAY_MS, HOUR_MS, isoTime } from "../../../core/time.js";
import type { Incident } from "../scan/sequentialScan.js";
import type { Traffic } from "../series/trafficColumns.js";
import type { Holidays } from "../signals/holidays.js";
import { LocalClock } from "../signals/localClock.js";
import { TrafficSignal } from "../signals/trafficSignal.js";

/** What lasts for less is no day off, nor what begins later in the day. */
const LEAST_MS = 4 * HOUR_MS;
const LATEST_HOUR = 12;
/** A weekend tells only where it differs from a working day, and what came must be about as much as on one. */
const DIFFERS = 0.75;
const LIKE = [0.6, 1.6] as const;

/**
 * Whether a drop is what a country does on a day off: for hours of a working day, from its morning on, as much comes as at
 * those hours of a weekend. `holiday` where the calendar has the day, `likely` where there is no calendar of the country.
 */
export function dayOff(traffic: Traffic, incident: Incident, holidays: Holidays): "holiday" | "likely" | "no" {
  const { signal, zone, from, to } = incident;
  const { sites, visits, bucketMs, originMs } = traffic;
  const country = sites.countries[sites.country[zone.sites[0]!]!]!;
  if (!(signal instanceof TrafficSignal) || (to - from + 1) * bucketMs < LEAST_MS) return "no";
  if (zone.sites.some((s) => sites.country[s] !== sites.country[zone.sites[0]!])) return "no";
  const [startMs, site] = [originMs + from * bucketMs, zone.sites[0]!];
  const { hours, of } = new LocalClock(sites).offsets(startMs);
  const localMs = startMs + hours[of[site]!]! * HOUR_MS;
  if ((localMs % DAY_MS) / HOUR_MS > LATEST_HOUR) return "no";
  const backDays = daysSinceWeekend(localMs);
  if (backDays === 0 || !signal.baseline.dayKnown(site, startMs - backDays * DAY_MS)) return "no";
  const usual = new Float64Array(sites.length);
  let [came, working, weekend] = [0, 0, 0];
  for (let t = from; t <= to; t++) {
    const middleMs = originMs + (t + 0.5) * bucketMs;
    for (const s of zone.sites) came += visits[t * sites.length + s]!;
    signal.baseline.expectedInto(middleMs, bucketMs, usual);
    for (const s of zone.sites) working += usual[s]!;
    signal.baseline.expectedInto(middleMs - backDays * DAY_MS, bucketMs, usual);
    for (const s of zone.sites) weekend += usual[s]!;
  }
  if (weekend > DIFFERS * working || came < LIKE[0] * weekend || came > LIKE[1] * weekend) return "no";
  const listed = holidays[country];
  if (listed === undefined) return "likely";
  return listed.includes(isoTime(localMs).slice(0, 10)) ? "holiday" : "no";
}

/** Days from the last Sunday; 0 on weekends. */
function daysSinceWeekend(localMs: number): number {
  const day = new Date(localMs).getUTCDay();
  return day === 6 ? 0 : day;
}
