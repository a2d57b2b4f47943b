import { spawn } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";

// When a process is killed depends on the machine, so this is no test of every day.

/** Runs the child until it ends, or is killed some time after it has started. */
function run(state: string, out: string, killAfterMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", "test/support/monitorChild.ts", state, out]);
    let [text, errors] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      if (text === "" && Number.isFinite(killAfterMs)) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      text += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
    });
    child.on("exit", (code, signal) => {
      if (code !== 0 && signal !== "SIGKILL") reject(new Error(errors));
      else resolve(text.includes("finished"));
    });
  });
}

test("a monitor that is killed at random moments tells all findings, and none twice", async () => {
  const dir = await mkdtemp(join(tmpdir(), "crash-"));
  const random = new Random(7);
  await run("", join(dir, "through"));
  const expected = (await readFile(join(dir, "through"), "utf8")).trim().split("\n");
  expect(expected.join()).toMatch(/opened .* Germany/);
  const out = join(dir, "killed");
  await writeFile(out, "");
  let isFinished = false;
  for (let kill = 0; kill < 20 && !isFinished; kill++)
    isFinished = await run(join(dir, "state"), out, 50 + random.int(2_500));
  if (!isFinished) await run(join(dir, "state"), out);
  const told = (await readFile(out, "utf8")).trim().split("\n");
  // The last changes before a kill may be told again, under the numbers that they had; nothing else may differ.
  expect([...new Set(told)]).toEqual(expected);
}, 900_000);
