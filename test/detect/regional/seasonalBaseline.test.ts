import { describe, expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { isMissingDays } from "../../../src/detect/regional/incidents/missingDays.js";
import type { Incident } from "../../../src/detect/regional/scan/sequentialScan.js";
import type { Sites, Traffic } from "../../../src/detect/regional/series/trafficColumns.js";
import { HourSlots } from "../../../src/detect/regional/signals/hourSlots.js";
import { SeasonalBaseline } from "../../../src/detect/regional/signals/seasonalBaseline.js";

const BUCKET_MS = 5 * MINUTE_MS;
const one = new Uint32Array(1);
/** One site in New York, five hours behind UTC until 8 March 2026, four from then on. */
const NEW_YORK: Sites = {
  length: 1,
  country: one,
  region: one,
  city: one,
  lat: Float64Array.of(40.71),
  lon: Float64Array.of(-74.01),
  countries: ["US"],
  regions: [{ name: "New York", country: "US" }],
  cities: [{ name: "New York", region: "New York", country: "US" }],
  splits: [],
};

/** A baseline that has seen some days, each bucket with as many visits as a rule says. */
function learned(from: number, days: number, visits: (timeMs: number) => number): SeasonalBaseline {
  const baseline = new SeasonalBaseline(NEW_YORK, from, BUCKET_MS);
  for (let t = from; t < from + days * DAY_MS; t += BUCKET_MS)
    baseline.add(t + BUCKET_MS / 2, Float64Array.of(visits(t)), Uint8Array.of(1), BUCKET_MS / HOUR_MS);
  baseline.fit();
  return baseline;
}

const expectedAt = (baseline: SeasonalBaseline, timeMs: number): number => {
  const out = new Float64Array(1);
  baseline.expectedInto(timeMs + BUCKET_MS / 2, BUCKET_MS, out);
  return out[0]!;
};

describe("what a local time may stand for", () => {
  const isWeekend = (t: number, hoursBehind: number): boolean =>
    [0, 6].includes(new Date(t - hoursBehind * HOUR_MS).getUTCDay());
  const january = Date.UTC(2026, 0, 5, 5);
  const weekly = learned(january, 14, (t) => (isWeekend(t, 5) ? 20 : 100));

  test("around a midnight at which the kind of day changes it is the lesser of the two", () => {
    const monday = january + 14 * DAY_MS;
    expect(expectedAt(weekly, monday + HOUR_MS)).toBeLessThan(25);
    expect(expectedAt(weekly, monday + 3 * HOUR_MS)).toBeGreaterThan(90);
    expect(expectedAt(weekly, monday + 5 * DAY_MS - HOUR_MS)).toBeLessThan(25);
  });

  test("around any other midnight it is the day's own", () => {
    expect(expectedAt(weekly, january + 15 * DAY_MS + HOUR_MS)).toBeGreaterThan(90);
  });

  test("for two weeks after clocks change, those who keep the old time are reckoned with", () => {
    const from = Date.UTC(2026, 1, 23, 5);
    // Work from 9 to 17 by the clock.
    const office = learned(from, 12, (t) => {
      const hour = new Date(t - 5 * HOUR_MS).getUTCHours();
      return hour >= 9 && hour < 17 ? 100 : 10;
    });
    const tuesday = Date.UTC(2026, 2, 10);
    // 9:30 and 16:30 of the new time are 8:30 and 15:30 of the old.
    expect(expectedAt(office, tuesday + 13.5 * HOUR_MS)).toBeLessThan(60);
    expect(expectedAt(office, tuesday + 16 * HOUR_MS)).toBeGreaterThan(80);
    expect(expectedAt(office, tuesday + 21 * DAY_MS + 13.75 * HOUR_MS)).toBeGreaterThan(60);
  });
});

describe("slots of the hour", () => {
  const slotsOf = (visits: (slot: number) => number): Float64Array => {
    const slots = new HourSlots(1, BUCKET_MS);
    for (let t = 0; t < DAY_MS; t += BUCKET_MS)
      slots.add(t, Float64Array.of(visits((t % HOUR_MS) / BUCKET_MS)), Uint8Array.of(1), one);
    slots.fit();
    return Float64Array.from({ length: 12 }, (_, k) => slots.factorsAt(k * BUCKET_MS)[0]!);
  };

  test("devices that report on the hour are expected on the hour", () => {
    const factors = slotsOf((slot) => (slot === 0 ? 240 : 0));
    expect(factors[0]).toBeGreaterThan(11.5);
    for (const other of factors.subarray(1)) expect(other).toBeLessThan(0.1);
  });

  test("people do not mind the minute", () => {
    const random = new Random(3);
    for (const factor of slotsOf(() => random.poisson(30))) expect(factor).toBeCloseTo(1, 1);
  });

  test("buckets that are no part of an hour have no slots", () => {
    const slots = new HourSlots(1, 7 * MINUTE_MS);
    slots.add(0, Float64Array.of(100), Uint8Array.of(1), one);
    slots.fit();
    expect(slots.factorsAt(0)[0]).toBeCloseTo(1);
  });
});

describe("days that are missing", () => {
  const bucketCount = 5 * 288;
  const isMissing = (from: number, to: number): boolean => {
    const visits = Float32Array.from({ length: bucketCount }, (_, t) => (t >= from && t < to ? 0 : 10));
    const traffic = { sites: NEW_YORK, visits, bucketCount, bucketMs: BUCKET_MS } as Traffic;
    return isMissingDays(traffic, { from: from + 1, to: from + 40 } as Incident);
  };

  test("whole days without a request are, and what is shorter, longer, or lasts to the end is not", () => {
    expect(isMissing(288, 2 * 288)).toBe(true);
    expect(isMissing(288 + 3, 3 * 288)).toBe(true);
    expect(isMissing(288, 1.5 * 288)).toBe(false);
    expect(isMissing(288, 288 + 60)).toBe(false);
    expect(isMissing(4 * 288, 5 * 288)).toBe(false);
  });
});
