import { describe, expect, test } from "vitest";
import { Dictionary } from "../../../src/core/dictionary.js";
import type { Events } from "../../../src/core/events.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import type { Finding } from "../../../src/detect/finding.js";
import { findHotspots } from "../../../src/detect/regional/findHotspots.js";
import { outagesUnder } from "../../../src/detect/regional/findOutages.js";
import { guardsBeside, guardsWithout } from "../../../src/detect/regional/guards.js";
import { regionalSettings } from "../../../src/detect/regional/regionalOptions.js";
import { coveredSpan } from "../../../src/detect/regional/series/sourceCoverage.js";
import { MONDAY_MS, regionalTraffic } from "../../support/regionalTraffic.js";

const HOUR = 3_600_000;
const EUROPE = new Set(["DE", "FR", "CH", "GB"]);
const isGrave = (f: Finding): boolean => f.severity !== "low" && f.severity !== "info";

/** Events with the PoP that serves each place, or one of three servers in turn. */
function withSource(events: Events, name: string, sourceOf: (country: string, row: number) => string): Events {
  const dictionary = new Dictionary();
  const codes = Uint32Array.from({ length: events.length }, (_, i) =>
    dictionary.code(sourceOf(events.places.at(events.place[i]!)!.country, i)),
  );
  return { ...events, dimensions: new Map([...events.dimensions, [name, { dictionary, codes }]]) };
}

/** The rows that a test keeps. */
function where(events: Events, keeps: (timeMs: number, source: string) => boolean, name: string): Events {
  const { codes, dictionary } = events.dimensions.get(name)!;
  const rows = [...Array(events.length).keys()].filter((i) => keeps(events.timeMs[i]!, dictionary.value(codes[i]!)));
  const pick = <T extends { readonly [row: number]: number }>(from: T, make: (n: number) => T): T => {
    const out = make(rows.length);
    for (const [i, row] of rows.entries()) (out as unknown as number[])[i] = from[row]!;
    return out;
  };
  const n = rows.length;
  const u32 = (n: number) => new Uint32Array(n);
  return {
    ...events,
    length: n,
    timeMs: pick(events.timeMs, (n) => new Float64Array(n)),
    client: { length: n, family: new Uint8Array(n).fill(4), value: pick(events.client.value, u32), words: u32(0) },
    place: pick(events.place, u32),
    network: new Uint32Array(n),
    status: pick(events.status, (n) => new Uint16Array(n)),
    latencyMs: pick(events.latencyMs, (n) => new Float32Array(n)),
    bytes: new Float64Array(n),
    user: { length: n, low: u32(n), high: u32(n), bytes: new Uint8Array(0), starts: u32(n), ends: u32(n) },
    dimensions: new Map(
      [...events.dimensions].map(([key, c]) => [key, { dictionary: c.dictionary, codes: pick(c.codes, u32) }]),
    ),
  };
}

const popOf = (country: string): string => (EUROPE.has(country) ? "fra" : country === "US" ? "iad" : "nrt");
const traffic = withSource(regionalTraffic({ seed: 4, hours: 72 }), "pop", popOf);
const servers = withSource(regionalTraffic({ seed: 5, hours: 72 }), "server", (_, row) => `web${row % 3}`);
const find = (events: Events, name: string) => detect(Cube.from(events, { dimensions: ["service", name] }));
const unguarded = (events: Events, name: string): Finding[] => {
  const cube = Cube.from(events, { dimensions: ["service", name] });
  // A third of a short past is little enough for the past to hold it back by itself.
  return outagesUnder(cube, regionalSettings({}, guardsBeside(guardsWithout("coverage"), "past"))).filter(isGrave);
};
const from = MONDAY_MS + 52 * HOUR;
const until = from + 5 * HOUR;
const gap = (source: string) => (timeMs: number, own: string) => own !== source || timeMs < from || timeMs >= until;

describe("a source of which nothing comes is one finding about the source", () => {
  test("a PoP that serves four countries is dark for hours", () => {
    const events = where(traffic, gap("fra"), "pop");
    expect(unguarded(events, "pop").length).toBeGreaterThan(0);
    const found = find(events, "pop").filter((f) => f.severity !== "info");
    expect(found).toMatchObject([
      { subtype: "lost-source", severity: "medium", dimensions: { pop: "fra" }, startMs: from, endMs: until },
    ]);
    expect(found[0]!.region.countries).toEqual(["CH", "DE", "FR", "GB"]);
    const came = traffic.timeMs.reduce((n, t, i) => {
      const { codes, dictionary } = traffic.dimensions.get("pop")!;
      return n + (t >= from && t < until && dictionary.value(codes[i]!) === "fra" ? 1 : 0);
    }, 0);
    expect(found[0]!.expected / came).toBeGreaterThan(0.85);
    expect(found[0]!.expected / came).toBeLessThan(1.15);
  });

  test("nobody before the offices open is no lost source, though the mean of the hour says much would come", () => {
    const isOpen = (timeMs: number): boolean => ((timeMs - MONDAY_MS) / HOUR) % 24 >= 8;
    const early = MONDAY_MS + 55 * HOUR;
    let row = 0;
    const offices = where(
      traffic,
      (timeMs, own) =>
        own !== "fra" || isOpen(timeMs) || (row++ % 400 === 0 && (timeMs < early || timeMs > early + HOUR)),
      "pop",
    );
    expect(find(offices, "pop").filter((f) => f.subtype === "lost-source")).toEqual([]);
  });

  test("one of three servers that everybody comes through", () => {
    const events = where(servers, gap("web1"), "server");
    expect(unguarded(events, "server").length).toBeGreaterThan(0);
    expect(find(events, "server").filter((f) => f.severity !== "info")).toMatchObject([
      { subtype: "lost-source", dimensions: { server: "web1" } },
    ]);
  });

  test("its log ends hours before the others", () => {
    const events = where(servers, (timeMs, own) => own !== "web1" || timeMs < from, "server");
    expect(find(events, "server").filter((f) => f.severity !== "info")).toMatchObject([
      { subtype: "lost-source", severity: "low", endMs: null, startMs: from },
    ]);
  });

  test("what came by others instead has moved", () => {
    const moved = withSource(regionalTraffic({ seed: 5, hours: 72 }), "server", (_, row) => `web${row % 3}`);
    const { codes, dictionary } = moved.dimensions.get("server")!;
    const [left, right] = [dictionary.code("web1"), dictionary.code("web2")];
    codes.forEach((code, i) => {
      if (code === left && moved.timeMs[i]! >= from && moved.timeMs[i]! < until) codes[i] = right;
    });
    const found = find(moved, "server");
    expect(found.map((f) => [f.subtype, f.severity])).toEqual([["lost-source", "info"]]);
    expect(found[0]!.evidence).toMatchObject({ missing: 0, servedSinceMs: from, servedBy: ["web2"] });
    expect(found[0]!.title).toMatch(/expected\): web2 served them$/);
  });

  test("a PoP that keeps but a few of its clients, the others served by the next, is no outage", () => {
    const moved = withSource(regionalTraffic({ seed: 5, hours: 72 }), "pop", popOf);
    const { codes, dictionary } = moved.dimensions.get("pop")!;
    const [left, right] = [dictionary.code("fra"), dictionary.code("iad")];
    codes.forEach((code, i) => {
      if (code === left && i % 10 > 0 && moved.timeMs[i]! >= from && moved.timeMs[i]! < until) codes[i] = right;
    });
    expect(find(moved, "pop").filter(isGrave)).toEqual([]);
    const lost = where(moved, (t, own) => own !== "iad" || t < from || t >= until, "pop");
    expect(find(lost, "pop").filter(isGrave).length).toBeGreaterThan(0);
  });

  test("what was lost before others took over is told, and how grave it is goes by that", () => {
    const back = from + 40 * 60_000;
    const moved = withSource(regionalTraffic({ seed: 4, hours: 72 }), "pop", popOf);
    const { codes, dictionary } = moved.dimensions.get("pop")!;
    const [left, right] = [dictionary.code("fra"), dictionary.code("iad")];
    const isLost = moved.timeMs.map((t, i) => (codes[i] === left && t >= from && t < back ? 1 : 0));
    const lost = isLost.reduce((sum, is) => sum + is, 0);
    codes.forEach((code, i) => {
      if (code === left && moved.timeMs[i]! >= back && moved.timeMs[i]! < until) codes[i] = right;
    });
    const found = find(
      where(moved, (t, own) => own !== "fra" || t < from || t >= back, "pop"),
      "pop",
    );
    expect(found.map((f) => [f.subtype, f.severity, f.startMs, f.endMs])).toEqual([
      ["lost-source", "critical", from, until],
    ]);
    const { missing, servedSinceMs, servedBy } = found[0]!.evidence as Record<string, number>;
    expect(missing! / lost).toBeGreaterThan(0.8);
    expect(missing! / lost).toBeLessThan(1.25);
    expect([servedSinceMs, servedBy]).toEqual([back, ["iad"]]);
    expect(found[0]!.title).toMatch(/: \d+ were lost, iad served them since 2026-03-04T04:40/);
  });

  test("nights are none, and an outage of other places beside a lost source is told", () => {
    const both = where(traffic, gap("fra"), "pop");
    const rest = where(
      both,
      (timeMs, own) => own !== "iad" || timeMs < from + HOUR || timeMs >= until - HOUR || timeMs % 10 === 0,
      "pop",
    );
    const found = find(rest, "pop").filter(isGrave);
    expect(found.map((f) => f.subtype).sort()).toEqual(["lost-source", "traffic-drop"]);
    expect(found.find((f) => f.subtype === "traffic-drop")!.region.countries).toEqual(["US"]);
    expect(find(traffic, "pop")).toEqual([]);
  });
});

const SPANS = ["web0", "web1", "web2"].map((name) => ({
  name,
  fromMs: MONDAY_MS,
  toMs: MONDAY_MS + 72 * HOUR,
  requests: 86_000,
}));

describe("files that ran side by side and do not end, or begin, together", () => {
  const endMs = MONDAY_MS + 60 * HOUR;
  const cut = where(servers, (timeMs, own) => own === "web2" || timeMs < endMs, "server");
  const sources = SPANS.map((s) => (s.name === "web2" ? s : { ...s, toMs: endMs - 1000, requests: 72_000 }));

  test("are judged up to where most of them end, and it is said who goes on", () => {
    const cube = Cube.from(cut, { dimensions: ["service"] });
    expect(detect(cube).filter(isGrave).length).toBeGreaterThan(0);
    const found = detect(cube, { sources });
    expect(found).toMatchObject([{ subtype: "coverage", severity: "info" }]);
    expect(found[0]!.title).toMatch(/^Only web2 reports after 2026-03-04T1[12]:/);
  });

  test("a file that begins hours after the others", () => {
    const spans = SPANS.map((s) => (s.name === "web0" ? s : { ...s, fromMs: MONDAY_MS + 9 * HOUR }));
    expect(coveredSpan(spans)).toEqual({ fromMs: MONDAY_MS + 9 * HOUR, toMs: MONDAY_MS + 72 * HOUR, after: [] });
  });

  test("rotated logs, a small file that is over, and files one after the other cover all there is", () => {
    const whole = { fromMs: MONDAY_MS, toMs: MONDAY_MS + 72 * HOUR, after: [] };
    const rotated = [0, 1, 2, 3].map((day) => ({
      name: `access.log.${day}`,
      fromMs: MONDAY_MS + day * 18 * HOUR + (day > 0 ? 10_000 : 0),
      toMs: MONDAY_MS + (day + 1) * 18 * HOUR,
      requests: day === 3 ? 500 : 50_000,
    }));
    expect(coveredSpan(rotated)).toEqual(whole);
    const small = { name: "cron.log", fromMs: MONDAY_MS, toMs: MONDAY_MS + 66 * HOUR, requests: 100 };
    expect(coveredSpan([...SPANS, small])).toEqual(whole);
    expect(coveredSpan(SPANS)).toEqual(whole);
  });
});

test("a log that begins with one source alone is judged from where the others begin", () => {
  const late = where(traffic, (timeMs, own) => own === "nrt" || timeMs >= MONDAY_MS + 14 * HOUR, "pop");
  expect(find(late, "pop")).toEqual([]);
  const cube = Cube.from(late, { dimensions: ["service"] });
  expect(findHotspots(cube)).toEqual([]);
});
