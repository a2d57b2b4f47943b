import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hasBuild } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-pipeline-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What k6 writes of 3,000 requests from three regions, of which every so many from Brazil fail. */
function results(name: string, everyInBrazil: number): string {
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const region = ["eu", "br", "us"][i % 3]!;
    const fails = i % (region === "br" ? 3 * everyInBrazil : 150) === (region === "br" ? 1 : 0);
    const time = new Date(Date.UTC(2026, 2, 2) + i * 100).toISOString();
    const tags = { method: "GET", status: fails ? "500" : "200", url: "https://shop.example/", region };
    return JSON.stringify({ type: "Point", metric: "http_req_duration", data: { time, value: 50 + (i % 20), tags } });
  });
  const path = join(folder, name);
  writeFileSync(path, `${rows.join("\n")}\n`);
  return path;
}

function gate(before: string, after: string, reports: string): Promise<number> {
  const geopivot = join(folder, "geopivot");
  writeFileSync(geopivot, `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli.js")}" "$@"\n`);
  chmodSync(geopivot, 0o755);
  const env = { ...process.env, GEOPIVOT: geopivot };
  return new Promise((done) => {
    const args = ["examples/pipeline/load-test-gate.sh", before, after, reports];
    const child = execFile("sh", args, { env }, () => done(child.exitCode ?? -1));
  });
}

test.skipIf(!hasBuild)("a load test's results stop a pipeline where a region became worse", async () => {
  const [before, worse] = [results("before.json", 50), results("worse.json", 3)];
  const reports = join(folder, "reports");
  expect(await gate(before, worse, reports)).toBe(3);
  const markdown = readFileSync(join(reports, "load-test.md"), "utf8");
  expect(markdown).toMatch(/br.*error_rate|br.*error rate/);
  expect(markdown).not.toMatch(/\beu\b.*worse/);
  expect(readFileSync(join(reports, "load-test.xml"), "utf8")).toContain("<failure");
  expect(await gate(before, before, reports)).toBe(0);
  expect(await gate(before, join(folder, "missing.json"), reports)).toBe(2);
});
