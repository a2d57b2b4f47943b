import { expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { bucketStartMs, isoTime, parseDurationMs, parseTimeMs } from "../../src/core/time.js";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["1.5h", 5_400_000],
  ["2d", 172_800_000],
  ["250ms", 250],
])("parseDurationMs(%j)", (text, expected) => {
  expect(parseDurationMs(text)).toBe(expected);
});

test.each(["", "5", "m", "5 m", "-5m", "0m", "5x", "1e3s", "5m!"])("%j is no duration", (text) => {
  expect(codeOf(() => parseDurationMs(text))).toBe("bad-duration");
});

test("a time without a zone is UTC, whatever the machine's own zone is", () => {
  const midnight = Date.UTC(2026, 2, 2);
  for (const text of [
    "2026-03-02",
    "2026-03-02T00:00",
    "2026-03-02 00:00:00",
    "2026-03-02T01:00:00+01:00",
    String(midnight),
  ]) {
    expect(parseTimeMs(text), text).toBe(midnight);
  }
  expect(isoTime(midnight)).toBe("2026-03-02T00:00:00.000Z");
});

test.each(["", "yesterday", "2026-13-01", "9e99", "99999999999999999999"])("%j is no time", (text) => {
  expect(codeOf(() => parseTimeMs(text))).toBe("bad-time");
});

test("buckets count from 1970, before it too", () => {
  expect(bucketStartMs(299_999, 300_000)).toBe(0);
  expect(bucketStartMs(300_000, 300_000)).toBe(300_000);
  expect(bucketStartMs(-1, 300_000)).toBe(-300_000);
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isGeopivotError(error)) return error.code;
    throw error;
  }
  return "none";
}
