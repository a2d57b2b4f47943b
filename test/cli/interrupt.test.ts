import { mkdtempSync, readdirSync, rmSync } from "node:fs";
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
});
