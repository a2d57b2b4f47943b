import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { separateDatabases } from "../../src/cli/input/argumentOrder.js";
import { runCli } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-events-"));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const log = file(
  "access.log",
  [
    '192.0.2.1 - ann [02/Mar/2026:10:00:00 +0100] "GET /a?x=1 HTTP/1.1" 500 12 "-" "curl/8"',
    '198.51.100.7 - - [02/Mar/2026:10:00:01 +0100] "GET /b HTTP/1.1" 200 - "-" "c\u0085"',
    "rubbish",
    "",
  ].join("\n"),
);
const db = file("world.csv", "192.0.2.0,192.0.2.255,DE\n198.51.100.0,198.51.100.255,US\n");
const lines = (stdout: string): unknown[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("events says what was understood, in the names that NDJSON is read by", async () => {
  const { stdout, stderr, exitCode } = await runCli(["events", log]);
  expect(exitCode).toBe(0);
  expect(lines(stdout)).toEqual([
    {
      ...{ ts: "2026-03-02T09:00:00.000Z", ip: "192.0.2.1", status: 500, bytes: 12, user: "ann" },
      ...{ user_agent: "curl/8", method: "GET", path: "/a" },
    },
    {
      ...{ ts: "2026-03-02T09:00:01.000Z", ip: "198.51.100.7", status: 200 },
      ...{ user_agent: "c\u0085", method: "GET", path: "/b" },
    },
  ]);
  expect(stdout).toContain("\\u0085");
  expect(stderr).toContain("1 line (33.3%) could not be read");
});

test("what events writes is read as the same events", async () => {
  const { stdout } = await runCli(["events", log]);
  expect((await runCli(["events", file("again.ndjson", stdout)])).stdout).toBe(stdout);
});

test("a database adds place and network, wherever it stands among the arguments", async () => {
  for (const args of [
    ["--db", db, log, "--limit", "1"],
    [log, "--limit", "1", "--db", db],
  ]) {
    const [event] = lines((await runCli(["events", ...args])).stdout) as [{ place: { country: string } }];
    expect(event.place.country).toBe("DE");
  }
});

test("of a finding, the events of its time, place and slice are shown", async () => {
  const finding = {
    ...{ id: "f1", kind: "regional-outage", subtype: "errors", severity: "high", confidence: 0.99 },
    ...{ start: "2026-03-02T09:00:00Z", end: "2026-03-02T09:05:00Z", detectedAt: "2026-03-02T09:05:00Z", title: "t" },
    region: { name: "Germany", countries: ["DE"], subdivisions: [], cities: [], cells: [], centroid: null },
    ...{ dimensions: { method: "GET" }, measure: "errors", observed: 1, expected: 0, clients: 1 },
    ...{ users: [], ips: [], cause: [] },
  };
  const input = { files: [log], events: 2, rejected: 1, unlocated: 0, from: null, to: null };
  const findings = file("f.json", JSON.stringify({ schema: "geopivot.findings/1", input, findings: [finding] }));
  const { stdout, stderr } = await runCli(["events", log, "--db", db, "--finding", "f1", "--findings", findings]);
  expect(stderr).not.toContain("bad");
  expect(lines(stdout)).toMatchObject([{ ip: "192.0.2.1" }]);
  expect((await runCli(["events", log, "--db", db, "--finding", "f2", "--findings", findings])).exitCode).toBe(2);
});

test("of what follows --db, logs are told from databases by their first line", async () => {
  expect(separateDatabases(["analyze", "--db", db, log, db, "--json", "x"])).toEqual([
    "analyze",
    `--db=${db}`,
    log,
    `--db=${db}`,
    "--json",
    "x",
  ]);
  expect(separateDatabases(["locate", "192.0.2.1", "--db", "a.mmdb", "b.mmdb"])).toEqual([
    "locate",
    "192.0.2.1",
    "--db=a.mmdb",
    "--db=b.mmdb",
  ]);
});
