import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/detect/finding.js";
import type { Policy } from "../../src/triage/policy/policy.js";
import { type Triage, type TriageOptions, triage } from "../../src/triage/triage.js";
import { findingOf, MINUTE, NOON_MS } from "./findings.js";

/** What a policy makes of findings, in words: `critical oncall: title`, `window: id`, `digest: title`. */
function outcome({ alerts, digest, suppressed }: Triage): string[] {
  return [
    ...alerts.map(({ severity, receivers, title }) => `${severity} ${receivers.join("+")}: ${title}`),
    ...digest.map(({ title }) => `digest: ${title}`),
    ...suppressed.map(({ by, findings }) => `${by}: ${findings.join(", ")}`),
  ];
}

const titled = (title: string, parts: Parameters<typeof findingOf>[0] = {}): Finding =>
  findingOf({ title, id: title, ...parts });
const attack = { kind: "suspicious-traffic", subtype: "credential-stuffing", measure: "failed_logins" } as const;

interface Feature {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly policy: Policy;
  readonly expected: readonly string[];
  /** The same policy without the feature; by default the empty one. */
  readonly without?: Policy;
  readonly otherwise: readonly string[];
  readonly options?: TriageOptions;
}

const severe = (when: NonNullable<Policy["severities"]>[number]["when"]): Policy => ({
  severities: [{ name: "rule", when, severity: "critical" }],
});
const ordinary = ["high : a"];
const critical = ["critical : a"];
const a = titled("a");

const severities: readonly Feature[] = [
  { name: "loss", findings: [a], policy: severe({ lossAtLeast: 90 }), without: severe({ lossAtLeast: 91 }) },
  { name: "share", findings: [a], policy: severe({ shareAtLeast: 0.9 }), without: severe({ shareAtLeast: 0.91 }) },
  { name: "a small share", findings: [a], policy: severe({ shareBelow: 0.91 }), without: severe({ shareBelow: 0.9 }) },
  {
    name: "duration",
    findings: [a],
    policy: severe({ lastsAtLeast: "30m" }),
    without: severe({ lastsAtLeast: "31m" }),
  },
  { name: "shortness", findings: [a], policy: severe({ lastsBelow: "31m" }), without: severe({ lastsBelow: "30m" }) },
  { name: "doubt", findings: [a], policy: severe({ confidenceBelow: 1 }), without: severe({ confidenceBelow: 0.9 }) },
  { name: "clients", findings: [a], policy: severe({ clientsAtLeast: 50 }), without: severe({ clientsAtLeast: 51 }) },
  { name: "few clients", findings: [a], policy: severe({ clientsBelow: 51 }), without: severe({ clientsBelow: 50 }) },
  {
    name: "kind",
    findings: [a],
    policy: severe({ kind: "regional-outage" }),
    without: severe({ kind: "latency-hotspot" }),
  },
  { name: "subtype", findings: [a], policy: severe({ subtype: "traffic-*" }), without: severe({ subtype: "errors" }) },
  { name: "region", findings: [a], policy: severe({ region: "Europe" }), without: severe({ region: "Asia" }) },
  {
    name: "own region",
    findings: [a],
    policy: { regions: { dach: ["DE", "AT", "CH"] }, ...severe({ region: "dach" }) },
    without: { regions: { dach: ["AT", "CH"] }, ...severe({ region: "dach" }) },
  },
  {
    name: "service that it is confined to",
    findings: [titled("a", { dimensions: { service: "checkout" } })],
    policy: severe({ service: ["payment", "check*"] }),
    without: severe({ service: "web" }),
  },
  {
    name: "dimension that carries it",
    findings: [titled("a", { cause: [{ slice: { country: "DE", tenant: "acme" }, share: 0.6 }] })],
    policy: severe({ dimensions: { tenant: "acme" } }),
    without: severe({ dimensions: { tenant: "other" } }),
  },
  {
    name: "tier of customers",
    findings: [titled("a", { dimensions: { tenant: "acme" } })],
    policy: { tiers: { gold: { dimensions: { tenant: ["acme", "umbrella"] } } }, ...severe({ tier: "gold" }) },
    without: { tiers: { gold: { dimensions: { tenant: ["umbrella"] } } }, ...severe({ tier: "gold" }) },
  },
].map((feature) => ({ ...feature, name: `severity by ${feature.name}`, expected: critical, otherwise: ordinary }));

const berlin = titled("berlin", {
  subdivision: "Berlin",
  city: "Berlin",
  severity: "medium",
  from: 60,
  to: 80,
  observed: 20,
});
const germany = titled("germany", { to: 120 });
const world = titled("world", {
  to: 120,
  severity: "critical",
  region: { name: "the whole world", countries: ["BR", "DE"] },
});
const brazil = titled("brazil", {
  country: "BR",
  from: 60,
  to: 90,
  subtype: "errors",
  measure: "errors",
  observed: 90,
  expected: 1,
});

const features: readonly Feature[] = [
  ...severities,
  {
    name: "rules of severity apply in order, each on what the one before left",
    findings: [a],
    policy: {
      severities: [
        { when: {}, lower: 1 },
        { when: { severity: "medium" }, raise: 2 },
      ],
    },
    expected: critical,
    without: {
      severities: [
        { when: { severity: "medium" }, raise: 2 },
        { when: {}, lower: 1 },
      ],
    },
    otherwise: ["medium : a"],
  },
  {
    name: "atMost and atLeast bound",
    findings: [a, titled("b", { country: "JP", severity: "medium" })],
    policy: {
      severities: [
        { when: { region: "DE" }, atMost: "medium" },
        { when: { region: "JP" }, atLeast: "critical" },
      ],
    },
    expected: ["critical : b", "medium : a"],
    otherwise: ["high : a", "medium : b"],
  },
  {
    name: "alertFrom",
    findings: [a, titled("b", { country: "JP", severity: "medium" }), titled("c", { country: "FR", severity: "low" })],
    policy: { alertFrom: "high" },
    expected: ["high : a", "severity: b"],
    otherwise: ["high : a", "medium : b"],
  },
  {
    name: "grouping in space and time: a city in its country",
    findings: [titled("city", { subdivision: "Hesse", city: "Frankfurt", from: 5, severity: "medium" }), germany],
    policy: { inhibitions: [] },
    expected: ["high : germany"],
    without: { inhibitions: [], grouping: { within: "1m" } },
    otherwise: ["high : germany", "medium : city"],
  },
  {
    name: "storms: many regions that fail alike within minutes",
    findings: ["DE", "FR", "JP", "BR", "ZA"].map((country, i) => titled(country, { country, from: i })),
    policy: { grouping: { storm: 5, stormWithin: "5m" } },
    expected: ["high : Traffic lost in 5 regions (5 countries, Africa, Asia, Europe …)"],
    without: { grouping: { storm: 6 } },
    otherwise: ["BR", "DE", "FR", "JP", "ZA"]
      .sort((x, y) => "DE FR JP BR ZA".indexOf(x) - "DE FR JP BR ZA".indexOf(y))
      .map((c) => `high : ${c}`),
  },
  {
    name: "inhibition: a region over its parts",
    findings: [germany, berlin],
    policy: {},
    expected: ["high : germany", "inhibition: berlin"],
    without: { inhibitions: [] },
    otherwise: ["high : germany", "medium : berlin"],
  },
  {
    name: "inhibition: everything over a region",
    findings: [world, brazil],
    policy: {},
    expected: ["critical : world", "inhibition: brazil"],
    without: { inhibitions: [] },
    otherwise: ["critical : world", "high : brazil"],
  },
  {
    name: "inhibition: an attack over the refusals that it meets",
    findings: [
      titled("attack", { ...attack, country: "VN", city: "Hanoi", to: 60 }),
      titled("refused", { subtype: "refused", measure: "refused", country: "VN", city: "Hanoi", from: 30, to: 50 }),
    ].map((finding) => ({ ...finding, region: { ...finding.region, cells: ["hanoi"] } })),
    policy: {},
    expected: ["high : attack", "inhibition: refused"],
    without: { inhibitions: [] },
    otherwise: ["high : attack", "high : refused"],
  },
  {
    name: "inhibition lingers, and no longer",
    findings: [titled("germany", { to: 70 }), { ...berlin, endMs: NOON_MS + 110 * MINUTE }],
    policy: { inhibitions: [{ by: { kind: "regional-outage" }, mute: { kind: "regional-outage" }, linger: "40m" }] },
    expected: ["high : germany", "inhibition: berlin"],
    without: { inhibitions: [{ by: { kind: "regional-outage" }, mute: { kind: "regional-outage" }, linger: "39m" }] },
    otherwise: ["high : germany", "medium : berlin"],
  },
  {
    name: "silence",
    findings: [a],
    policy: {
      silences: [{ match: { region: "Germany" }, until: "2026-03-02T13:00:00Z", author: "jo", reason: "known" }],
    },
    expected: ["silence: a"],
    without: {
      silences: [{ match: { region: "Germany" }, until: "2026-03-02T12:20:00Z", author: "jo", reason: "known" }],
    },
    otherwise: ordinary,
  },
  {
    name: "maintenance window",
    findings: [a],
    policy: { windows: [{ name: "w", zone: "UTC", from: "12:00", until: "13:00" }] },
    expected: ["window: a"],
    without: { windows: [{ name: "w", zone: "UTC", from: "12:00", until: "12:15" }] },
    otherwise: ordinary,
  },
  {
    name: "maintenance window on some days",
    findings: [a],
    policy: { windows: [{ name: "w", zone: "UTC", from: "12:00", until: "13:00", days: ["mon"] }] },
    expected: ["window: a"],
    without: { windows: [{ name: "w", zone: "UTC", from: "12:00", until: "13:00", days: ["tue", "sun"] }] },
    otherwise: ordinary,
  },
  {
    name: "a window's slack",
    findings: [a],
    policy: { windows: [{ name: "w", zone: "UTC", from: "12:05", until: "12:25", slack: "5m" }] },
    expected: ["window: a"],
    without: { windows: [{ name: "w", zone: "UTC", from: "12:05", until: "12:25", slack: "4m" }] },
    otherwise: ordinary,
  },
  {
    name: "a rule that hides needs all of a finding in its region",
    findings: [titled("a", { region: { name: "Germany, France", countries: ["DE", "FR"] } })],
    policy: { windows: [{ name: "w", zone: "UTC", from: "12:00", until: "13:00", match: { region: ["DE", "FR"] } }] },
    expected: ["window: a"],
    without: { windows: [{ name: "w", zone: "UTC", from: "12:00", until: "13:00", match: { region: "DE" } }] },
    otherwise: ordinary,
  },
  {
    name: "routes: the first that matches, and those after it with continue",
    findings: [a],
    policy: {
      routes: [
        { match: { region: "Japan" }, receivers: ["tokyo"] },
        { match: { region: "Europe" }, receivers: ["emea"], continue: true },
        { match: { subtype: "traffic-drop" }, receivers: ["network"] },
        { receivers: ["all"] },
      ],
    },
    expected: ["high emea+network: a"],
    otherwise: ordinary,
  },
  {
    name: "routes by kind",
    findings: [a, titled("b", { country: "JP", severity: "medium", kind: "latency-hotspot", subtype: "latency" })],
    policy: { routes: [{ match: { kind: "latency-hotspot" }, receivers: ["edge"] }] },
    expected: ["high : a", "medium edge: b"],
    otherwise: ["high : a", "medium : b"],
  },
  {
    name: "routes by service",
    findings: [titled("a", { dimensions: { service: "checkout" } })],
    policy: { routes: [{ match: { service: "check*" }, receivers: ["shop"] }] },
    expected: ["high shop: a"],
    without: { routes: [{ match: { service: "search" }, receivers: ["search"] }] },
    otherwise: ordinary,
  },
  {
    name: "default receivers",
    findings: [a],
    policy: { routes: [{ match: { severity: "critical" }, receivers: ["oncall"] }], defaultReceivers: ["tickets"] },
    expected: ["high tickets: a"],
    without: { routes: [{ match: { severity: "high" }, receivers: ["oncall"] }], defaultReceivers: ["tickets"] },
    otherwise: ["high oncall: a"],
  },
  {
    name: "routes by what others saw",
    findings: [a],
    policy: { routes: [{ match: { seenByOthers: true }, receivers: ["network"] }], defaultReceivers: ["us"] },
    options: { secondOpinion: () => ({ seen: true, text: "also seen by IODA" }) },
    expected: ["high network: a"],
    without: { routes: [{ match: { seenByOthers: false }, receivers: ["network"] }], defaultReceivers: ["us"] },
    otherwise: ["high us: a"],
  },
  {
    name: "escalation of what lasts",
    findings: [a],
    policy: {
      escalations: [{ after: "30m", match: { kind: "regional-outage" }, raise: 1, receivers: ["boss"] }],
      routes: [{ match: { severity: "critical" }, receivers: ["oncall"] }],
    },
    expected: ["critical oncall+boss: a"],
    without: {
      escalations: [{ after: "31m", raise: 1, receivers: ["boss"] }],
      routes: [{ match: { severity: "critical" }, receivers: ["oncall"] }],
    },
    otherwise: ordinary,
  },
  {
    name: "flapping: told a few times, then left alone",
    findings: [0, 20, 40, 55].map((from) => titled(`at ${from}`, { from, to: from + 3 })),
    policy: { flapping: { changes: 3 }, grouping: { within: "5m" } },
    expected: ["high : at 0", "high : at 20", "high : at 40", "flapping: at 55"],
    without: { flapping: false, grouping: { within: "5m" } },
    otherwise: ["high : at 0", "high : at 20", "high : at 40", "high : at 55"],
  },
  {
    name: "what stays does not flap",
    findings: [0, 20, 40]
      .map((from) => titled(`at ${from}`, { from, to: from + 3 }))
      .concat(titled("stays", { from: 55, to: 75 })),
    policy: { flapping: { changes: 3, stays: "20m" }, grouping: { within: "5m" } },
    expected: ["high : at 0", "high : at 20", "high : at 40", "high : stays"],
    without: { flapping: { changes: 3, stays: "21m" }, grouping: { within: "5m" } },
    otherwise: ["high : at 0", "high : at 20", "high : at 40", "flapping: stays"],
  },
  {
    name: "budget: the rest is one digest",
    findings: ["DE", "JP", "BR"].map((country, i) => titled(country, { country, from: 20 * i, to: 20 * i + 5 })),
    policy: { budget: { alertsPerHour: 1 } },
    expected: ["high : DE", "digest: BR", "digest: JP"],
    otherwise: ["high : DE", "high : JP", "high : BR"],
  },
  {
    name: "budget: exempt severities",
    findings: ["DE", "JP"].map((country, i) => titled(country, { country, from: 20 * i, to: 20 * i + 5 })),
    policy: { budget: { alertsPerHour: 1, exempt: "high" } },
    expected: ["high : DE", "high : JP"],
    without: { budget: { alertsPerHour: 1 } },
    otherwise: ["high : DE", "digest: JP"],
  },
  {
    name: "budget without digest",
    findings: ["DE", "JP"].map((country, i) => titled(country, { country, from: 20 * i, to: 20 * i + 5 })),
    policy: { budget: { alertsPerHour: 1, digest: false } },
    expected: ["high : DE", "budget: JP"],
    without: { budget: { alertsPerHour: 1 } },
    otherwise: ["high : DE", "digest: JP"],
  },
  {
    name: "feedback",
    findings: [a, titled("b", { country: "JP" })],
    policy: { feedback: { a: false } },
    expected: ["high : b", "feedback: a"],
    otherwise: ["high : a", "high : b"],
  },
  {
    name: "feedback that something is true holds against budget and flapping",
    findings: ["DE", "JP"].map((country, i) => titled(country, { country, from: 20 * i, to: 20 * i + 5 })),
    policy: { budget: { alertsPerHour: 1 }, feedback: { JP: true } },
    expected: ["high : DE", "high : JP"],
    without: { budget: { alertsPerHour: 1 } },
    otherwise: ["high : DE", "digest: JP"],
  },
];

describe("each feature of a policy changes what is told", () => {
  test.each(features)("$name", ({ findings, policy, expected, without = {}, otherwise, options = {} }) => {
    expect(outcome(triage(findings, policy, null, options))).toEqual(expected);
    expect(outcome(triage(findings, without, null, options))).toEqual(otherwise);
  });
});

test("runbooks give a link, and steps until there is one", () => {
  const runbooks = [
    { match: { region: "Japan" }, steps: ["never"] },
    { match: { kind: "regional-outage" as const }, steps: ["first"] },
    { url: "https://runbooks.example/outage", steps: ["second"] },
    { steps: ["too late"] },
  ];
  const [alert] = triage([a], { runbooks }).alerts;
  expect(alert).toMatchObject({ runbook: "https://runbooks.example/outage", steps: ["first", "second"] });
  expect(triage([a], {}).alerts[0]).toMatchObject({ runbook: null, steps: [] });
});

test("actions are there where the cause allows one", () => {
  const actions = (parts: Parameters<typeof findingOf>[0]) => triage([findingOf(parts)]).alerts[0]!.actions;
  const cause = (slice: Record<string, string>, share = 0.9) => ({ cause: [{ slice, share }] });
  expect(actions(cause({ country: "DE", version: "4.3.0" }))).toEqual([{ action: "rollback", version: "4.3.0" }]);
  expect(actions({ dimensions: { pop: "fra", service: "api" } })[0]).toMatchObject({
    action: "drain",
    pop: "fra",
    service: "api",
  });
  expect(actions({ ...attack, ips: ["203.0.113.7"] })).toEqual([{ action: "block", ips: ["203.0.113.7"] }]);
  expect(actions(cause({ version: "4.3.0" }, 0.4))).toEqual([]);
  expect(actions(cause({ country: "DE" }))).toEqual([]);
});

test("an alert says which rules touched it, in order", () => {
  const policy: Policy = {
    severities: [{ name: "germany counts", when: { region: "DE" }, raise: 1 }],
    escalations: [{ name: "half an hour", after: "30m", receivers: ["boss"] }],
    routes: [{ name: "europe", match: { region: "Europe" }, receivers: ["emea"] }],
    runbooks: [{ steps: ["look"] }],
  };
  expect(triage([a], policy).alerts[0]!.why).toEqual([
    "severity high: a",
    "germany counts: high becomes critical",
    "escalation: half an hour: lasts 30 min",
    "route: europe → emea",
    "runbook: runbooks[0]",
  ]);
});

test("grouping by cause: failing in one country and slow in another for one version is one incident", () => {
  const slowBy = (version: string): Finding[] => [
    titled("a", { subtype: "errors", measure: "errors", dimensions: { version: "4.3.0" } }),
    titled("b", {
      country: "JP",
      from: 10,
      kind: "latency-hotspot",
      subtype: "latency",
      measure: "p95_latency_ms",
      cause: [{ slice: { country: "JP", version }, share: 0.9 }],
    }),
  ];
  expect(triage(slowBy("4.3.0")).alerts.map(({ findings }) => [...findings].sort())).toEqual([["a", "b"]]);
  expect(triage(slowBy("4.2.0")).alerts).toHaveLength(2);
});

test("grouping by cause: one version in two countries is one incident, two versions are two", () => {
  const withVersion = (version: string): Finding[] => [
    titled("a", { dimensions: { version: "4.3.0" } }),
    titled("b", { country: "JP", from: 10, cause: [{ slice: { country: "JP", version }, share: 0.9 }] }),
  ];
  expect(outcome(triage(withVersion("4.3.0")))).toEqual([
    "high : Traffic lost in 2 regions (Germany, Japan): 95% of the requests lost: version 4.3.0",
  ]);
  expect(outcome(triage(withVersion("4.2.0")))).toEqual(["high : a", "high : b"]);
});
