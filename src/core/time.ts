import { errorKind } from "./errors.js";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;

/** The largest distance from 1970 that a JavaScript date can hold, in milliseconds (ECMA-262, 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;

const timeError = errorKind<{ "bad-duration": { value: string }; "bad-time": { value: string } }>({
  "bad-duration": (d) => `${JSON.stringify(d.value)} is not a duration: write 30s, 5m, 1h or 2d`,
  "bad-time": (d) => `${JSON.stringify(d.value)} is not a time: write ISO 8601 or epoch milliseconds`,
});

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: WEEK_MS,
};

/** Milliseconds of a duration such as `30s`, `5m`, `1h30m` or `2d`. Throws `bad-duration`. */
export function parseDurationMs(text: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(text)) throw timeError("bad-duration", { value: text });
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g))
    total += Number(amount) * UNIT_MS[unit!]!;
  if (!(total > 0) || !Number.isFinite(total)) throw timeError("bad-duration", { value: text });
  return total;
}

/** Epoch milliseconds of an ISO 8601 time (UTC unless it says otherwise) or of a number in milliseconds. Throws `bad-time`. */
export function parseTimeMs(value: string | number): number {
  const iso = typeof value === "string" && /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/.test(value);
  const text = iso ? `${(value as string).replace(" ", "T")}${(value as string).length > 10 ? "Z" : ""}` : value;
  const time = typeof text === "number" ? text : /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(time) || Math.abs(time) > MAX_TIME_MS) throw timeError("bad-time", { value: String(value) });
  return time;
}

/** `2026-03-02T00:00:00.000Z` for epoch milliseconds. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** The start of the bucket that a moment falls into; buckets count from 1970. */
export function bucketStartMs(timeMs: number, bucketMs: number): number {
  return Math.floor(timeMs / bucketMs) * bucketMs;
}
