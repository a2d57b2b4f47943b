import { appendFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { modelFromBytes } from "../../src/report/page/modelBytes.js";
import type { AlertsJson } from "../../src/triage/alertsJson.js";
import { logMinutes, until, Watch, WORLD } from "../support/liveLog.js";
import { hasBuild, runCli } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-watch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const path = (name: string): string => join(folder, `${count++}-${name}`);
const file = (name: string, content: string | Uint8Array): string => {
  const at = path(name);
  writeFileSync(at, content);
  return at;
};
const db = file("world.csv", WORLD);
const MONDAY_MS = Date.UTC(2026, 2, 2);
const MINUTES = 240;
const incident = logMinutes({ startMs: MONDAY_MS, minutes: MINUTES, failing: [180, 215] });

interface JournalLine {
  readonly at: string;
  readonly change: string;
  readonly finding: { readonly id: string; readonly title: string; readonly [name: string]: unknown };
}

const journalOf = (at: string): JournalLine[] =>
  existsSync(at)
    ? readFileSync(at, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as JournalLine)
    : [];

/** A receiver that says what it was sent. */
async function receiver(status = 200): Promise<{ url: string; got: Record<string, unknown>[]; server: Server }> {
  const got: Record<string, unknown>[] = [];
  const server = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (part: Buffer) => (body += part.toString()));
    incoming.on("end", () => {
      got.push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got, server };
}

describe.skipIf(!hasBuild)("geopivot watch", { timeout: 120_000 }, () => {
  test("over standard input it journals the incidents that analyze finds", async () => {
    const log = incident.join("");
    const [json, journal] = [path("findings.json"), path("journal.ndjson")];
    const batch = await runCli(["analyze", "-", "--db", db, "--json", json], { input: log });
    expect(batch).toMatchObject({ exitCode: 0 });
    const live = await runCli(["watch", "-", "--db", db, "--journal", journal], { input: log });
    expect(live).toMatchObject({ exitCode: 0 });
    const left = new Map<string, JournalLine["finding"]>();
    for (const { at, change, finding } of journalOf(journal)) {
      expect(at).toMatch(/^2026-03-02T\d\d:\d\d:00\.000Z$/);
      if (change === "withdrawn" || change === "merged") left.delete(finding.id);
      else left.set(finding.id, finding);
    }
    const facts = ({ id, kind, region, detectedAt }: Record<string, unknown>) => ({ id, kind, region, detectedAt });
    const { findings } = JSON.parse(readFileSync(json, "utf8")) as { findings: Record<string, unknown>[] };
    expect(findings.length).toBeGreaterThan(0);
    expect([...left.values()].map(facts)).toEqual(findings.map(facts));
  });

  test("logs are followed through rotation; SIGTERM keeps all, and a restart tells nothing twice", async () => {
    const log = path("access.log");
    const [journal, state] = [path("journal.ndjson"), path("state")];
    const args = [log, "--db", db, "--journal", journal, "--state", state, "--listen", "0"];
    writeFileSync(`${log}.1.gz`, gzipSync("nothing of ours\n"));
    writeFileSync(log, incident.slice(0, 100).join(""));
    const first = new Watch(args);
    const accepted = async (watch: Watch): Promise<number> => {
      const text = await (await fetch(new URL("metrics", await watch.url()))).text();
      return Number(/^geopivot_events_total (\d+)/m.exec(text)![1]);
    };
    await until(
      async () => (await accepted(first)) >= 100 * 120,
      "the first lines",
      () => first.stderr,
    );
    renameSync(log, `${log}.2`);
    writeFileSync(log, incident.slice(100, 195).join(""));
    await until(
      () => journalOf(journal).length > 0,
      "an incident",
      () => first.stderr,
    );
    const ended = await first.end();
    expect(ended.code).toBe(0);
    expect(ended.tookMs).toBeLessThan(5_000);
    appendFileSync(log, incident.slice(195, 205).join(""));
    renameSync(log, `${log}.3`);
    writeFileSync(log, incident.slice(205).join(""));
    const second = new Watch(args);
    await until(
      () => journalOf(journal).some(({ change }) => change === "resolved"),
      "its end",
      () => second.stderr,
    );
    await until(
      async () => (await accepted(second)) === MINUTES * 120,
      "all lines, once",
      () => second.stderr,
    );
    expect((await second.end()).code).toBe(0);
    const changes = journalOf(journal);
    expect(changes.filter(({ change }) => change === "opened")).toHaveLength(1);
    expect(new Set(changes.map((line) => JSON.stringify(line))).size).toBe(changes.length);
  });

  test("alerts reach a receiver once, wait for one that is down, and outlive a restart", async () => {
    const down = await receiver(503);
    const log = file("access.log", incident.slice(0, 200).join(""));
    const state = path("state");
    const first = new Watch([log, "--db", db, "--state", state, "--webhook", down.url]);
    await until(
      () => down.got.length > 0,
      "a request",
      () => first.stderr,
    );
    expect((await first.end()).code).toBe(0);
    down.server.close();
    const { url, got, server } = await receiver();
    const second = new Watch([log, "--db", db, "--state", state, "--webhook", url]);
    await until(
      () => got.length > 0,
      "the alert",
      () => second.stderr,
    );
    appendFileSync(log, incident.slice(200).join(""));
    const statuses = (): unknown[] => got.map((event) => (event.data as { status: string }).status);
    await until(
      () => statuses().includes("resolved"),
      "its end",
      () => second.stderr,
    );
    expect((await second.end()).code).toBe(0);
    server.close();
    expect(statuses().indexOf("resolved")).toBe(got.length - 1);
    expect(new Set(got.map((event) => event.id)).size).toBe(got.length);
    expect(second.stderr).not.toContain(url);
  });

  test("routes reach receivers by name, with secrets of the environment that nothing else shows", async () => {
    const { url, got, server } = await receiver();
    const policy = [
      "receivers:",
      "  oncall: { format: pagerduty, urlEnv: PAGER_URL, routingKeyEnv: PAGER_KEY }",
      "  chat: { format: slack, urlEnv: SLACK_URL }",
      "  team: { format: teams, urlEnv: TEAMS_URL }",
      "  nobody: { format: cloudevents, urlEnv: TEAMS_URL }",
      "routes:",
      "  - { match: { region: Germany }, receivers: [oncall, chat, team] }",
      "defaultReceivers: [nobody]",
    ].join("\n");
    const startS = MONDAY_MS / 1000 + 180 * 60;
    const seen = { location: "country/DE", start: startS, duration: 1800, datasource: "bgp", location_name: "Germany" };
    const events = JSON.stringify({ type: "outages.events", error: null, data: [seen] });
    const state = path("state");
    const secrets = {
      PAGER_KEY: "key-4711",
      SLACK_URL: `${url}?slack-4712`,
      TEAMS_URL: `${url}?teams-4713`,
      PAGER_URL: url,
    };
    const args = [
      ...[file("access.log", incident.join("")), "--db", db, "--policy", file("policy.yaml", policy)],
      ...["--events", file("events.json", events), "--state", state, "--replay", "--speed", "36000"],
    ];
    const run = new Watch(args, secrets);
    const kinds = (): string[] =>
      got.map((body) => ("routing_key" in body ? "pagerduty" : "attachments" in body ? "teams" : "slack")).sort();
    const of = (kind: string): number => kinds().filter((one) => one === kind).length;
    expect(await run.exited).toBe(0);
    server.close();
    for (const kind of ["pagerduty", "slack", "teams"]) expect(of(kind)).toBeGreaterThanOrEqual(2);
    expect(got.find((body) => "routing_key" in body)!.routing_key).toBe("key-4711");
    expect(JSON.stringify(got)).toContain("also seen by IODA");
    const kept = readFileSync(join(state, "alerts.json"), "utf8");
    for (const text of [run.stderr, run.stdout, kept]) expect(text).not.toMatch(/471[123]/);
  });

  test("what the environment does not hold is said before anything is read, and no name is left unreached", async () => {
    const log = file("access.log", incident[0]!);
    const policy = (text: string): string => file("policy.yaml", text);
    const slack = policy("receivers: { chat: { format: slack, urlEnv: NO_SUCH_URL } }\ndefaultReceivers: [chat]\n");
    const missing = await runCli(["watch", log, "--db", db, "--policy", slack]);
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringMatching(/"chat".*NO_SUCH_URL/)]);
    const typo = policy("receivers: { chat: { format: slack, urlEnv: X } }\nroutes: [{ receivers: [chatt] }]\n");
    const refused = await runCli(["watch", log, "--db", db, "--policy", typo]);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringMatching(/did you mean chat\?/)]);
    const nowhere = await runCli(["watch", "-", "--db", db, "--policy", policy("defaultReceivers: [ops]\n")], {
      input: incident[0]!,
    });
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([0, expect.stringMatching(/ops are sent nowhere/)]);
  });

  test("the live page has the incidents with their timelines, and /alerts what triage says", async () => {
    const run = new Watch([file("access.log", incident.join("")), "--db", db, "--listen", "0"]);
    const url = await run.url();
    await until(
      () => /resolved/.test(run.stdout),
      "the incident",
      () => run.stderr,
    );
    const document = async (): Promise<AlertsJson> =>
      (await (await fetch(new URL("alerts", url))).json()) as AlertsJson;
    await until(
      async () => (await document()).alerts[0]?.history.at(-1)?.change === "resolved",
      "its end",
      () => run.stderr,
    );
    const model = modelFromBytes(new Uint8Array(await (await fetch(new URL("model", url))).arrayBuffer()));
    expect(model.incidents).toHaveLength(1);
    expect(model.incidents[0]!.moments.map(({ kind }) => kind)).toContain("told");
    expect((await run.end()).code).toBe(0);
  });

  test("killed again and again while it is fed, it ends with the findings of an undisturbed run, told once", async () => {
    const kills = 5;
    const log = file("access.log", incident.slice(0, 150).join(""));
    const [journal, state] = [path("journal.ndjson"), path("state")];
    const { url, got, server } = await receiver();
    const args = [log, "--db", db, "--journal", journal, "--state", state, "--webhook", url];
    for (let kill = 0; kill < kills; kill++) {
      const run = new Watch(args);
      const before = journalOf(journal).length;
      const from = 150 + (kill * 60) / kills;
      for (let step = 0; step < 6; step++) {
        appendFileSync(log, incident.slice(from + 2 * step, from + 2 * step + 2).join(""));
        await new Promise((resolve) => setTimeout(resolve, kill % 2 === 0 ? 120 : 500));
      }
      if (kill === 3)
        await until(
          () => journalOf(journal).length > before,
          "the incident",
          () => run.stderr,
        );
      await run.end("SIGKILL");
    }
    appendFileSync(log, incident.slice(210).join(""));
    const last = new Watch(args);
    const statuses = (): unknown[] => got.map((event) => (event.data as { status: string }).status);
    await until(
      () => statuses().includes("resolved"),
      "the end of the incident",
      () => last.stderr,
    );
    expect((await last.end()).code).toBe(0);
    server.close();
    const changes = journalOf(journal);
    expect(changes.filter(({ change }) => change === "opened")).toHaveLength(1);
    expect(changes.at(-1)!.change).toBe("resolved");
    expect(changes[0]!.finding).toMatchObject({ region: { countries: ["DE"] }, start: "2026-03-02T03:00:00.000Z" });
    expect(new Set(got.map((event) => (event.data as { key: string }).key)).size).toBe(1);
    expect(new Set(got.map((event) => event.id)).size).toBe(got.length);
  });

  test("state that cannot be written is said, and nothing else stops", async () => {
    const journal = path("journal.ndjson");
    const run = new Watch([
      file("access.log", incident.join("")),
      "--db",
      db,
      "--state",
      file("taken", ""),
      "--journal",
      journal,
    ]);
    await until(
      () => journalOf(journal).some(({ change }) => change === "resolved"),
      "the incident",
      () => run.stderr,
    );
    expect((await run.end()).code).toBe(0);
    expect(run.stderr).toMatch(/taken/);
  });

  test("a policy that is changed is taken, one that is broken is not", async () => {
    const policy = file("policy.yaml", "alertFrom: medium\n");
    const run = new Watch([file("access.log", incident[0]!), "--db", db, "--policy", policy, "--listen", "0"]);
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(new URL("metrics", await run.url()))).text();
      return Number(new RegExp(`^geopivot_${name} (\\d+)`, "m").exec(text)![1]);
    };
    await run.url();
    writeFileSync(policy, "silences: 7\n");
    await until(
      async () => (await metric("reload_failures_total")) === 1,
      "a refusal",
      () => run.stderr,
    );
    expect(run.stderr).toContain("silences");
    writeFileSync(policy, "alertFrom: high\n");
    await until(
      async () => (await metric("policy_reloads_total")) === 1,
      "a new policy",
      () => run.stderr,
    );
    expect((await run.end("SIGINT")).code).toBe(130);
  });

  test("a replay plays the log in its own time, so many times as fast, and ends", async () => {
    const startMs = performance.now();
    const run = new Watch([file("access.log", incident.join("")), "--db", db, "--replay", "--speed", "3600"]);
    expect(await run.exited).toBe(0);
    expect(run.stdout).toContain("opened");
    expect(performance.now() - startMs).toBeGreaterThan((MINUTES * 60_000) / 3_600);
  });

  test("the server answers only those who know its name, and only questions", async () => {
    const hostile = '<img src=x onerror=alert(1)>"\n</script>';
    const log = logMinutes({ startMs: MONDAY_MS, minutes: MINUTES, failing: [180, 215], service: hostile });
    const run = new Watch([
      file("access.log", log.join("")),
      "--db",
      db,
      "--listen",
      "127.0.0.1:0",
      "--allow-host",
      "wall.example",
    ]);
    const url = await run.url();
    await until(
      () => /resolved/.test(run.stdout),
      "the incident",
      () => run.stderr,
    );
    const status = (host: string, method = "GET"): Promise<number> =>
      new Promise((resolve, reject) =>
        request(url, { method, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode!);
        })
          .on("error", reject)
          .end(),
      );
    expect(await status("evil.example")).toBe(421);
    expect(await status("wall.example:80")).toBe(200);
    expect(await status("[::1]:9")).toBe(200);
    expect(await status("localhost", "POST")).toBe(405);
    expect((await fetch(new URL("nothing", url))).status).toBe(404);
    const findings = (await (await fetch(new URL("findings", url))).json()) as { schema: string; findings: object[] };
    expect(findings).toMatchObject({ schema: "geopivot.findings/1" });
    expect(findings.findings).toHaveLength(1);
    const health = await fetch(new URL("healthz", url));
    expect([health.status, ((await health.json()) as { status: string }).status]).toEqual([200, "ok"]);
    const page = await fetch(url);
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(await page.text()).not.toContain("<img src=x");
    expect((await run.end()).code).toBe(0);
  });

  test("what cannot be used is refused before anything is read", async () => {
    const log = file("access.log", incident[0]!);
    for (const [args, told] of [
      [["missing.log"], /missing\.log/],
      [[folder], /folder|directory/],
      [[log, "--listen", "nowhere"], /--listen/],
      [[log, "--speed", "3"], /--replay/],
      [[log, "--webhook", "ftp://x/"], /webhook/],
      [[log, "--journal", log], /overwrite/],
      [[file("noise.log", "neither fish nor flesh\n")], /noise\.log/],
    ] as const) {
      const run = await runCli(["watch", ...args, "--db", db]);
      expect(run.stderr).toMatch(told);
      expect(run.exitCode).toBe(2);
    }
  });
});
