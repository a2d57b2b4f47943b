import { describe, expect, test } from "vitest";
import { ZoneTime } from "../../src/triage/decide/zoneTime.js";
import type { Policy } from "../../src/triage/policy/policy.js";
import { triage } from "../../src/triage/triage.js";
import { findingOf, MINUTE } from "./findings.js";

interface Change {
  readonly zone: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
  readonly day: string;
  /** 01:30 and 04:30 on the zone's clocks, with the offsets before and after, as the zones' laws have them. */
  readonly from: string;
  readonly until: string;
}

/** Clocks go forward at 02:00 (in Lord Howe by half an hour), and back from 03:00 or 02:00. */
const CHANGES: readonly Change[] = [
  {
    zone: "Europe/Berlin",
    country: "DE",
    lat: 52.52,
    lon: 13.4,
    day: "2026-03-29",
    from: "01:30+01:00",
    until: "04:30+02:00",
  },
  {
    zone: "Europe/Berlin",
    country: "DE",
    lat: 52.52,
    lon: 13.4,
    day: "2026-10-25",
    from: "01:30+02:00",
    until: "04:30+01:00",
  },
  {
    zone: "America/New_York",
    country: "US",
    lat: 40.71,
    lon: -74.01,
    day: "2026-03-08",
    from: "01:30-05:00",
    until: "04:30-04:00",
  },
  {
    zone: "America/New_York",
    country: "US",
    lat: 40.71,
    lon: -74.01,
    day: "2026-11-01",
    from: "01:30-04:00",
    until: "04:30-05:00",
  },
  {
    zone: "Australia/Lord_Howe",
    country: "AU",
    lat: -31.55,
    lon: 159.08,
    day: "2026-04-05",
    from: "01:30+11:00",
    until: "04:30+10:30",
  },
  {
    zone: "Australia/Lord_Howe",
    country: "AU",
    lat: -31.55,
    lon: 159.08,
    day: "2026-10-04",
    from: "01:30+10:30",
    until: "04:30+11:00",
  },
];

const momentOf = ({ day }: Change, time: string): number => Date.parse(`${day}T${time.replace(/(?=[+-])/, ":00")}`);

function isTold(change: Change, policy: Policy, startMs: number, endMs: number): boolean {
  const { country, lat, lon } = change;
  const finding = findingOf({ country, startMs, endMs, detectedAtMs: startMs, region: { centroid: { lat, lon } } });
  return triage([finding], policy).alerts.length === 1;
}

/** Hidden from the first minute to the last and no longer. */
function hidesExactly(change: Change, policy: Policy): void {
  const [from, until] = [momentOf(change, change.from), momentOf(change, change.until)];
  expect(isTold(change, policy, from, until - MINUTE)).toBe(false);
  expect(isTold(change, policy, from - MINUTE, until - MINUTE)).toBe(true);
  expect(isTold(change, policy, from, until + MINUTE)).toBe(true);
  expect(isTold(change, policy, until + MINUTE, until + 2 * MINUTE)).toBe(true);
}

describe.each(CHANGES)("in $zone on $day, when clocks change", (change) => {
  const { zone, day } = change;
  const plain = { name: "night", slack: "0s" } as const;

  test("a daily window follows the clocks of where the finding is", () => {
    hidesExactly(change, { windows: [{ ...plain, from: "01:30", until: "04:30" }] });
  });

  test("so does one on the weekday, in a zone that it names", () => {
    hidesExactly(change, { windows: [{ ...plain, zone, days: ["sun"], from: "01:30", until: "04:30" }] });
    const monday: Policy = { windows: [{ ...plain, zone, days: ["mon"], from: "01:30", until: "04:30" }] };
    expect(isTold(change, monday, momentOf(change, change.from), momentOf(change, change.until))).toBe(true);
  });

  test("so does a single window in local time", () => {
    hidesExactly(change, { windows: [{ ...plain, from: `${day}T01:30`, until: `${day}T04:30` }] });
  });

  test("a window and a silence with offsets are what they say", () => {
    const [from, until] = [change.from, change.until].map((time) => `${day}T${time.replace(/(?=[+-])/, ":00")}`) as [
      string,
      string,
    ];
    hidesExactly(change, { windows: [{ ...plain, from, until }] });
    const silences = [{ match: { region: change.country }, from, until, author: "jo", reason: "planned" }];
    const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
    expect(isTold(change, { silences }, fromMs, untilMs - MINUTE)).toBe(false);
    expect(isTold(change, { silences }, fromMs - MINUTE, untilMs - MINUTE)).toBe(true);
    expect(isTold(change, { silences }, fromMs, untilMs)).toBe(true);
  });

  test("the night before and the night after are three hours, too", () => {
    for (const days of [-1, 1]) {
      const clock = new ZoneTime(zone);
      const wall = (time: string): number => Date.parse(`${day}T${time}Z`) + days * 24 * 60 * MINUTE;
      const [from, until] = [clock.moments(wall("01:30")), clock.moments(wall("04:30"))];
      expect([from.length, until.length, until[0]! - from[0]!]).toEqual([1, 1, 180 * MINUTE]);
      const policy: Policy = { windows: [{ ...plain, from: "01:30", until: "04:30" }] };
      expect(isTold(change, policy, from[0]!, until[0]!)).toBe(false);
      expect(isTold(change, policy, from[0]! - MINUTE, until[0]!)).toBe(true);
    }
  });
});

test("a time that clocks skip is the moment at which they do, one that they show twice is both", () => {
  const berlin = new ZoneTime("Europe/Berlin");
  expect(berlin.moments(Date.UTC(2026, 2, 29, 2, 30))).toEqual([Date.UTC(2026, 2, 29, 1)]);
  expect(berlin.moments(Date.UTC(2026, 9, 25, 2, 30))).toEqual([
    Date.UTC(2026, 9, 25, 0, 30),
    Date.UTC(2026, 9, 25, 1, 30),
  ]);
  // The Pacific's date line: Apia had no 30 December 2011.
  expect(new ZoneTime("Pacific/Apia").moments(Date.UTC(2011, 11, 30, 12))).toEqual([Date.UTC(2011, 11, 30, 10)]);
});
