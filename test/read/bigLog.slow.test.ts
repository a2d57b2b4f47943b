import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { clusteredRequests, type LogRequest, ndjsonLine } from "../../bench/support/accessLog.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { hasBuild } from "../support/runCli.js";

const BYTES = Number(process.env.GEOPIVOT_BIG_LOG_BYTES ?? 5e9);
const LINES = 1_000_000;
const DAYS = 8;
const DAY_MS = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), "geopivot-big-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A line of a user who stays where he is: users everywhere at once would all be findings. */
function lineOf(request: LogRequest): string {
  return ndjsonLine({ ...request, user: `user-${request.ip.replaceAll(".", "-")}` });
}

/** Writes a log of {@link BYTES} by repeating a day; with `isOrdered`, the times go on through eight days instead. */
function writeBigLog(path: string, isOrdered: boolean): void {
  const day = Buffer.from([...clusteredRequests(LINES, 1)].map(lineOf).join(""));
  const times = [...day.toString("latin1").matchAll(/"ts":(\d{13})/g)].map((match) => ({
    at: match.index + 5,
    ms: Number(match[1]),
  }));
  const first = times[0]!.ms;
  const rounds = Math.ceil(BYTES / day.length);
  const file = openSync(path, "w");
  for (let round = 0; round < rounds; round++) {
    if (isOrdered)
      for (const { at, ms } of times) {
        const shifted = first + ((ms - first + round * DAY_MS) * DAYS) / rounds;
        day.write(String(Math.floor(shifted)), at, "latin1");
      }
    writeSync(file, day);
  }
  closeSync(file);
}

interface Watched {
  readonly exitCode: number | null;
  readonly peakBytes: number;
  readonly seconds: number;
  readonly terminal: string;
}

/**
 * Runs the command line on a terminal of its own (of `script`), whose output it returns; by /proc it watches how much
 * memory the process takes.
 */
function analyzeOnTerminal(log: string, outputs: readonly string[], isInterrupted = false): Promise<Watched> {
  const command = ["exec", process.execPath, "dist/cli.js", "analyze", log, "--db", cityDatabase.ipv4, ...outputs];
  const started = performance.now();
  const child = spawn("script", ["-qefc", command.join(" "), "/dev/null"], {
    env: { ...process.env, GEOPIVOT_DB: "" },
  });
  let terminal = "";
  child.stdout.on("data", (bytes: Buffer) => {
    terminal = (terminal + bytes.toString()).slice(-100_000);
    // What Ctrl-C sends on a terminal, when a fifth is read.
    if (isInterrupted && / [2-9]\d% /.test(bytes.toString())) child.stdin.write("\x03");
  });
  child.stdin.on("error", () => {}); // it may have ended meanwhile
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOfChildren(child));
  }, 100);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearInterval(watch);
      resolve({ exitCode, peakBytes, seconds: (performance.now() - started) / 1000, terminal });
    });
  });
}

/** The most memory that any child of a process has taken, in bytes. */
function peakOfChildren({ pid }: ChildProcess): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    const peaks = children.map((id) => /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]);
    // A process that has ended has no memory to tell of.
    return 1024 * Math.max(...peaks.map((peak) => Number(peak ?? 0)));
  } catch {
    return 0;
  }
}

describe.skipIf(!hasBuild || !hasCityDatabase || process.platform !== "linux")("a log of five gigabytes", () => {
  test.each([
    ["of one day over and over", false, 1e9],
    // Its cube alone has some two million groups of bucket and place, each with its clients and users.
    ["of eight days in order", true, 2e9],
  ])("%s is analysed in bounded memory, and Ctrl-C ends it", async (_name, isOrdered, maxBytes) => {
    const log = join(folder, "big.ndjson");
    writeBigLog(log, isOrdered);
    const whole = await analyzeOnTerminal(log, ["--json", join(folder, "findings.json")]);
    console.log(`${whole.seconds.toFixed(0)} s, at most ${(whole.peakBytes / 1e6).toFixed(0)} MB`);
    expect(whole.exitCode).toBe(0);
    expect(whole.terminal).toMatch(/reading \[.*\d+% \| .*requests/);
    expect(JSON.parse(readFileSync(join(folder, "findings.json"), "utf8")).schema).toBe("geopivot.findings/1");
    rmSync(join(folder, "findings.json"));
    const half = await analyzeOnTerminal(log, ["--json", join(folder, "half.json")], true);
    expect(half.exitCode).toBe(130);
    expect(half.terminal).toContain("geopivot: interrupted");
    expect(readdirSync(folder)).toEqual(["big.ndjson"]);
    expect(whole.peakBytes).toBeLessThan(maxBytes);
  });
});
