import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findingsJson } from "../../src/report/payloads/findingsJson.js";
import { PAYLOAD_FORMATS } from "../../src/triage/payloads/alertPayload.js";
import { findingExample, inputExample } from "../report/findingExample.js";
import { hasBuild, runCli } from "../support/runCli.js";
import { payloadErrors } from "../triage/payloads/payloadSchemas.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const hostile = { title: "<!channel> [down](https://evil.example) @here", dimensions: { service: "\u202e<@U1>" } };
const findings = path("findings.json", JSON.stringify(findingsJson(inputExample, [findingExample(hostile)])));
const startS = findingExample().startMs / 1000;
const event = { location: "country/DE", start: startS, duration: 600, datasource: "bgp", location_name: "Germany" };
const events = path("events.json", JSON.stringify({ type: "outages.events", error: null, data: [event] }));

describe.skipIf(!hasBuild)("triage --format", () => {
  test.each(PAYLOAD_FORMATS)("%s writes what the receiver takes", async (format) => {
    const { exitCode, stdout } = await runCli(["triage", findings, "--format", format, "--events", events]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("also seen by IODA (routing");
    expect(stdout).not.toMatch(/<!channel>|<@U1>|https:\/\/evil|@here|\u202e/);
    if (format !== "markdown") expect(payloadErrors[format]!(JSON.parse(stdout))).toEqual([]);
  });

  test("messages are news only, what Alertmanager is told is all that goes on", async () => {
    const lasting = findingsJson(inputExample, [findingExample({ endMs: null })]);
    const file = path("lasting.json", JSON.stringify(lasting));
    const state = join(folder, "state.json");
    const told = async (format: string): Promise<number> => {
      const { stdout } = await runCli(["triage", file, "--format", format, "--state", state]);
      return (JSON.parse(stdout) as unknown[]).length;
    };
    expect(await told("slack")).toBe(1);
    expect(await told("slack")).toBe(0);
    expect(await told("pagerduty")).toBe(0);
    expect(await told("alertmanager")).toBe(1);
  });

  test("a file of events that is none ends in one line that names it", async () => {
    const bad = path("bad.json", JSON.stringify({ type: "outages.events", data: [{ location: "country/DE" }] }));
    const { exitCode, stderr } = await runCli(["triage", findings, "--events", bad]);
    expect(exitCode).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/bad\.json.*data\[0\]\.from should be a number/);
    expect((await runCli(["triage", findings, "--events", join(folder, "none.json")])).exitCode).toBe(2);
  });

  test("a file of events is not written over", async () => {
    const { exitCode } = await runCli(["triage", findings, "--events", events, "--out", events]);
    expect(exitCode).toBe(2);
    expect(readFileSync(events, "utf8")).toContain("outages.events");
  });
});

describe.skipIf(!hasBuild)("triage --post-mortems", () => {
  test("writes Markdown and a picture an alert, under names of plain letters", async () => {
    const one = findingExample({ endMs: findingExample().startMs + 3_600_000 });
    const region = { ...one.region, name: "../../etc/ü <b>" };
    const [startMs, endMs, detectedAtMs] = [one.startMs, one.endMs!, one.detectedAtMs].map((ms) => ms + 86_400_000);
    const two = [one, findingExample({ id: "other", startMs, endMs, detectedAtMs, region } as Partial<typeof one>)];
    const file = path("two.json", JSON.stringify(findingsJson(inputExample, two, { details: true })));
    const drafts = join(folder, "drafts", "deep");
    const { exitCode, stderr } = await runCli([
      "triage",
      file,
      "--post-mortems",
      drafts,
      "--out",
      join(folder, "x.json"),
    ]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const names = readdirSync(drafts).sort();
    expect(names).toHaveLength(4);
    for (const name of names) expect(name).toMatch(/^2026-03-0[23]-[a-z0-9-]+\.(md|svg)$/);
    const draft = readFileSync(join(drafts, names[0]!), "utf8");
    expect(draft).toContain(`](${names[1]})`);
    expect(readFileSync(join(drafts, names[1]!), "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
  });
});
