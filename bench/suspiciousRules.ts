import { addressText } from "../src/core/addressColumn.js";
import type { Events } from "../src/core/events.js";
import { nameText } from "../src/core/nameColumn.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../src/core/time.js";

/** What the scorer of the scenarios reads. */
export interface RuleAlert {
  readonly kind: "suspicious-traffic";
  readonly severity: "high";
  readonly start: number;
  readonly end: number;
  readonly users?: readonly string[];
  readonly ips?: readonly string[];
}

/** Faster than an airliner. */
const MAX_KMH = 900;

/**
 * The rule that products ship for impossible travel: more than 900 km/h between two successive log-ins of a user, the
 * last one remembered for a day, another alert of the same user not within the hour.
 */
export function speedRule(events: Events): RuleAlert[] {
  const last = new Map<string, { atMs: number; place: number; ip: number }>();
  const alerted = new Map<string, number>();
  const alerts: RuleAlert[] = [];
  const { lat, lon } = events.places;
  for (let i = 0; i < events.length; i++) {
    const status = events.status[i]!;
    const place = events.place[i]!;
    if (events.user.low[i] === 0 || place === 0 || status === 401 || status === 403) continue;
    const user = nameText(events.user, i);
    const atMs = events.timeMs[i]!;
    const ip = events.client.value[i]!;
    const before = last.get(user);
    last.set(user, { atMs, place, ip });
    if (before === undefined || before.ip === ip || atMs - before.atMs > DAY_MS) continue;
    const hours = Math.max(1, atMs - before.atMs) / HOUR_MS;
    if (haversineKm(lat[before.place]!, lon[before.place]!, lat[place]!, lon[place]!) / hours <= MAX_KMH) continue;
    if (atMs - (alerted.get(user) ?? Number.NEGATIVE_INFINITY) < HOUR_MS) continue;
    alerted.set(user, atMs);
    alerts.push({ kind: "suspicious-traffic", severity: "high", start: atMs, end: atMs, users: [user] });
  }
  return alerts;
}

/**
 * The rule that products ship for credential stuffing: 25 or more failed log-ins for 15 or more users from one address
 * within 15 minutes.
 */
export function failuresRule(events: Events, isLogin: (row: number) => boolean): RuleAlert[] {
  const windowMs = 15 * MINUTE_MS;
  const counts = new Map<string, { start: number; ip: string; failures: number; users: Set<string> }>();
  for (let i = 0; i < events.length; i++) {
    if (events.status[i] !== 401 || !isLogin(i)) continue;
    const start = Math.floor(events.timeMs[i]! / windowMs) * windowMs;
    const ip = addressText(events.client, i);
    const key = `${start} ${ip}`;
    const count = counts.get(key) ?? { start, ip, failures: 0, users: new Set<string>() };
    counts.set(key, count);
    count.failures++;
    count.users.add(nameText(events.user, i));
  }
  return [...counts.values()]
    .filter((c) => c.failures >= 25 && c.users.size >= 15)
    .map((c) => ({
      kind: "suspicious-traffic",
      severity: "high",
      start: c.start,
      end: c.start + windowMs,
      ips: [c.ip],
    }));
}

function haversineKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const rad = Math.PI / 180;
  const s =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 12742 * Math.asin(Math.min(1, Math.sqrt(s)));
}
