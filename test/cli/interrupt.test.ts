import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { hasBuild, runCli } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-interrupt-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = '{"ts":"2026-03-02T10:00:00Z","ip":"81.2.69.142","status":200,"latency_ms":12}\n';

// Early, the database is being opened; late, the log is being read from a pipe that never ends.
describe.skipIf(!hasBuild || !hasCityDatabase)("Ctrl-C", () => {
  test.each([400, 20_000])(
    "after %i ms ends the run with exit code 130 and leaves no output",
    async (interruptAfterMs) => {
      const outputs = ["--json", join(folder, "findings.json"), "--html", join(folder, "report.html")];
      const run = await runCli(["analyze", "-", "--db", cityDatabase.ipv4, ...outputs], {
        input: line.repeat(2000),
        interruptAfterMs,
      });
      expect(run.exitCode).toBe(130);
      expect(["", "geopivot: interrupted\n"]).toContain(run.stderr);
      expect(run.stdout).toBe("");
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  // A second in, the database is being read; what is told comes as soon as a step of the work ends.
  test.each([
    ["compile", (out: string) => ["compile", "--db", cityDatabase.ipv4, "--out", join(out, "city.table")]],
    ["pivot", () => ["pivot", "-", "--db", cityDatabase.ipv4, "--by", "country"]],
    ["events", () => ["events", "-", "--db", cityDatabase.ipv4]],
    ["simulate", (out: string) => ["simulate", spec(), "--db", cityDatabase.ipv4, "--out", out]],
  ])("ends %s with exit code 130 and leaves no output", async (_, args) => {
    const run = await runCli(args(folder), { input: line.repeat(2000), interruptAfterMs: 1000 });
    expect(run.exitCode).toBe(130);
    expect(["", "geopivot: interrupted\n"]).toContain(run.stderr);
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** A spec of traffic that takes minutes to make. */
function spec(): string {
  const path = join(mkdtempSync(join(tmpdir(), "geopivot-spec-")), "spec.json");
  writeFileSync(path, '{"seed":1,"start":"2026-03-02T00:00:00Z","days":20,"requestsPerDay":3000000,"incidents":[]}');
  return path;
}
