import fc from "fast-check";
import type { Alert, AlertAction, DigestEntry } from "../../../src/triage/alert.js";
import { alertExample } from "../alertExample.js";

/** What somebody would put into a name that a team's chat, pager or mail will show. */
export const ATTACKS: readonly string[] = [
  "<!channel>",
  "<!here|here>",
  "<!subteam^S123|@oncall>",
  "<@U012AB3CD>",
  "<#C024BE7LR|general>",
  "<https://evil.example/login|Click to resolve>",
  "https://evil.example/a?b=c#d",
  "www.evil.example",
  "[resolve](https://evil.example)",
  "![x](http://evil.example/pixel.png)",
  "@channel @here @everyone @octocat",
  "alice@example.com",
  "*bold* _it_ ~no~ `code` ```block```",
  "# Heading",
  "| a | b |\n|---|---|\n| 1 | 2 |",
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "javascript:alert(1)",
  "&lt;!channel&gt; &amp; &#64;here",
  "\u202egnp.exe\u202c \u2066isolate\u2069 \u200f\u061c",
  "\u0000\u0007\u001b[31mred\u001b[0m\r\n\tline\u2028line\u2029line\u0085",
  "עברית والعربية",
  "\ud83d\ude00\u200d\ud83d\udcbb \ud800 \udfff",
  "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031ea\u0300lgo",
  "{{ template }} ${env} $(rm) %s {code}",
  '"}],"routing_key":"x","labels":{"alertname":"other"}',
  "zero\u200bwidth\u2060joiner\ufeffmark\u{e0041}tag",
  "",
  "   \n ",
];

const attack = fc.constantFrom(...ATTACKS);

/** Hostile texts: attacks alone, in company, among ordinary text, and up to 10,000 characters of them. */
export const hostileText: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.array(fc.oneof(attack, fc.string({ unit: "binary", maxLength: 12 })), { maxLength: 6 }),
    },
    { weight: 1, arbitrary: fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 4 }) },
    { weight: 1, arbitrary: attack.map((text) => [(text || "x").repeat(10_000).slice(0, 10_000)]) },
  )
  .map((parts) => parts.join(" "));

const texts = (maxLength: number): fc.Arbitrary<string[]> => fc.array(hostileText, { maxLength });
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0));
const timeMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
const action: fc.Arbitrary<AlertAction> = fc.oneof(
  hostileText.map((version) => ({ action: "rollback" as const, version })),
  fc.tuple(hostileText, hostileText).map(([pop, service]) => ({ action: "drain" as const, pop, service })),
  fc.array(hostileText, { maxLength: 50 }).map((ips) => ({ action: "block" as const, ips })),
);

const digestEntry: fc.Arbitrary<DigestEntry> = fc.record({
  title: hostileText,
  count: fc.nat(),
  severity: fc.constantFrom("critical", "high", "medium", "low", "info"),
  findings: texts(2),
  fresh: fc.nat(),
});

/** The policy's own: an address of its choice, or no address at all. */
const runbook = fc.oneof(
  hostileText.filter((text) => !/^\s*https?:/i.test(text)),
  fc.constant("https://runbooks.example/a?b=(c)|<d>"),
);

/** Alerts in which every text came from somebody who means ill. */
export const hostileAlert: fc.Arbitrary<Alert> = fc
  .record({
    key: fc.oneof(hostileText, fc.constant("regional-outage/errors/x/abcdefghijklmnop")),
    title: hostileText,
    subtype: hostileText,
    measure: fc.oneof(hostileText, fc.constantFrom("requests", "error_rate", "p95_latency_ms")),
    severity: fc.constantFrom("critical", "high", "medium", "low", "info"),
    status: fc.constantFrom("firing", "resolved"),
    region: fc.record({
      name: hostileText,
      countries: texts(3),
      subdivisions: texts(3),
      cities: texts(3),
      cells: fc.array(fc.constant("841fa57ffffffff"), { maxLength: 300 }),
      centroid: fc.option(fc.record({ lat: number, lon: number })),
    }),
    dimensions: fc.dictionary(hostileText, hostileText, { maxKeys: 5 }),
    startMs: timeMs,
    endMs: fc.option(timeMs),
    detectedAtMs: timeMs,
    observed: number,
    expected: number,
    confidence: number,
    clients: number,
    cause: fc.option(hostileText),
    causes: fc.array(fc.record({ slice: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }), share: number }), {
      maxLength: 3,
    }),
    findings: texts(40),
    receivers: texts(4),
    runbook: fc.option(runbook),
    steps: texts(20),
    actions: fc.array(action, { maxLength: 4 }),
    alongside: texts(20),
    secondOpinion: fc.option(hostileText),
    resolution: fc.option(hostileText),
    loss: fc.record({ amount: fc.option(number), unit: hostileText, share: fc.option(number) }),
    tiers: texts(5),
    why: texts(30),
    digest: fc.option(fc.array(digestEntry, { maxLength: 3 }), { nil: undefined }),
  })
  // An alert of an incident has no digest at all.
  .map(({ digest, ...changes }) => alertExample({ ...changes, ...(digest && { digest }) } as Partial<Alert>));

/** Every text in a JSON value, names of fields among them. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [...(Array.isArray(value) ? [] : [name]), ...textsIn(item)]);
}
