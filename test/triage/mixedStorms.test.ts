import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import type { Finding } from "../../src/detect/finding.js";
import { openLocator } from "../../src/locate/openLocator.js";
import type { SimulatedIncident } from "../../src/simulate/index.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { runs } from "../support/runs.js";
import { findingOf, MINUTE, NOON_MS } from "./findings.js";
import { type MixedStorm, mixedStorm, type StormScore, scoreStorm } from "./mixedStorms.js";

const COUNTRIES = ["US", "DE", "BR", "IN", "JP", "AU", "ZA", "GB"];
const KINDS = [
  { kind: "regional-outage", subtype: "traffic-drop", measure: "requests" },
  { kind: "regional-outage", subtype: "errors", measure: "errors" },
  { kind: "latency-hotspot", subtype: "latency", measure: "p95_latency_ms" },
] as const;

/** Two to six incidents at once, each echoed by services, providers and cities, and all of them by the world. */
function echoedStorm(seed: number): MixedStorm {
  const random = new Random(seed);
  const left = [...COUNTRIES];
  const chosen = Array.from({ length: 2 + random.int(5) }, () => left.splice(random.int(left.length), 1)[0]!);
  const findings: Finding[] = [];
  const incidents = chosen.map((country): SimulatedIncident => {
    const from = random.int(120);
    const to = from + 45 + random.int(60);
    const what = random.pick(KINDS);
    findings.push(...echoes(country, from, to, what, random));
    const place = { country, region: "", city: "", lat: 0, lon: 0 };
    const kind = what.subtype === "latency" ? "latency" : what.subtype;
    return {
      kind,
      startMs: NOON_MS + from * MINUTE,
      endMs: NOON_MS + to * MINUTE,
      places: [place],
      ips: [],
      users: [],
    };
  });
  const dark = findings.filter(({ id, subtype }) => id.endsWith("whole") && subtype === "traffic-drop");
  if (dark.length > 0) findings.push(worldEcho(dark));
  return { incidents, findings, bucketMs: MINUTE };
}

function echoes(country: string, from: number, to: number, what: (typeof KINDS)[number], random: Random): Finding[] {
  const amounts = (of: number): Partial<Finding> =>
    what.measure === "requests"
      ? { observed: Math.round(of * 0.07), expected: of }
      : what.measure === "errors"
        ? { observed: Math.round(of * 0.6), expected: of / 500, evidence: { requests: of } }
        : { observed: 600, expected: 150, evidence: { requests: of } };
  const one = (name: string, of: number, parts: Parameters<typeof findingOf>[0]): Finding =>
    findingOf({
      ...what,
      ...amounts(of),
      country,
      from: from + random.int(4),
      to: to - random.int(4),
      ...parts,
      id: `${country} ${name}`,
    });
  const services = ["api", "web"].map((service) => one(service, 400, { dimensions: { service }, severity: "medium" }));
  const cities = ["Alpha", "Beta"].map((city) => one(city, 150, { subdivision: "Middle", city, severity: "medium" }));
  const provider = one("provider", 300, { dimensions: { organization: `Net ${country}` }, severity: "medium" });
  return [one("whole", 1000, { severity: random.pick(["critical", "high"]) }), ...services, ...cities, provider];
}

/** What the world loses is what its parts lose. */
function worldEcho(parts: readonly Finding[]): Finding {
  const lost = parts.reduce((sum, { observed, expected }) => sum + expected - observed, 0);
  const region = { name: "the whole world", countries: [...COUNTRIES].sort() };
  const startMs = Math.min(...parts.map((part) => part.startMs));
  return findingOf({
    id: "world",
    region,
    startMs,
    to: 90,
    observed: 20_000 - lost,
    expected: 20_000,
    severity: "medium",
  });
}

function sum(scores: readonly StormScore[]): StormScore {
  const total = (of: (score: StormScore) => number): number => scores.reduce((all, score) => all + of(score), 0);
  return {
    updates: total(({ updates }) => updates),
    read: total(({ read }) => read),
    closed: total(({ closed }) => closed),
    wrong: scores.flatMap(({ wrong }) => wrong),
    missed: scores.flatMap(({ missed }) => missed),
  };
}

test("over 40 seeds of incidents with echoes, 98% of updates need no reading and every incident has one alert", () => {
  const score = sum(Array.from({ length: runs(40) }, (_, i) => scoreStorm(echoedStorm(i + 1), {})));
  expect(score.wrong).toEqual([]);
  expect(score.missed).toEqual([]);
  expect(score.read / score.updates).toBeLessThan(0.02);
  expect((score.read + score.closed) / score.updates).toBeLessThan(0.02);
});

test.skipIf(!hasCityDatabase)(
  "simulated traffic with several incidents at once, as the detectors tell it, is one alert an incident",
  async () => {
    const locator = await openLocator({ databases: [cityDatabase.ipv4] });
    const score = scoreStorm(mixedStorm(11, locator), {});
    expect(score.wrong).toEqual([]);
    expect(score.read / score.updates).toBeLessThan(0.02);
  },
);
