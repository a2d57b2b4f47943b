import { expect, test } from "vitest";
import type { Events } from "../../../src/core/events.js";
import { Cube } from "../../../src/cube/cube.js";
import { cubeSettings } from "../../../src/cube/cubeOptions.js";
import { emptyParts } from "../../../src/cube/cubeParts.js";
import { LiveRegional } from "../../../src/detect/regional/live/liveRegional.js";
import { LiveSeries } from "../../../src/detect/regional/live/liveSeries.js";
import { PlaceBook } from "../../../src/detect/regional/live/siteBook.js";
import { regionalSettings } from "../../../src/detect/regional/regionalOptions.js";
import { GrowingDiscs } from "../../../src/detect/regional/scan/growingDiscs.js";
import { regionalSeries, watchSeries } from "../../../src/detect/regional/series/regionalSeries.js";
import type { Sites } from "../../../src/detect/regional/series/trafficColumns.js";
import { TrafficSignal } from "../../../src/detect/regional/signals/trafficSignal.js";
import { copyRows } from "../../../src/monitor/intake/copyRows.js";
import { BucketLog } from "../../../src/monitor/judge/bucketLog.js";
import { MONDAY_MS, regionalTraffic, type TrafficPlan } from "../../support/regionalTraffic.js";

const HOUR_MS = 3_600_000;
const OPTIONS = { bucketSeconds: 1800 };
const BUCKET_MS = 1_800_000;

/** Buckets of a log as they close, oldest first. */
function closedBuckets(events: Events): {
  log: BucketLog;
  close: () => Generator<{ number: number; cube: Cube | null }>;
} {
  const log = new BucketLog(emptyParts(cubeSettings(OPTIONS)));
  const open = log.empty();
  function* close(): Generator<{ number: number; cube: Cube | null }> {
    for (let from = 0; from < events.length; ) {
      const number = Math.floor(events.timeMs[from]! / BUCKET_MS);
      let to = from;
      while (to < events.length && Math.floor(events.timeMs[to]! / BUCKET_MS) === number) to++;
      const first = from;
      open.add(
        copyRows(
          events,
          Uint32Array.from({ length: to - from }, (_, i) => first + i),
        ),
      );
      yield { number, cube: log.add(number, open.take()) };
      from = to;
    }
  }
  return { log, close };
}

const hoursOf = (timeMs: number): number => (timeMs - MONDAY_MS) / HOUR_MS;
const bornLater: TrafficPlan["change"] = (request, timeMs) =>
  (request.city.city === "Munich" && hoursOf(timeMs) < 9) || (request.city.country === "IN" && hoursOf(timeMs) < 31)
    ? null
    : request;

test("a city that is met later is expected to bring as much as if it had been known from the first", () => {
  const events = regionalTraffic({ hours: 44, perMinute: 60, change: bornLater });
  const settings = regionalSettings({});
  const batch = regionalSeries(Cube.from(events, OPTIONS));
  const whole = watchSeries(batch, new TrafficSignal(batch.traffic), settings);
  const { log, close } = closedBuckets(events);
  const book = new PlaceBook([], 1_000);
  let series: LiveSeries | undefined;
  for (const { number, cube } of close()) {
    book.siteOf(cube!);
    series ??= new LiveSeries(
      book,
      { room: 64, known: book.length },
      { bucketMs: BUCKET_MS, firstBucket: number, startedBucket: number, capacity: 100 },
      { settings, tables: log.tables, history: () => log.cube, slices: [], discs: new GrowingDiscs() },
    );
    series.add(cube);
    for (const _ of series.tick());
    if (series.isPending) for (const _ of series.admit());
  }
  const { sites, drops } = series!;
  const nameOf = ({ cities, city }: Sites, p: number): string => cities[city[p]!]!.name;
  for (const [t, tolerance] of [
    [80, 0.03],
    [86, 0.03],
  ] as const)
    for (let p = 0; p < sites.known; p++) {
      const n = batch.traffic.sites.length;
      const q = [...Array(n).keys()].find((s) => nameOf(batch.traffic.sites, s) === nameOf(sites, p))!;
      const usual = whole.watch.expected[t * n + q]!;
      expect(Math.abs(drops.watch.expected[t * sites.length + p]! - usual)).toBeLessThanOrEqual(
        tolerance * usual + 0.5,
      );
    }
});

test("the oldest buckets go without a trace in what is told", () => {
  const events = regionalTraffic({
    hours: 62,
    perMinute: 60,
    change: (request, timeMs, random) => {
      const hours = hoursOf(timeMs);
      if (hours >= 45 && hours < 48 && request.city.country === "JP") return { ...request, status: 503 };
      if (hours >= 55 && hours < 58 && request.city.country === "FR")
        return { ...request, latencyMs: 4 * request.latencyMs };
      return bornLater(request, timeMs, random);
    },
  });
  const told = (mostCells: number): string[] => {
    const { log, close } = closedBuckets(events);
    const regional = new LiveRegional(BUCKET_MS, regionalSettings({}), log, mostCells);
    const lines = new Set<string>();
    for (const { number, cube } of close()) {
      for (const _ of regional.close(number, cube));
      const { outages, hotspots } = regional.findings();
      for (const { title, startMs, endMs } of [...outages, ...hotspots])
        lines.add(`${startMs} ${endMs} ${title.split("(")[0]}`);
      for (const _ of regional.settle(number));
    }
    return [...lines];
  };
  const all = told(1_500_000);
  expect(all.join()).toMatch(/Japan fail.*France is slow/);
  expect(told(1)).toEqual(all);
});
