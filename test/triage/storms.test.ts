import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { type Finding, SEVERITIES } from "../../src/detect/finding.js";
import { countries } from "../../src/grid/countries.js";
import { parsePolicy } from "../../src/triage/policy/parsePolicy.js";
import { STARTER_POLICY } from "../../src/triage/policy/starterPolicy.js";
import { type Triage, triage } from "../../src/triage/triage.js";
import { findingOf, HOUR, MINUTE, NOON_MS } from "./findings.js";

const starter = parsePolicy(STARTER_POLICY);
const FIFTY = countries()
  .map(({ alpha2 }) => alpha2)
  .filter((_, i) => i % 5 === 0)
  .slice(0, 50);

/** Fifty regions that fail within ten minutes, in any order. */
function fifty(parts: (country: string, i: number) => Parameters<typeof findingOf>[0], seed = 1): Finding[] {
  const random = new Random(seed);
  return FIFTY.map((country, i) =>
    findingOf({
      country,
      startMs: NOON_MS + Math.floor(random.next() * 10 * MINUTE),
      to: 60,
      id: `f${i}`,
      severity: i % 3 === 0 ? "high" : "medium",
      ...parts(country, i),
    }),
  );
}

/** Minute by minute, as a monitor calls it: every alert that was told, by key. */
function live(findings: readonly Finding[], minutes: number): { readonly news: string[]; readonly last: Triage } {
  let last = triage([], starter, null, { nowMs: NOON_MS });
  const news: string[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    const nowMs = NOON_MS + minute * MINUTE;
    const known = findings
      .filter(({ detectedAtMs }) => detectedAtMs <= nowMs)
      .map((one) => (one.endMs !== null && one.endMs > nowMs ? { ...one, endMs: null } : one));
    last = triage(known, starter, JSON.parse(JSON.stringify(last.state)), { nowMs });
    news.push(
      ...last.alerts.filter(({ change }) => change !== "unchanged").map(({ change, key }) => `${change} ${key}`),
    );
  }
  return { news, last };
}

test("fifty regions that fail within ten minutes for one cause are one alert that names the cause", () => {
  const causes: readonly [string, (country: string) => Parameters<typeof findingOf>[0]][] = [
    [
      "version 4.3.0",
      (country) => ({
        subtype: "errors",
        measure: "errors",
        observed: 80,
        expected: 1,
        cause: [{ slice: { country, version: "4.3.0" }, share: 0.97 }],
      }),
    ],
    ["organization Example Telecom", () => ({ dimensions: { organization: "Example Telecom" } })],
    ["service checkout", (country) => ({ cause: [{ slice: { country, service: "checkout" }, share: 0.9 }] })],
  ];
  for (const [cause, parts] of causes) {
    const { alerts } = triage(fifty(parts), starter);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]!.title).toContain("50 regions");
    expect(alerts[0]!.title).toContain(cause);
    expect(alerts[0]!.findings).toHaveLength(50);
    expect(alerts[0]!.cause).toMatch(new RegExp(`^9\\d%|^100% .*${cause}`));
    expect(alerts[0]!.loss.amount).toBeGreaterThan(50 * 70);
    const { news } = live(fifty(parts), 80);
    expect(new Set(news.map((line) => line.split(" ")[1])).size).toBe(1);
  }
});

test("fifty regions that fail within ten minutes are one alert though nothing tells why; live no more than the storm's size", () => {
  const { alerts } = triage(
    fifty(() => ({})),
    starter,
  );
  expect(alerts).toHaveLength(1);
  expect(alerts[0]!.title).toMatch(/^Traffic lost in 50 regions \(50 countries, /);
  const { news, last } = live(
    fifty(() => ({})),
    80,
  );
  expect(news.filter((line) => line.startsWith("opened")).length).toBeLessThanOrEqual(3);
  expect(last.alerts.filter(({ findings }) => findings.length > 0)).toHaveLength(1);
});

test("two causes at once stay two alerts", () => {
  const { alerts } = triage(
    fifty((_, i) => ({
      subtype: "errors",
      measure: "errors",
      observed: 80,
      expected: 1,
      dimensions: { version: i % 2 === 0 ? "4.3.0" : "4.2.9" },
    })),
    starter,
  );
  expect(alerts.map(({ cause }) => cause).sort()).toEqual([
    "100% of the requests failed: version 4.2.9",
    "100% of the requests failed: version 4.3.0",
  ]);
});

/** Five hundred short dips in single cities within an hour, a few of them critical. */
function flaps(seed: number): Finding[] {
  const random = new Random(seed);
  return Array.from({ length: 500 }, (_, i) => {
    const startMs = NOON_MS + Math.floor(random.next() * HOUR);
    return findingOf({
      country: random.pick(FIFTY),
      subdivision: `Region ${i % 170}`,
      city: `City ${i % 170}`,
      id: `f${i}`,
      startMs,
      endMs: startMs + (1 + random.int(4)) * MINUTE,
      detectedAtMs: startMs + MINUTE,
      subtype: random.pick(["traffic-drop", "errors"]),
      severity: i % 100 === 7 ? "critical" : i % 20 === 3 ? "high" : "medium",
      title: `dip ${i}`,
      clients: 20,
    });
  });
}

test("five hundred single-city flaps in an hour stay within the budget, and nothing critical is lost", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const findings = flaps(seed);
    const { alerts, digest, suppressed } = triage(findings, { ...starter, grouping: { storm: 0 } });
    const told = new Set(alerts.flatMap((alert) => alert.findings));
    const critical = findings.filter(({ severity }) => severity === "critical");
    expect(critical.filter(({ id }) => !told.has(id))).toEqual([]);
    const exempt = alerts.filter(({ severity }) => severity === "critical").length;
    expect(alerts.length - exempt).toBeLessThanOrEqual(2 * 6);
    for (const { detectedAtMs: at } of alerts)
      expect(
        alerts.filter((one) => one.severity !== "critical" && one.detectedAtMs <= at && one.detectedAtMs > at - HOUR)
          .length,
      ).toBeLessThanOrEqual(6);
    expect(digest.length).toBeLessThanOrEqual(20);
    const placed = [...alerts, ...digest, ...suppressed].reduce((sum, one) => sum + one.findings.length, 0);
    expect(placed).toBe(500);
    const withStorms = triage(findings, starter);
    expect(withStorms.alerts.length).toBeLessThanOrEqual(exempt + 6);
    expect(critical.filter(({ id }) => !withStorms.alerts.some((one) => one.findings.includes(id)))).toEqual([]);
  }
});

test("live, five hundred flaps stay within the budget minute by minute, and every critical one is told", () => {
  const findings = flaps(9);
  const { news } = live(findings, 90);
  const opened = news.filter((line) => line.startsWith("opened") || line.startsWith("resolved"));
  const keys = new Set(opened.map((line) => line.split(" ")[1]));
  const critical = findings.filter(({ severity }) => severity === "critical").length;
  expect(keys.size).toBeLessThanOrEqual(critical + 2 * 6);
});

test("a city that is quiet but for its country is never told beside it, whichever is told first", () => {
  const plain = { ...starter, escalations: [] };
  const country = findingOf({ to: null, severity: "critical" });
  const city = findingOf({ subdivision: "Hesse", city: "Frankfurt", to: null, from: -5, severity: "high" });
  for (const order of [
    [country, city],
    [city, country],
  ]) {
    const first = triage([order[0]!], plain, null, { nowMs: NOON_MS + 6 * MINUTE });
    const second = triage(order, plain, JSON.parse(JSON.stringify(first.state)), { nowMs: NOON_MS + 7 * MINUTE });
    expect(second.alerts).toHaveLength(1);
    expect(second.alerts[0]).toMatchObject({ key: first.alerts[0]!.key, severity: "critical", title: country.title });
    // The country ends first: the city's end is no news.
    const over = { ...country, endMs: NOON_MS + 30 * MINUTE };
    const third = triage([over, city], plain, JSON.parse(JSON.stringify(second.state)), {
      nowMs: NOON_MS + 31 * MINUTE,
    });
    expect(third.alerts.map(({ change, key }) => [change, key])).toEqual([["unchanged", first.alerts[0]!.key]]);
  }
});

test("a thousand findings are sorted out within a second", () => {
  const findings = [...flaps(1), ...flaps(2).map((one) => ({ ...one, id: `g${one.id}` }))];
  // Of the processor, as others may be at work on it.
  const before = process.cpuUsage();
  triage(findings, starter);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(3_000);
  expect(SEVERITIES).toContain(findings[0]!.severity);
});
