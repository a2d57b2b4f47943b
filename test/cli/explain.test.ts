import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Explanation } from "../../src/explain/explain.js";
import { hasBuild, runCli } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const db = join(folder, "world.csv");
writeFileSync(db, "81.2.0.0,81.2.127.255,GB\n81.2.128.0,81.2.255.255,DE\n");
const log = join(folder, "log.ndjson");
const lines = Array.from({ length: 6000 }, (_, i) => {
  const version = i % 3 === 0 ? "2.0" : "1.9";
  const country = i % 5 < 2 ? 130 : 20;
  const fails = i >= 5000 && version === "2.0" && country === 130 ? i % 2 === 0 : i % 97 === 0;
  const ip = `81.2.${country}.${i % 250}`;
  return JSON.stringify({
    ts: Date.UTC(2026, 2, 2) + i * 10_000,
    ip,
    status: fails ? 503 : 200,
    latency_ms: 30,
    version,
  });
});
writeFileSync(log, `${lines.join("\n")}\n`);
const window = ["--from", "2026-03-02T13:54", "--to", "2026-03-02T16:40"];

describe.skipIf(!hasBuild)("explain on the command line", () => {
  test("names one version in one country, in text and JSON", async () => {
    const text = await runCli(["explain", log, "--db", db, ...window, "--measure", "error_rate"]);
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toMatch(/^ *\d+% █+ +(country DE, version 2\.0|version 2\.0, country DE): /m);
    const json = await runCli(["explain", log, "--db", db, ...window, "--measure", "error_rate", "--json"]);
    const why = JSON.parse(json.stdout) as Explanation;
    expect(why.causes[0]!.slice).toEqual({ country: "DE", version: "2.0" });
    expect(why.verdict).toBe("found");
  });

  test("a question that cannot be asked ends in one line and exit code 2", async () => {
    for (const wrong of [
      [...window, "--measure", "happiness"],
      [...window, "--against", "yesterday"],
      ["--from", "2026-03-02T13:54", "--to", "2026-03-02T13:00"],
      ["--from", "2030-01-01", "--to", "2030-01-02"],
    ]) {
      const run = await runCli(["explain", log, "--db", db, ...wrong]);
      expect([run.exitCode, run.stderr.trim().split("\n").length], wrong.join(" ")).toEqual([2, 1]);
    }
  });
});
