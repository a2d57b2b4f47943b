import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { policyValidatorCode } from "../../scripts/buildPolicyValidator.js";
import { isGeopivotError } from "../../src/core/errors.js";
import { checkPolicy } from "../../src/triage/policy/checkPolicy.js";
import { parsePolicy } from "../../src/triage/policy/parsePolicy.js";
import { validate } from "../../src/triage/policy/policyValidator.js";
import { STARTER_POLICY } from "../../src/triage/policy/starterPolicy.js";
import { triage } from "../../src/triage/triage.js";

const told = (text: string): string[] =>
  checkPolicy(text).problems.map(({ line, path, problem }) => `${line} ${path}: ${problem}`);

test("the validator is the schema's: npm run policy-schema", () => {
  expect(readFileSync("src/triage/policy/policyValidator.ts", "utf8")).toBe(policyValidatorCode());
});

describe("what is wrong is told with its path and line", () => {
  const cases: readonly [name: string, text: string, problems: readonly (string | RegExp)[]][] = [
    ["an unknown name", "alertFrom: high\nrouts: []\n", ["2 routs: is not known here: did you mean routes?"]],
    [
      "a name in a list",
      "severities:\n  - when:\n      lossatLeast: 3\n",
      ["3 severities[0].when.lossatLeast: is not known here: did you mean lossAtLeast?"],
    ],
    [
      "a bad severity",
      "\n\nalertFrom: urgent",
      ['3 alertFrom: is "urgent", expected critical, high, medium, low, info'],
    ],
    [
      "what is missing",
      "silences:\n  - match: {}\n    until: 2026-03-02\n",
      ["2 silences[0]: needs author and reason"],
    ],
    ["several things, by line", "alertFrom: x\nbudget: {}\n", [/^1 alertFrom/, "2 budget: needs alertsPerHour"]],
    [
      "a number for a text",
      "tiers:\n  old:\n    dimensions: { version: 4.3 }\n",
      ["3 tiers.old.dimensions.version: is 4.3, expected a text, a list (in quotes)"],
    ],
    [
      "a region that is none",
      "routes:\n  - receivers: [a]\n    match:\n      region:\n        - DE\n        - Atlantis\n",
      [/^6 routes\[0\]\.match\.region\[1\]: is no region: "Atlantis"/],
    ],
    [
      "a region within regions",
      "regions:\n  ours: [Germany]\n  theirs: [ours, Mordor]\n",
      [/^3 regions\.theirs\[1\]: is no region: "Mordor"/],
    ],
    [
      "a zone that is none",
      "windows:\n  - name: w\n    from: 01:00\n    until: 02:00\n    zone: Mars/Base\n",
      ['5 windows[0].zone: is no IANA time zone: "Mars/Base"'],
    ],
    [
      "times of two sorts",
      "windows:\n  - name: w\n    from: 01:00\n    until: 2026-03-29T01:00\n",
      [/^3 windows\[0\]\.from: must be a time of day/],
    ],
    [
      "a window that ends first",
      "windows:\n  - { name: w, from: 2026-03-29T02:00, until: 2026-03-29T01:00 }\n",
      ["2 windows[0].until: must be after from"],
    ],
    [
      "days of a single window",
      "windows:\n  - { name: w, from: 2026-03-29T01:00, until: 2026-03-29T02:00, days: [sun] }\n",
      [/^2 windows\[0\]\.days/],
    ],
    [
      "a date that there is not",
      "windows:\n  - { name: w, from: 2026-13-29T01:00, until: 2026-03-29T02:00 }\n",
      [/^2 windows\[0\]\.from/],
    ],
    [
      "a silence that ends first",
      "silences:\n  - match: {}\n    from: 2026-03-03T00:00:00Z\n    until: 2026-03-02T00:00:00Z\n    author: a\n    reason: b\n",
      ["4 silences[0].until: must be after from"],
    ],
    [
      "a duration that is none",
      "escalations:\n  - after: 5 minutes\n",
      ['2 escalations[0].after: is "5 minutes", expected a duration: 30s, 5m, 1h30m or 2d'],
    ],
    [
      "a duration beyond all measure",
      "escalations:\n  - after: 99999999d\n",
      [/^2 escalations\[0\]\.after: is no duration/],
    ],
    ["a name twice", "alertFrom: high\nalertFrom: low\n", ["2 : is no YAML: Map keys must be unique"]],
    ["no YAML", "routes: [\n", [/^2 : is no YAML/]],
    ["a list", "- 1\n", ["1 : is [1], expected a map"]],
    [
      "JSON, with tabs",
      '{\n\t"budget": {\n\t\t"alertsPerHour": 0\n\t}\n}',
      ["3 budget.alertsPerHour: is 0: must be >= 1"],
    ],
    [
      "a link that runs code",
      "runbooks:\n  - url: javascript:alert(1)\n",
      ['2 runbooks[0].url: is "javascript:alert(1)", expected a link: https://…'],
    ],
    [
      "an address that is a secret",
      "receivers:\n  chat:\n    format: slack\n    url: https://hooks.slack.com/services/T0/B0/x\n",
      ["4 receivers.chat.url: is a secret of slack: name a variable of the environment in urlEnv"],
    ],
    [
      "a secret where the name of a variable should be",
      "receivers:\n  chat:\n    format: slack\n    urlEnv: https://hooks.slack.com/x\n",
      ["4 receivers.chat.urlEnv: expected the name of a variable of the environment, such as SLACK_URL"],
    ],
    [
      "a receiver that cannot be reached",
      "receivers:\n  bus: { format: cloudevents }\n",
      ["2 receivers.bus: needs url or urlEnv"],
    ],
    [
      "PagerDuty without its key",
      "receivers:\n  oncall: { format: pagerduty, url: https://x.example/ }\n",
      ["2 receivers.oncall: needs routingKeyEnv"],
    ],
    [
      "a route to whom there is not",
      "receivers:\n  chat: { format: slack, urlEnv: CHAT }\nroutes:\n  - receivers: [chat, chatt]\n",
      ['4 routes[0].receivers[1]: is none of the receivers: "chatt": did you mean chat?'],
    ],
    [
      "a digest for whom there is not",
      "receivers:\n  chat: { format: slack, urlEnv: CHAT }\nbudget:\n  alertsPerHour: 6\n  digestReceivers: [tickets]\n",
      ['5 budget.digestReceivers[0]: is none of the receivers: "tickets": expected chat'],
    ],
    ["a prototype", '{ "__proto__": { "alertFrom": "low" } }', [/^1 __proto__: is not known here/]],
    [
      "a bomb of aliases",
      `a: &a [${"x,".repeat(20)}]\nb: &b [${"*a,".repeat(20)}]\nc: &c [${"*b,".repeat(20)}]\n`,
      [/^1 : is no YAML: Excessive alias count/],
    ],
  ];
  test.each(cases)("%s", (_, text, problems) => {
    const found = told(text);
    expect(found).toHaveLength(problems.length);
    problems.forEach((problem, i) => {
      if (typeof problem === "string") expect(found[i]).toBe(problem);
      else expect(found[i]).toMatch(problem);
    });
    expect(checkPolicy(text).policy).toBeNull();
  });
});

test("parsePolicy throws the first problem, typed", () => {
  try {
    parsePolicy("alertFrom: high\nrouts: []\n");
    expect.unreachable();
  } catch (error) {
    expect(isGeopivotError(error, "bad-policy")).toBe(true);
    expect(error).toMatchObject({
      details: { path: "routs", line: 2 },
      message: "line 2: routs is not known here: did you mean routes?",
    });
  }
});

test("what a policy that was not read names wrongly is an error of triage, too", () => {
  expect(() => triage([], { routes: [{ match: { region: "Atlantis" }, receivers: [] }] })).toThrow(
    /routes\[0\].match.region is no region/,
  );
});

test("an empty policy is one, the starter is fine, and JSON is read as YAML is", () => {
  expect(parsePolicy("")).toEqual({});
  expect(told(STARTER_POLICY)).toEqual([]);
  const starter = parsePolicy(STARTER_POLICY);
  expect(parsePolicy(JSON.stringify(starter))).toEqual(starter);
});

test("the published schema is valid JSON Schema, and agrees with the compiled one", () => {
  const schema = JSON.parse(readFileSync("src/triage/policy/policy.schema.json", "utf8"));
  const check = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  const good = [{}, parsePolicy(STARTER_POLICY), { flapping: false }, { severities: [{ when: {}, raise: 2 }] }];
  const bad = [
    { x: 1 },
    { flapping: true },
    { severities: [{ raise: 1 }] },
    { budget: { alertsPerHour: 0.5 } },
    [],
    "x",
  ];
  const compiled = validate as unknown as (value: unknown) => boolean;
  for (const policy of good) expect([check(policy), compiled(policy)]).toEqual([true, true]);
  for (const policy of bad) expect([check(policy), compiled(policy)]).toEqual([false, false]);
});
