import { expect, test } from "vitest";
import { zoneClock } from "../../src/read/fields/zoneClock.js";

// The oracle is Intl: minutes of three days are written as the zone's clock shows them, in order, and read back.
test.each([
  ["Europe/Berlin", Date.UTC(2024, 9, 26)],
  ["Europe/Berlin", Date.UTC(2024, 2, 30)],
  ["America/New_York", Date.UTC(2024, 10, 2)],
  ["Australia/Lord_Howe", Date.UTC(2024, 3, 6)],
  ["Asia/Kolkata", Date.UTC(2024, 9, 26)],
])("every minute of a log in order is what it was: %s", (timeZone, fromMs) => {
  const format = new Intl.DateTimeFormat("en-US", {
    ...({ timeZone, hourCycle: "h23", year: "numeric", month: "numeric" } as const),
    ...({ day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const),
  });
  const toUtc = zoneClock(timeZone);
  const wrong: string[] = [];
  for (let timeMs = fromMs; timeMs < fromMs + 3 * 86_400_000; timeMs += 60_000) {
    const part = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
    if (toUtc(wall) !== timeMs) wrong.push(new Date(timeMs).toISOString());
  }
  expect(wrong).toEqual([]);
});

test("lines a little out of order stay in their hour, and a second log begins anew", () => {
  const toUtc = zoneClock("Europe/Berlin");
  const at = (hour: number, minute: number): number => toUtc(Date.UTC(2024, 9, 27, hour, minute));
  expect(at(2, 30)).toBe(Date.UTC(2024, 9, 27, 0, 30));
  expect(at(2, 28)).toBe(Date.UTC(2024, 9, 27, 0, 28));
  expect(at(2, 10)).toBe(Date.UTC(2024, 9, 27, 1, 10));
  expect(at(3, 0)).toBe(Date.UTC(2024, 9, 27, 2, 0));
  expect(toUtc(Date.UTC(2024, 9, 26, 12))).toBe(Date.UTC(2024, 9, 26, 10));
  expect(at(2, 30)).toBe(Date.UTC(2024, 9, 27, 0, 30));
});
