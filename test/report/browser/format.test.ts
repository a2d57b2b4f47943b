import { expect, test } from "vitest";
import { duration, interval, percent, shortNumber, span } from "../../../src/report/app/format.js";
import { quantityOf } from "../../../src/report/app/quantity.js";

test.each([
  [0, "0"],
  [0.18, "0.18"],
  [9.99, "9.99"],
  [10, "10"],
  [17.34, "17.3"],
  [100, "100"],
  [1_234, "1,234"],
  [12_345, "12.3k"],
  [20_000, "20k"],
  [3_100_000, "3.1M"],
])("shortNumber(%d) is %s", (value, text) => expect(shortNumber(value)).toBe(text));

test.each([
  [0.42, "0.42 ms"],
  [42, "42 ms"],
  [999.4, "999 ms"],
  [1_000, "1 s"],
  [1_350, "1.35 s"],
  [180_000, "3 min"],
])("duration(%d) is %s", (value, text) => expect(duration(value)).toBe(text));

test.each([
  [0, "0%"],
  [0.004, "0.4%"],
  [0.12, "12%"],
  [0.998, "99.8%"],
  [1, "100%"],
  [-0.93, "-93%"],
])("percent(%d) is %s", (value, text) => expect(percent(value)).toBe(text));

test.each([
  [30_000, "30 s"],
  [1_500_000, "25 min"],
  [11_400_000, "3 h 10 min"],
  [187_200_000, "2 d 4 h"],
])("span(%d) is %s", (value, text) => expect(span(value)).toBe(text));

test("an interval names its second day only where it is another", () => {
  const noon = Date.UTC(2026, 2, 2, 12);
  expect(interval(noon, noon + 3_600_000)).toBe("Mon 2 Mar, 12:00–13:00");
  expect(interval(noon, noon + 86_400_000)).toBe("Mon 2 Mar, 12:00 – Tue 3 Mar, 12:00");
});

test.each([
  ["p95_latency_ms", 592, "p95 latency", "592 ms"],
  ["error_rate", 0.58, "error rate", "58%"],
  ["speed_kmh", 93_400, "speed", "93.4k km/h"],
  ["distanceKm", 12_460, "distance", "12.5k km"],
  ["minimumHours", 12.5, "minimum", "12 h 30 min"],
  ["requests", 138, "requests", "138"],
])("the unit of %s is read off its name", (measure, value, name, text) => {
  const quantity = quantityOf(measure);
  expect([quantity.name, quantity.text(value)]).toEqual([name, text]);
});
