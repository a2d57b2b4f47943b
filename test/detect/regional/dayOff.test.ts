import { expect, test } from "vitest";
import type { Events } from "../../../src/core/events.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import { MONDAY_MS, type Request, regionalTraffic } from "../../support/regionalTraffic.js";

const DAY = 86_400_000;
/** Ten days, of which weekends have a third; a change on the second Wednesday in Germany. */
const tenDays = (onWednesday: (hour: number) => number): Events =>
  regionalTraffic({
    seed: 6,
    hours: 240,
    perMinute: 45,
    change: (r: Request, t, random) => {
      const local = t + (r.city.country === "DE" ? 3_600_000 : (r.city.lon / 15) * 3_600_000);
      const day = Math.floor((local - MONDAY_MS) / DAY);
      const kept = day === 5 || day === 6 ? 0.33 : 1;
      const off = r.city.country === "DE" && day === 9 ? onWednesday((local % DAY) / 3_600_000) : 1;
      return random.next() < kept * off ? r : null;
    },
  });
const drops = (events: Events, holidays?: Record<string, string[]>) =>
  // Elsewhere the clocks of these ten days are the sun's, not those of the zones.
  detect(Cube.from(events), holidays && { holidays }).filter(
    (f) => f.subtype === "traffic-drop" && f.region.name === "Germany",
  );

test("a working day that is like a weekend is low, and said; a holiday of the calendar is information", () => {
  const events = tenDays(() => 0.33);
  const found = drops(events);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ severity: "low", region: { name: "Germany" } });
  expect(found[0]!.title).toMatch(/, as on weekends: a day off, perhaps$/);
  expect(drops(events, { DE: ["2026-03-11"] })).toMatchObject([{ severity: "info" }]);
  const other = drops(events, { DE: ["2026-03-12"] });
  expect(["high", "medium", "critical"]).toContain(other[0]!.severity);
});

test("a country that goes dark, or for an hour or two, is no day off", () => {
  for (const kept of [() => 0.02, (hour: number) => (hour >= 10 && hour < 12 ? 0.33 : 1)]) {
    const found = drops(tenDays(kept));
    expect(found).toHaveLength(1);
    expect(["high", "medium", "critical"]).toContain(found[0]!.severity);
  }
});

test("what is lost everywhere for hours is no country's day off", () => {
  const events = regionalTraffic({
    seed: 8,
    hours: 200,
    perMinute: 45,
    change: (r, t, random) =>
      t > MONDAY_MS + 7.2 * DAY && t < MONDAY_MS + 7.5 * DAY && random.next() < 0.6 ? null : r,
  });
  const found = detect(Cube.from(events)).filter((f) => f.subtype === "traffic-drop");
  expect(found.map(({ title }) => title)).toEqual([expect.stringMatching(/^Traffic from the whole world down/)]);
});
