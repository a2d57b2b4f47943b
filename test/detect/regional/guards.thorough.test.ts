import { describe, expect, test } from "vitest";
import type { Events } from "../../../src/core/events.js";
import { Random } from "../../../src/core/random.js";
import { HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { Cube } from "../../../src/cube/cube.js";
import { outagesUnder } from "../../../src/detect/regional/findOutages.js";
import { ALL_GUARDS, GUARDS, type Guard, type Guards, guardsWithout } from "../../../src/detect/regional/guards.js";
import { type RegionalOptions, regionalSettings } from "../../../src/detect/regional/regionalOptions.js";
import { regionalSeries, watchSeries } from "../../../src/detect/regional/series/regionalSeries.js";
import { TrafficSignal } from "../../../src/detect/regional/signals/trafficSignal.js";
import { CITIES, MONDAY_MS, type Request, regionalTraffic, type TrafficPlan } from "../../support/regionalTraffic.js";

/** Wednesday, 10:02 UTC: not at the edge of a bucket. */
const START = MONDAY_MS + 58 * HOUR_MS + 2 * MINUTE_MS;
const BERLIN = CITIES.find((c) => c.city === "Berlin")!;
const during = (time: number, minutes = 40): boolean => time >= START && time < START + minutes * MINUTE_MS;
const traffic = (plan: TrafficPlan): Events => regionalTraffic({ hours: 60, ...plan });
/** Regions that are told of, with all guards or all but one. */
const found = (events: Events, without?: Guard, options: RegionalOptions = {}): string[] =>
  outagesUnder(Cube.from(events), regionalSettings(options, without ? guardsWithout(without) : ALL_GUARDS)).map(
    (finding) => finding.region.name,
  );
const failing = (
  perMinute: number,
  client: (random: Random) => number,
  minutes = 60,
): NonNullable<TrafficPlan["more"]> => {
  return (minute, random) =>
    Array.from(
      { length: during(minute, minutes) ? random.poisson(perMinute) : 0 },
      (): Request => ({ city: BERLIN, client: client(random), status: 503, latencyMs: 50, service: "api" }),
    );
};

/** Logs that are no region's trouble, what a detector without the guard tells of each, and what is rightly told with it. */
const LOGS: Record<
  Exclude<Guard, "common-movement">,
  {
    readonly what: string;
    readonly log: () => Events;
    readonly told: RegExp;
    readonly right?: readonly string[];
    readonly options?: RegionalOptions;
  }
> = {
  clients: {
    what: "fifteen broken clients, where a region is twenty",
    options: { minClients: 20 },
    log: () => traffic({ more: failing(40, (random) => 60_000 + random.int(15)) }),
    told: /^Berlin/,
  },
  busiest: {
    what: "one broken client among many that fail now and then, as always",
    options: { minClients: 2, falseAlarmsPerWeek: 2 },
    log: () =>
      traffic({
        hours: 64,
        change: (r, _, random) => (random.next() < 0.03 ? { ...r, status: 503 } : r),
        more: failing(1.7, () => 60_000, 300),
      }),
    told: /^Berlin/,
  },
  "open-bucket": {
    what: "a log that ends one minute into a bucket",
    log: () => {
      const events = traffic({});
      return { ...events, length: events.timeMs.filter((t) => t < MONDAY_MS + 50 * HOUR_MS + MINUTE_MS).length };
    },
    told: /the whole world/,
  },
  history: {
    what: "the first evening of a log",
    log: () =>
      traffic({
        hours: 22,
        change: (r, t, random) => {
          const hour = (t / HOUR_MS + r.city.lon / 15 + 24) % 24;
          return (hour < 7 || hour > 20) && random.next() < 0.9 ? null : r;
        },
      }),
    told: /Germany/,
  },
  "no-data": {
    what: "a night in which one country's requests were collected",
    log: () => {
      const lost = (t: number): boolean => t >= MONDAY_MS + 36 * HOUR_MS && t < MONDAY_MS + 50 * HOUR_MS;
      return traffic({ hours: 76, change: (r, t) => (lost(t) && r.city.country !== "GB" ? null : r) });
    },
    told: /India|Japan|United/,
    right: ["the whole world"],
  },
  coverage: {
    what: "a log in which one country's clock is two hours ahead",
    log: () =>
      traffic({ hours: 62, change: (r, t) => (t > MONDAY_MS + 60 * HOUR_MS && r.city.country !== "GB" ? null : r) }),
    told: /the whole world/,
    right: ["United Kingdom"],
  },
  rush: {
    what: "a match: for five hours four times as many from Germany, which then are as many as always",
    log: () =>
      traffic({
        hours: 76,
        more: (minute, random) => {
          const isOn = minute >= MONDAY_MS + 56 * HOUR_MS && minute < MONDAY_MS + 61 * HOUR_MS;
          const german = CITIES.filter((c) => c.country === "DE");
          return Array.from(
            { length: isOn ? random.poisson(3 * 60 * (german.length / CITIES.length)) : 0 },
            (): Request => ({
              city: random.pick(german),
              client: 1000 + random.int(3000),
              status: 200,
              latencyMs: 50,
              service: "api",
            }),
          );
        },
      }),
    told: /Germany/,
  },
  past: {
    what: "a job of many machines in Germany that ran in one night, and in the next does not",
    log: () =>
      traffic({
        perMinute: 20,
        more: (minute, random) => {
          const isOn = minute >= MONDAY_MS + 27 * HOUR_MS && minute < MONDAY_MS + 30 * HOUR_MS;
          const german = CITIES.filter((c) => c.country === "DE");
          return Array.from(
            { length: isOn ? random.poisson(60) : 0 },
            (): Request => ({
              city: random.pick(german),
              client: 1000 + random.int(3000),
              status: 200,
              latencyMs: 50,
              service: "api",
            }),
          );
        },
      }),
    told: /Germany/,
  },
  chance: {
    what: "bursty traffic: each city's half hours differ by a quarter",
    log: () => traffic({ perMinute: 200, change: bursty(3) }),
    told: /./,
  },
};

function bursty(seed: number): NonNullable<TrafficPlan["change"]> {
  const random = new Random(seed);
  const kept = CITIES.map(() => Array.from({ length: 200 }, () => 0.36 + 0.48 * random.next()));
  return (r, t, rest) =>
    rest.next() < kept[CITIES.indexOf(r.city)]![Math.floor((t - MONDAY_MS) / (30 * MINUTE_MS))]! ? r : null;
}

describe("each guard does its work", () => {
  test.each(GUARDS.filter((guard) => guard !== "common-movement"))("%s", (guard) => {
    const { what, log, told, right = [], options } = LOGS[guard];
    const events = log();
    expect(found(events, guard, options).join("; "), `${what}, without the guard`).toMatch(told);
    expect(found(events, undefined, options), what).toEqual(right);
  });
});

test("many broken clients are a region", () => {
  expect(found(traffic({ more: failing(12, (random) => 60_000 + random.int(100)) }))).toEqual(["Berlin, Germany"]);
});

test("half of everything gone is one global finding, and so is all of it", () => {
  expect(found(traffic({ change: (r, t, random) => (during(t) && random.next() < 0.5 ? null : r) }))).toEqual([
    "the whole world",
  ]);
  expect(found(traffic({ change: (r, t) => (during(t) ? null : r) }))).toEqual(["the whole world"]);
});

test("what always failed is no outage, however much it is", () => {
  const always = traffic({
    hours: 12,
    perMinute: 600,
    change: (r, _, random) => (random.next() < 0.1 ? { ...r, status: 503 } : r),
  });
  expect(found(always)).toEqual([]);
});

test("bursty traffic hides no real outage", () => {
  const bursts = bursty(3);
  const log = traffic({
    perMinute: 300,
    change: (r, t, random) => (during(t, 90) && r.city.country === "DE" ? null : bursts(r, t, random)),
  });
  expect(found(log)).toEqual(["Germany"]);
});

test("a late line, or a country that is read further than the others, is told and not judged", () => {
  const end = MONDAY_MS + 57 * HOUR_MS + 7 * MINUTE_MS;
  for (const late of [0.4, 3, 7]) {
    const isLate = (t: number): boolean => Math.abs(t - end - late * HOUR_MS) < MINUTE_MS;
    let kept = 0;
    const log = traffic({ hours: 66, change: (r, t) => (t < end || (isLate(t) && kept++ === 0) ? r : null) });
    const findings = outagesUnder(Cube.from(log), regionalSettings({}));
    expect(
      findings.map((f) => [f.severity, f.subtype]),
      `${late} hours late`,
    ).toEqual([["info", "coverage"]]);
    expect(findings[0]!.title).toMatch(/^Only .* reports after 2026-03-04T09:05:00.000Z \(1 requests/);
  }
});

test("everything down at the end of a log is told, if a trickle still comes from everywhere", () => {
  const log = traffic({
    hours: 60,
    perMinute: 200,
    change: (r, t, random) => (during(t, 200) && random.next() < 0.9 ? null : r),
  });
  expect(found(log)).toEqual(["the whole world"]);
});

test("what all traffic does at once lowers what is expected of every place, unless that is switched off", () => {
  const log = traffic({ perMinute: 300, change: (r, t, random) => (during(t) && random.next() < 0.2 ? null : r) });
  const share = (guards: Guards): number => {
    const series = regionalSeries(Cube.from(log), guards);
    const { watch } = watchSeries(series, new TrafficSignal(series.traffic, guards), regionalSettings({}, guards));
    const n = series.traffic.sites.length;
    const t = 58 * 12 + 4;
    let [observed, expected] = [0, 0];
    for (let i = t * n; i < (t + 1) * n; i++) {
      observed += watch.observed[i]!;
      expected += watch.expected[i]!;
    }
    return observed / expected;
  };
  expect(share(ALL_GUARDS)).toBeGreaterThan(0.87);
  expect(share(guardsWithout("common-movement"))).toBeLessThan(0.85);
});
