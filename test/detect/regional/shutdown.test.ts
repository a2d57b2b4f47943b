import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { countOutages } from "../../../src/detect/regional/countOutages.js";
import type { PlaceCounts } from "../../../src/detect/regional/placeCounts.js";
import { hasSharedData, sharedData } from "../../support/sharedData.js";

const HOUR = 3_600_000;

/** Hourly connectivity (percent) of 73 Iranian counties in November 2019. */
function iran(): { input: PlaceCounts; names: string[]; onsetMs: number; affected: Set<string> } {
  const lines = readFileSync(sharedData("detect/outages/irn-2019-11-11_gif.csv"), "utf8")
    .trim()
    .split(/\r?\n/)
    .slice(1);
  const rows = lines.map((line) => line.split(","));
  const names = [...new Set(rows.map((r) => `${r[2]}|${r[4]}`))];
  const times = rows.map((r) => Number(r[5]) * 1000);
  const originMs = Math.min(...times);
  const hours = (Math.max(...times) - originMs) / HOUR + 1;
  const counts = names.map(() => new Float64Array(hours).fill(Number.NaN));
  const places: PlaceCounts["places"][number][] = [];
  rows.forEach((r, i) => {
    const p = names.indexOf(`${r[2]}|${r[4]}`);
    places[p] = { country: "IR", region: r[2]!, city: r[4]!, lat: Number(r[7]), lon: Number(r[8]) };
    counts[p]![(times[i]! - originMs) / HOUR] = Number(r[9]);
  });
  const truth = JSON.parse(readFileSync(sharedData("detect/outages/iran_2019_truth.json"), "utf8")).iran_2019;
  return {
    input: { originMs, bucketMs: HOUR, places, counts },
    names,
    onsetMs: Date.parse(`${truth.onset.replace(" ", "T")}Z`),
    affected: new Set(truth.affected),
  };
}

test.skipIf(!hasSharedData("detect/outages/iran_2019_truth.json"))("a country's shutdown: who, and since when", () => {
  const { input, names, onsetMs, affected } = iran();
  const outages = countOutages(input);
  const shutdown = outages.reduce((a, b) => (b.places.length > a.places.length ? b : a));
  const found = shutdown.places.map((p) => names[p]!);
  const right = found.filter((name) => affected.has(name)).length;
  expect((2 * right) / (found.length + affected.size)).toBeGreaterThanOrEqual(0.99);
  expect(Math.abs(shutdown.startMs - onsetMs)).toBeLessThanOrEqual(HOUR);
  // What is told before is real too (Ahvaz was cut off a day earlier), but nothing of the country's shutdown.
  const before = outages.filter((o) => o.startMs < onsetMs && o !== shutdown);
  const cellHours = names.length * ((onsetMs - input.originMs) / HOUR);
  // Each hour that a county spends inside an outage counts; and, milder, each county once an outage.
  const hours = before.reduce((sum, o) => sum + (o.places.length * (o.endMs! - o.startMs)) / HOUR, 0);
  const raised = before.reduce((sum, o) => sum + o.places.length, 0);
  expect(hours / cellHours).toBeLessThanOrEqual(0.002);
  expect(raised / cellHours).toBeLessThanOrEqual(0.0005);
});

function counts(change: (place: number, hour: number) => number): PlaceCounts {
  const random = new Random(7);
  const places = Array.from({ length: 12 }, (_, p) => ({ country: p < 8 ? "AA" : "BB", lat: p, lon: 2 * p }));
  const rows = places.map((_, p) => Array.from({ length: 120 }, (_, h) => random.poisson(200) * change(p, h)));
  return { originMs: 0, bucketMs: HOUR, places, counts: rows };
}

test("counts from elsewhere: a country that goes dark is found, missing data is no drop", () => {
  const dark = countOutages(counts((p, h) => (p >= 8 && h >= 90 && h < 96 ? 0.1 : 1)));
  expect(dark).toMatchObject([
    { places: [8, 9, 10, 11], startMs: 90 * HOUR, endMs: 96 * HOUR, detectedAtMs: 91 * HOUR },
  ]);
  expect(countOutages(counts((p, h) => (p >= 8 && h >= 90 ? Number.NaN : 1)))).toEqual([]);
});

test("an outage is what loses half, unless less is asked for; a place that kept its counts is none of it", () => {
  // All of BB fall by four tenths; place 3 by far more, together with its neighbours who keep theirs.
  const input = counts((p, h) => (h < 90 || h >= 96 ? 1 : p >= 8 ? 0.6 : p === 3 ? 0.2 : 1));
  expect(countOutages(input).map((o) => o.places)).toEqual([[3]]);
  expect(countOutages(input, { minLoss: 0.3 }).map((o) => o.places)).toEqual([[8, 9, 10, 11], [3]]);
  for (const minLoss of [0, 1, Number.NaN]) expect(() => countOutages(input, { minLoss })).toThrow(/minLoss/);
});

test("counts that do not fit are refused", () => {
  const good = counts(() => 1);
  expect(() => countOutages({ ...good, counts: good.counts.slice(1) })).toThrow(/rows of counts/);
  expect(() => countOutages({ ...good, counts: good.counts.map((row, i) => (i === 3 ? [-1] : row)) })).toThrow(
    /counts/,
  );
});

/** Sixteen days of 40 places, hourly, with a rhythm; the first 13 fall to 40% for eight hours, then recover. */
function recovering(pointsAnHour: number): PlaceCounts {
  const random = new Random(1);
  const fall = 12 * 24 + 10;
  const kept = (p: number, h: number): number => {
    if (p >= 13 || h < fall) return 1;
    return h < fall + 8 ? 0.4 : Math.min(1, 0.4 + ((h - fall - 7) * pointsAnHour) / 100);
  };
  const places = Array.from({ length: 40 }, (_, p) => ({
    country: `C${p % 4}`,
    region: `R${p}`,
    lat: 2 * p - 40,
    lon: 5 * p - 100,
  }));
  const rhythm = (h: number): number => 1000 * (1 + 0.4 * Math.sin((2 * Math.PI * h) / 24));
  const rows = places.map((_, p) => Array.from({ length: 384 }, (_, h) => random.poisson(rhythm(h) * kept(p, h))));
  return { originMs: 0, bucketMs: HOUR, places, counts: rows };
}

test.each([
  [100, 8],
  [5, 10],
  [1.5, 13],
])("places that recover by %d points an hour are named by their own worst hours", (points, hours) => {
  const [outage, ...more] = countOutages(recovering(points));
  expect(more).toEqual([]);
  expect(outage!.places).toEqual([...Array(13).keys()]);
  expect(outage!.startMs).toBe(298 * HOUR);
  for (const { startMs, endMs, observed, expected } of outage!.parts) {
    expect(Math.abs(startMs - 298 * HOUR)).toBeLessThanOrEqual(HOUR);
    expect(Math.abs(endMs! - startMs - hours * HOUR)).toBeLessThanOrEqual(6 * HOUR);
    expect(observed).toBeLessThan(0.55 * expected);
  }
});

/** Four weeks of one series, hourly. */
const series = (next: (random: Random) => (hour: number) => number, seed: number): PlaceCounts => {
  const value = next(new Random(seed));
  const row = Array.from({ length: 672 }, (_, h) => value(h));
  return { originMs: 0, bucketMs: HOUR, places: [{ country: "DE", lat: 50, lon: 10 }], counts: [row] };
};
const BURSTY: Record<string, (random: Random) => (hour: number) => number> = {
  "counts far more variable than Poisson's": (r) => (h) => r.poisson(50 * (1.2 + Math.sin(h / 3.82)) * r.gamma(1)),
  "batches of all sizes": (r) => () =>
    Array.from({ length: r.poisson(3) }, () => Math.ceil(5 / r.next() ** 0.8)).reduce((a, b) => a + b, 0),
  "a job that runs in some hours": (r) => () => (r.next() < 0.3 ? r.poisson(40) : r.poisson(1)),
};

test.each(Object.entries(BURSTY))("one series of %s keeps the promised rate", (_, next) => {
  const alarms = [1, 2, 3, 4, 5, 6].map((seed) => countOutages(series(next, seed)).length);
  expect(alarms.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(3); // 24 weeks at 0.05
  const steady = series((r) => () => r.poisson(400), 1);
  const dark = { ...steady, counts: [Array.from(steady.counts[0]!, (v, h) => (h >= 500 && h < 506 ? 0 : v!))] };
  expect(countOutages(dark)).toMatchObject([{ startMs: 500 * HOUR, endMs: 506 * HOUR }]);
});

test("shares are no counts: with their own noise learned, a fall of a quiet index is found and a noisy one is not", () => {
  const index = (noise: number): PlaceCounts => {
    const random = new Random(3);
    const input = counts(() => 1);
    const rows = input.places.map((_, p) =>
      Array.from({ length: 120 }, (_, h) =>
        Math.max(0, (p >= 8 && h >= 90 && h < 96 ? 2.5 : 8) * (1 + noise * random.normal())),
      ),
    );
    return { ...input, counts: rows };
  };
  expect(countOutages(index(0.02), { values: "shares" })).toMatchObject([
    { places: [8, 9, 10, 11], startMs: 90 * HOUR, endMs: 96 * HOUR },
  ]);
  expect(() => countOutages(index(0.02), { values: "percent" as "shares" })).toThrow(/values/);
});

test("null and undefined are no data, as NaN is", () => {
  const input = counts(() => 1);
  const missing = input.counts.map((row, p) =>
    Array.from(row, (v, h) => (h < 90 || p < 8 ? v! : p % 2 ? null : undefined)),
  );
  expect(countOutages({ ...input, counts: missing })).toEqual([]);
});
