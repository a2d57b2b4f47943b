import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandExamples } from "../../src/cli/commands/commandExamples.js";
import { hasBuild } from "../support/runCli.js";

/** Where the files are that examples name. */
const folder = mkdtempSync(join(tmpdir(), "geopivot-help-"));
const env = { ...process.env, PATH: `${folder}/bin${delimiter}${process.env.PATH}`, HOME: folder, fpath: folder };

/** Runs a line as a user's shell does. */
function run(line: string): Promise<{ exitCode: number | null; stderr: string }> {
  return new Promise((done, reject) => {
    const child = spawn("bash", ["-c", `set -o pipefail; ${line}`], { cwd: folder, env });
    let stderr = "";
    child.stdout.resume();
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject).on("close", (exitCode) => done({ exitCode, stderr }));
  });
}

describe.skipIf(!hasBuild)("examples of help, on the sample (after npm run build)", () => {
  beforeAll(() => {
    const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, ".config/fish/completions"), { recursive: true });
    write("bin/geopivot", `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli.js")}" "$@"\n`);
    chmodSync(join(folder, "bin/geopivot"), 0o755);
    const sample = readFileSync("data/sample.ndjson.gz");
    const lines = gunzipSync(sample).toString().trimEnd().split("\n");
    // Requests of Europe are served from one place, all others from another.
    const pop = (line: string): string => line.replace(/\}$/, `,"pop":"${/"ip":"[1-8]/.test(line) ? "fra" : "iad"}"}`);
    write("access.log.gz", gzipSync(lines.map(pop).join("\n")));
    const day = (date: string): string => lines.filter((line) => line.includes(`"ts":"${date}`)).join("\n");
    write("before.log.gz", gzipSync(day("2026-03-03")));
    write("after.log.gz", gzipSync(day("2026-03-04")));
    write("addresses.txt", "81.2.69.142\n2001:4860:4860::8888\n");
    write("own.json", JSON.stringify([{ cidr: "10.8.0.0/16", name: "Berlin office", country: "DE" }]));
    const servers = [
      { name: "fra", country: "DE", lat: 50.1, lon: 8.7 },
      { name: "iad", country: "US", lat: 39, lon: -77.5 },
    ];
    write("servers.json", JSON.stringify(servers));
    const spec = JSON.parse(readFileSync("data/sample.spec.json", "utf8"));
    write("spec.json", JSON.stringify({ ...spec, requestsPerDay: 2000, incidents: [] }));
    const options = { cwd: folder, env, stdio: "pipe" } as const;
    execFileSync("geopivot", "analyze access.log.gz --json findings.json --cube traffic.cube".split(" "), options);
    execFileSync("bash", ["-c", "geopivot policy init > policy.yaml"], options);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // A watch of a live log has no end of its own.
  const examples = Object.values(commandExamples).flat();
  test.each(examples.filter((line) => !line.includes("/var/log/")))("%s", { timeout: 300_000 }, async (line) => {
    const { exitCode, stderr } = await run(line);
    // A gate that fails has done what it is for.
    expect([0, ...(line.includes("--fail-on") ? [3] : [])], stderr).toContain(exitCode);
  });
});
