import { expect, test } from "vitest";
import { parseFeedback } from "../../src/triage/parseFeedback.js";
import { parseTriageState } from "../../src/triage/parseTriageState.js";
import { triage } from "../../src/triage/triage.js";
import { findingOf, MINUTE, NOON_MS } from "./findings.js";

const a = findingOf({ id: "a", to: null });
const b = findingOf({ id: "b", country: "JP", to: null });
const at = (minutes: number) => ({ nowMs: NOON_MS + minutes * MINUTE });

test("feedback suppresses what it says and nothing else, is remembered, and is counted", () => {
  const first = triage([a, b], {}, null, at(10));
  const second = triage([a, b], {}, first.state, { ...at(11), feedback: { a: false } });
  expect(second.suppressed).toEqual([
    {
      findings: ["a"],
      by: "feedback",
      why: "feedback: told to be false (1 of 1 verdicts on regional-outage/traffic-drop)",
    },
  ]);
  expect(second.alerts.map(({ change, findings }) => [change, findings])).toEqual([
    ["unchanged", ["b"]],
    ["resolved", []],
  ]);
  expect(second.alerts[1]!.resolution).toContain("told to be false");
  // A later run honours it without being told again.
  const third = triage([a, b], {}, JSON.parse(JSON.stringify(second.state)), at(12));
  expect(third.alerts.map(({ findings }) => findings)).toEqual([["b"]]);
  const fourth = triage([a, b], {}, third.state, { ...at(13), feedback: { b: true } });
  expect(fourth.suppressed[0]!.why).toContain("1 of 2 verdicts");
  expect(fourth.alerts.map(({ findings }) => findings)).toEqual([["b"]]);
  // A verdict can be taken back.
  const fifth = triage([a, b], {}, fourth.state, { ...at(14), feedback: { a: true } });
  expect(fifth.alerts.map(({ findings }) => findings).sort()).toEqual([["a"], ["b"]]);
});

test("a verdict on one finding of an incident leaves the rest of it", () => {
  const city = findingOf({
    id: "city",
    subdivision: "Hesse",
    city: "Frankfurt",
    from: 5,
    to: null,
    severity: "medium",
  });
  const { alerts, suppressed } = triage([a, city], { feedback: { city: false } }, null, at(20));
  expect(alerts.map(({ findings }) => findings)).toEqual([["a"]]);
  expect(suppressed.map(({ findings }) => findings)).toEqual([["city"]]);
});

test("growth is told under the same key, and not under a silence; the end is told all the same", () => {
  const silences = [
    {
      match: { region: "DE" },
      from: "2026-03-02T12:12:00Z",
      until: "2026-03-02T14:00:00Z",
      author: "jo",
      reason: "on it",
    },
  ];
  const first = triage([a], { silences }, null, at(10));
  expect(first.alerts[0]!.change).toBe("opened");
  const worse = { ...a, severity: "critical" as const };
  expect(triage([worse], { silences }, first.state, at(20)).alerts[0]!.change).toBe("unchanged");
  const loud = triage([worse], {}, first.state, at(20));
  expect(loud.alerts[0]).toMatchObject({ change: "grown", key: first.alerts[0]!.key });
  const over = { ...a, endMs: NOON_MS + 25 * MINUTE };
  expect(triage([over], { silences }, first.state, at(30)).alerts[0]!.change).toBe("resolved");
});

test("twice as much lost is growth, a little more is not", () => {
  const first = triage([a], {}, null, at(10));
  const change = (expected: number, minutes: number) =>
    triage([{ ...a, expected, observed: 10 }], {}, first.state, at(minutes)).alerts[0]!.change;
  expect(change(150, 30)).toBe("unchanged");
  expect(change(200, 30)).toBe("grown");
  expect(change(200, 12)).toBe("unchanged");
});

test("severity does not fall while it lasts", () => {
  const first = triage([{ ...a, severity: "critical" }], {}, null, at(10));
  const second = triage([{ ...a, severity: "medium" }], {}, first.state, at(40));
  expect(second.alerts[0]).toMatchObject({ severity: "critical", change: "unchanged" });
});

test("a city told first becomes part of its country's alert, which goes on under the city's key", () => {
  const city = findingOf({ id: "city", subdivision: "Hesse", city: "Frankfurt", from: -3, to: null });
  const other = findingOf({ id: "other", subdivision: "Bavaria", city: "Munich", from: -2, to: null });
  const first = triage([city, other], {}, null, at(4));
  expect(first.alerts.map(({ change }) => change)).toEqual(["opened", "opened"]);
  const second = triage([city, other, a], {}, first.state, at(6));
  expect(second.alerts.map(({ status, findings }) => [status, findings.length])).toEqual([
    ["firing", 3],
    ["resolved", 0],
  ]);
  expect(second.alerts[1]!.change).toBe("resolved");
  expect(second.alerts[1]!.resolution).toContain("now part of");
  expect(triage([city, other, a], {}, second.state, at(7)).alerts.map(({ change }) => change)).toEqual(["unchanged"]);
});

test("a second incident beside one that is over, but still known, has a key of its own", () => {
  const over = findingOf({ id: "first", to: 20 });
  const again = findingOf({ id: "second", from: 120, to: null });
  const { alerts } = triage([over, again], {}, null, at(130));
  expect(alerts.map(({ status }) => status)).toEqual(["firing", "resolved"]);
  expect(alerts[0]!.key).toBe(`${alerts[1]!.key}/a`);
});

test("what begins again within a quarter of an hour is the same incident, opened again", () => {
  const short = findingOf({ id: "first", to: 5 });
  const first = triage([short], {}, null, at(8));
  expect(first.alerts[0]!.change).toBe("resolved");
  const second = triage([short, findingOf({ id: "second", from: 12, to: null })], {}, first.state, at(20));
  expect(second.alerts.map(({ change, key }) => [change, key])).toEqual([["opened", first.alerts[0]!.key]]);
});

test("state is plain JSON, and read back only if it is one", () => {
  const { state } = triage([a, b], { budget: { alertsPerHour: 1 } }, null, at(10));
  expect(parseTriageState(JSON.stringify(state))).toEqual(state);
  const broken: readonly [string, RegExp][] = [
    ["{", /the document is no JSON/],
    ["[]", /the document is no map/],
    ['{"schema":"geopivot.triage/9"}', /schema is "geopivot.triage\/9"/],
    [JSON.stringify({ ...state, incidents: [{}] }), /incidents\[0\]\.key is no text/],
    [JSON.stringify({ ...state, feedback: { x: 1 } }), /feedback\.x is no map/],
  ];
  for (const [text, message] of broken) expect(() => parseTriageState(text)).toThrow(message);
});

test("state does not grow with what is over and forgotten", () => {
  let { state } = triage([], {}, null, at(0));
  for (let day = 0; day < 10; day++) {
    const nowMs = NOON_MS + day * 24 * 60 * MINUTE;
    const findings = Array.from({ length: 20 }, (_, i) =>
      findingOf({
        id: `${day} ${i}`,
        country: "JP",
        city: `City ${i}`,
        startMs: nowMs - 30 * MINUTE,
        endMs: nowMs - 5 * MINUTE,
      }),
    );
    state = triage(findings, { grouping: { storm: 0 } }, state, { nowMs }).state;
  }
  expect(state.incidents.length).toBeLessThanOrEqual(60);
});

test("verdicts are read from YAML or JSON", () => {
  expect(parseFeedback("8a2f: false\nb: true\n")).toEqual({ "8a2f": false, b: true });
  expect(parseFeedback('{"feedback": {"a": false}}')).toEqual({ a: false });
  expect(parseFeedback("")).toEqual({});
  expect(() => parseFeedback("a: maybe")).toThrow(/a should be true or false, found "maybe"/);
  expect(() => parseFeedback("[1]")).toThrow(/the document/);
});

test("what comes and goes every few minutes is told a few times, stays open until it is quiet, and is told resolved once", () => {
  const turns = Array.from({ length: 20 }, (_, i) =>
    findingOf({ id: `t${i}`, from: 6 * i, to: 6 * i + 2, detectedAtMs: NOON_MS + (6 * i + 1) * MINUTE }),
  );
  const play = (policy: Parameters<typeof triage>[1]): string[] => {
    let { state } = triage([], policy, null, at(0));
    const news: string[] = [];
    for (let minute = 1; minute <= 150; minute++) {
      const { nowMs } = at(minute);
      const known = turns
        .filter(({ detectedAtMs }) => detectedAtMs <= nowMs)
        .map((one) => (one.endMs! > nowMs ? { ...one, endMs: null } : one));
      const told = triage(known, policy, JSON.parse(JSON.stringify(state)), { nowMs });
      state = told.state;
      news.push(
        ...told.alerts.filter(({ change }) => change !== "unchanged").map(({ change }) => `${change} at ${minute}`),
      );
    }
    return news;
  };
  const news = play({});
  expect(news.filter((line) => line.startsWith("opened"))).toHaveLength(3);
  expect(news.at(-1)).toBe("resolved at 131");
  expect(news.filter((line) => line.startsWith("resolved"))).toHaveLength(3);
  expect(play({ flapping: false }).length).toBeGreaterThan(35);
});

test("of findings with one id the last counts", () => {
  const { alerts, suppressed, digest } = triage([a, { ...a, title: "later" }], {}, null, at(10));
  expect([alerts.length, suppressed.length, digest.length]).toEqual([1, 0, 0]);
  expect(alerts[0]!.title).toBe("later");
});
