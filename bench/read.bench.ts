// Reading a log of a million lines into columns, against what else reads NDJSON.
//
//   npm run build && npm run bench -- read [--lines 1000000] [--no-peers]
//
// The peers DuckDB and ClickHouse come from bench/package.json: npm --prefix bench install
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { addressText } from "../src/core/addressColumn.js";
import { nameText } from "../src/core/nameColumn.js";
import { NetworkTable } from "../src/core/networks.js";
import { PlaceTable } from "../src/core/places.js";
import { readBatches } from "../src/read/readBatches.js";
import type { ReadOptions } from "../src/read/readOptions.js";
import { combinedLine, ndjsonLine, requests } from "./support/accessLog.js";
import { rounds } from "./support/rounds.js";
import { saveResults } from "./support/saveResults.js";

const { values: flags } = parseArgs({
  options: { lines: { type: "string", default: "1000000" }, "no-peers": { type: "boolean", default: false } },
});
const LINES = Number(flags.lines);
const folder = mkdtempSync(join(tmpdir(), "geopivot-bench-"));
const ndjson = join(folder, "access.ndjson");
const combined = join(folder, "access.log");
let rows = [...requests(LINES, 1)];
writeFileSync(ndjson, rows.map(ndjsonLine).join(""));
writeFileSync(combined, rows.map(combinedLine).join(""));
// Threads take a while to start: what they give shows on a log that is read for longer.
const long = join(folder, "long.ndjson");
const LONG_LINES = 8 * LINES;
for (let i = 0; i < 8; i++) appendFileSync(long, readFileSync(ndjson));
const ndjsonBytes = readFileSync(ndjson).length;
const combinedBytes = readFileSync(combined).length;
console.log(
  `${LINES} lines: NDJSON ${(ndjsonBytes / LINES).toFixed(0)} bytes a line, combined ${(combinedBytes / LINES).toFixed(0)}`,
);

const nowhere = { places: new PlaceTable(), networks: new NetworkTable(), locateColumn() {} };
const COLUMNS: Partial<ReadOptions> = { dimensions: ["path"], routes: false };

/** Reads without keeping anything, as a cube does; returns sums that depend on every column. */
async function read(file: string, options: Partial<ReadOptions> = {}): Promise<number[]> {
  let count = 0;
  let status = 0;
  for await (const batch of readBatches(file, { locator: nowhere, reuse: true, ...COLUMNS, ...options })) {
    count += batch.length;
    status += batch.status[batch.length - 1]!;
  }
  return [count, status];
}

/** Checks every column of every row of a file against what was written. */
async function verify(file: string, hasLatency: boolean): Promise<void> {
  let i = 0;
  for await (const batch of readBatches(file, { locator: nowhere, ...COLUMNS })) {
    const path = batch.dimensions.get("path")!;
    for (let row = 0; row < batch.length; row++, i++) {
      const want = rows[i]!;
      const same =
        batch.timeMs[row] === (hasLatency ? want.timeMs : Math.floor(want.timeMs / 1000) * 1000) &&
        addressText(batch.client, row) === want.ip &&
        batch.status[row] === want.status &&
        (!hasLatency || batch.latencyMs[row] === Math.fround(want.latencyMs)) &&
        nameText(batch.user, row) === want.user &&
        path.dictionary.value(path.codes[row]!) === want.path;
      if (!same) assert.fail(`${file}: row ${i} differs from ${JSON.stringify(want)}`);
    }
  }
  assert.equal(i, LINES);
}

await verify(ndjson, true);
await verify(combined, false);
// A million objects would slow down every garbage collection of what is timed.
rows = [];

function jsonParse(): number[] {
  let status = 0;
  let count = 0;
  for (const line of readFileSync(ndjson, "utf8").split("\n")) {
    if (line === "") continue;
    const event = JSON.parse(line) as {
      ts: number;
      ip: string;
      status: number;
      latency_ms: number;
      user: string;
      path: string;
    };
    count++;
    status += event.status + event.latency_ms + event.user.length + event.path.length + event.ip.length + event.ts;
  }
  return [count, status];
}

interface Contender {
  readonly name: string;
  readonly lines: number;
  readonly run: () => Promise<unknown> | unknown;
}

const contenders: Contender[] = [
  { name: "geopivot NDJSON", lines: LINES, run: () => read(ndjson) },
  { name: "geopivot combined", lines: LINES, run: () => read(combined) },
  { name: "geopivot, long log", lines: LONG_LINES, run: () => read(long) },
  { name: "the same, two workers", lines: LONG_LINES, run: () => read(long, { workers: 2, minWorkerBytes: 0 }) },
  { name: "JSON.parse a line", lines: LINES, run: jsonParse },
];

if (!flags["no-peers"]) {
  const require = createRequire(new URL("./package.json", import.meta.url));
  try {
    const duckdb = require("@duckdb/node-api");
    const instance = await duckdb.DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    const sql = `select count(*), sum(ts), count(distinct ip), sum(status), sum(latency_ms), sum(length("user")), sum(length(path)) from read_json('${ndjson}', format='newline_delimited', columns={ts:'BIGINT',ip:'VARCHAR',status:'SMALLINT',latency_ms:'FLOAT','user':'VARCHAR',path:'VARCHAR'})`;
    const sums = sql.replace("count(distinct ip)", "sum(length(ip))");
    contenders.push({ name: "DuckDB read_json", lines: LINES, run: () => connection.runAndReadAll(sums) });
  } catch (error) {
    console.log(`DuckDB is left out: ${(error as Error).message.split("\n")[0]}`);
  }
  try {
    const { query } = require("chdb");
    const sql = `select count(), sum(ts), sum(length(ip)), sum(status), sum(latency_ms), sum(length(user)), sum(length(path)) from file('${ndjson}', 'JSONEachRow', 'ts Int64, ip String, status UInt16, latency_ms Float32, user String, path String') settings max_threads = 1, input_format_parallel_parsing = 0`;
    assert.match(String(query(sql, "CSV")), new RegExp(`^${LINES},`));
    contenders.push({ name: "ClickHouse JSONEachRow", lines: LINES, run: () => query(sql, "CSV") });
  } catch (error) {
    console.log(`ClickHouse is left out: ${(error as Error).message.split("\n")[0]}`);
  }
}

const timings = await rounds(contenders, 5);
const rate = (name: string, kind: "wall" | "cpu"): number =>
  contenders.find((contender) => contender.name === name)!.lines / timings.get(name)![kind] / 1e6;
console.log("                          by the clock          by processor time");
for (const { name } of contenders) {
  const lineBytes = (name.startsWith("geopivot combined") ? combinedBytes : ndjsonBytes) / LINES;
  const columns = (["wall", "cpu"] as const).map((kind) => {
    const megabytes = (lineBytes * rate(name, kind)).toFixed(0);
    const ratio = (rate(name, kind) / rate("JSON.parse a line", kind)).toFixed(2);
    return `${rate(name, kind).toFixed(2).padStart(6)} M/s ${megabytes.padStart(5)} MB/s ${ratio.padStart(6)} ×`;
  });
  console.log(`${name.padEnd(24)} ${columns.join("   ")}`);
}
saveResults("read", { lines: LINES, seconds: Object.fromEntries(timings) });
rmSync(folder, { recursive: true });
