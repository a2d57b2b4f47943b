import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findingsJson } from "../../src/report/payloads/findingsJson.js";
import type { AlertsJson } from "../../src/triage/alertsJson.js";
import { hasCityDatabase } from "../support/cityDatabase.js";
import { hasBuild, runCli } from "../support/runCli.js";
import { findingOf, NOON_MS } from "../triage/findings.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-triage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const input = { files: ["x.log"], events: 9, rejected: 0, unlocated: 0, fromMs: NOON_MS, toMs: NOON_MS + 600_000 };
const documentOf = (...parts: Parameters<typeof findingOf>[0][]): string =>
  JSON.stringify(findingsJson(input, parts.map(findingOf), { details: true }));
const open = { id: "a", to: null, severity: "critical" } as const;

describe.skipIf(!hasBuild)("geopivot policy", () => {
  test("init prints a policy that check finds fine", async () => {
    const { stdout, exitCode } = await runCli(["policy", "init"]);
    expect(exitCode).toBe(0);
    const checked = await runCli(["policy", "check", file("starter.yaml", stdout)]);
    expect(checked).toMatchObject({ exitCode: 0, stderr: "" });
    expect(checked.stdout).toMatch(/starter\.yaml: fine\n$/);
  });

  test("check says every problem with its line, and ends with 2 and one line on stderr", async () => {
    const path = file("bad.yaml", "alertFrom: urgent\nrouts: []\n");
    const { stdout, stderr, exitCode } = await runCli(["policy", "check", path]);
    expect(exitCode).toBe(2);
    expect(stdout.trimEnd().split("\n")).toEqual([
      `${path}:1: alertFrom is "urgent", expected critical, high, medium, low, info`,
      `${path}:2: routs is not known here: did you mean routes?`,
    ]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    const asJson = await runCli(["policy", "check", "--json", path]);
    expect(JSON.parse(asJson.stdout)).toHaveLength(2);
  });

  test("schema is JSON Schema; anything else is bad usage", async () => {
    const { stdout } = await runCli(["policy", "schema"]);
    expect(JSON.parse(stdout)).toMatchObject({ title: "geopivot.policy/1" });
    expect(await runCli(["policy", "polish"])).toMatchObject({ exitCode: 2 });
    expect(await runCli(["policy", "check", join(folder, "missing.yaml")])).toMatchObject({ exitCode: 2 });
  });
});

describe.skipIf(!hasBuild)("geopivot triage", () => {
  test("findings become the document of alerts, by the starter's policy where none is given", async () => {
    const { stdout, exitCode } = await runCli([
      "triage",
      file("one.json", documentOf(open, { id: "b", country: "JP", severity: "low", to: 5 })),
    ]);
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout) as AlertsJson;
    expect(document).toMatchObject({ schema: "geopivot.alerts/1", digest: [], suppressed: [] });
    expect(document.alerts).toHaveLength(1);
    expect(document.alerts[0]).toMatchObject({
      status: "firing",
      severity: "critical",
      start: "2026-03-02T12:00:00.000Z",
      end: null,
      findings: ["a"],
      receivers: ["oncall"],
      region: { name: "Germany", countries: ["DE"] },
    });
  });

  test("with a state only news is news, and verdicts are remembered", async () => {
    const state = join(folder, "state.json");
    const run = async (document: string, ...more: string[]): Promise<AlertsJson> => {
      const { stdout, stderr } = await runCli(["triage", "-", "--state", state, ...more], { input: document });
      expect(stderr).toBe("");
      return JSON.parse(stdout) as AlertsJson;
    };
    expect((await run(documentOf(open))).alerts[0]!.change).toBe("opened");
    expect((await run(documentOf(open))).alerts[0]!.change).toBe("unchanged");
    const refused = await run(documentOf(open), "--feedback", file("verdicts.yaml", "a: false\n"));
    expect(refused.alerts[0]).toMatchObject({ change: "resolved", findings: [] });
    expect((await run(documentOf(open))).suppressed).toMatchObject([{ by: "feedback", findings: ["a"] }]);
  });

  test("the clock can be given: what a silence hides is told when it has ended", async () => {
    const policy = file(
      "silence.yaml",
      "silences: [{ match: {}, until: 2026-03-02T13:00:00Z, author: jo, reason: known }]\n",
    );
    const findings = file("open.json", documentOf(open));
    const told = async (now: string): Promise<number> =>
      (JSON.parse((await runCli(["triage", findings, "--policy", policy, "--now", now])).stdout) as AlertsJson).alerts
        .length;
    expect(await told("2026-03-02T12:30:00Z")).toBe(0);
    expect(await told("2026-03-02T13:00:00Z")).toBe(1);
  });

  test.each([
    ["no findings", "{}", [], /not a geopivot.findings\/1 document/],
    ["a bad policy", documentOf(open), ["--policy", "POLICY"], /line 1: alertFrom is "x"/],
    ["a bad state", documentOf(open), ["--state", "POLICY"], /not a state of triage/],
    ["a bad verdict", documentOf(open), ["--feedback", "POLICY"], /alertFrom should be true or false/],
    ["no such policy", documentOf(open), ["--policy", "/nowhere/policy.yaml"], /no such file/i],
  ])("%s is one line and exit code 2", async (_, document, more, message) => {
    const policy = file("x.yaml", "alertFrom: x\n");
    const { exitCode, stdout, stderr } = await runCli(
      ["triage", "-", ...more.map((arg) => (arg === "POLICY" ? policy : arg))],
      {
        input: document,
      },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(readFileSync(policy, "utf8")).toBe("alertFrom: x\n");
  });
});

describe.skipIf(!hasBuild || !hasCityDatabase)("geopivot analyze --policy --alerts", () => {
  test("writes the document of alerts beside the findings, and a table of them", async () => {
    const [alerts, findings] = [join(folder, "alerts.json"), join(folder, "findings.json")];
    const policy = file(
      "routes.yaml",
      "routes: [{ match: { region: Europe }, receivers: [sre-emea] }]\ndefaultReceivers: [oncall]\n",
    );
    const { exitCode, stdout } = await runCli([
      "analyze",
      "data/sample.ndjson.gz",
      "--policy",
      policy,
      "--alerts",
      alerts,
      "--json",
      findings,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/sre-emea +Traffic from Germany down 93%/);
    const document = JSON.parse(readFileSync(alerts, "utf8")) as AlertsJson;
    const found = JSON.parse(readFileSync(findings, "utf8")).findings as { id: string; severity: string }[];
    const placed = [...document.alerts, ...document.digest, ...document.suppressed].flatMap((one) => one.findings);
    const grave = found.filter(({ severity }) => severity !== "low" && severity !== "info").map(({ id }) => id);
    expect([...placed].sort()).toEqual([...grave].sort());
  });

  test("without a policy --alerts goes by the starter's, on stdout too", async () => {
    const { stdout } = await runCli(["analyze", "data/sample.ndjson.gz", "--alerts", "-"]);
    expect((JSON.parse(stdout) as AlertsJson).alerts.map(({ severity }) => severity)).toEqual([
      ..."critical critical high high high medium medium".split(" "),
    ]);
  });

  test("a bad policy is told before the log is read", async () => {
    const { exitCode, stderr } = await runCli(["analyze", "/nowhere.log", "--policy", file("y.yaml", "x: 1\n")]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/line 1: x is not known here/);
  });
});
