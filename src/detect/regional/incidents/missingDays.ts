import { DAY_MS, MINUTE_MS } from "../../../core/time.js";
import type { Incident } from "../scan/sequentialScan.js";
import type { Traffic } from "../series/trafficColumns.js";

/** What was begun before midnight goes on for so long. */
const TOLERANCE_MS = 30 * MINUTE_MS;

/**
 * Whether an incident is a time of whole days of which a log has nothing at all: services are seldom down from midnight to
 * midnight, and logs are kept in files a day.
 */
export function isMissingDays({ sites, visits, bucketCount, bucketMs }: Traffic, { from, to }: Incident): boolean {
  const n = sites.length;
  const isSilent = (t: number): boolean => visits.subarray(t * n, (t + 1) * n).every((v) => v === 0);
  for (let t = from + 1; t < to; t++) if (!isSilent(t)) return false;
  let [first, last] = [from + 1, Math.max(from + 1, to - 1)];
  while (first > 0 && isSilent(first - 1)) first--;
  while (last < bucketCount - 1 && isSilent(last + 1)) last++;
  // A log that ends in silence may be of a service that is down.
  if (last >= bucketCount - 1) return false;
  const days = ((last - first + 1) * bucketMs) / DAY_MS;
  return days > 0.9 && Math.abs(days - Math.round(days)) * DAY_MS <= TOLERANCE_MS;
}
