import { expect, test } from "vitest";
import { timeZoneOf } from "../../src/grid/timeZones.js";

// What each town's administration says of its clock, as the offset in January 2026.
test.each([
  ["DE", 50.1, 8.7, 60],
  ["IN", 19, 73, 330],
  ["US", 40.7, -74, -300],
  ["US", 29.8, -95.4, -360],
  ["US", 33.4, -112, -420],
  ["US", 47.6, -122.3, -480],
  ["BR", -23.5, -46.6, -180],
  ["BR", -3.1, -60, -240],
  ["RU", 55.8, 37.6, 180],
  ["RU", 43.1, 131.9, 600],
  ["ES", 40.4, -3.7, 60],
  ["PT", 37.7, -25.7, -60],
  ["AU", -31.9, 115.9, 480],
  ["FJ", -18, 178, 720],
] as const)("%s at %d, %d is %d minutes from UTC", (country, lat, lon, minutes) => {
  const zone = timeZoneOf(country, lat, lon)!;
  const timeMs = Date.UTC(2026, 0, 15);
  const local = new Date(timeMs).toLocaleString("sv-SE", { timeZone: zone });
  expect((Date.parse(`${local.replace(" ", "T")}Z`) - timeMs) / 60_000).toBe(minutes);
});

test("what is no country has no zone", () => {
  for (const country of ["", "Germany", "<b>", "ZZ"]) expect(timeZoneOf(country, 0, 0)).toBeNull();
});
