import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import * as aq from "arquero";
import type { Events } from "../../src/core/events.js";

/** A system that answers the same two questions. */
export interface CubePeer {
  readonly name: string;
  check(): Promise<{ groups: number; count: number; errors: number; users: number }>;
  /** Count and errors by bucket and place. */
  few(): Promise<unknown> | unknown;
  /** p95 and distinct users as well. */
  all(): Promise<unknown> | unknown;
  close(): Promise<void>;
}

interface BenchData {
  readonly events: Events;
  readonly userIds: Uint32Array;
}

const COLUMNS = "t UInt64, place UInt32, status UInt16, latency Float32, user UInt32";

/** The peers that are installed, with the data loaded into them. */
export async function cubePeers(data: BenchData, bucketMs: number): Promise<CubePeer[]> {
  const folder = mkdtempSync(join(tmpdir(), "geopivot-bench-"));
  const csv = join(folder, "events.csv");
  await writeCsv(csv, data);
  const peers = [
    plainLoop(data, bucketMs),
    await attempt("ClickHouse", () => clickhouse(csv, bucketMs, join(folder, "chdb"))),
    await attempt("DuckDB", () => duckdb(csv, bucketMs)),
    ...(data.events.length <= 10_000_000 ? [arquero(data, bucketMs)] : []),
  ].filter((peer) => peer !== null);
  rmSync(csv);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return peers;
}

async function attempt(name: string, open: () => Promise<CubePeer>): Promise<CubePeer | null> {
  try {
    return await open();
  } catch (error) {
    console.log(`${name} is left out: ${(error as Error).message.split("\n")[0]}`);
    return null;
  }
}

async function writeCsv(path: string, { events, userIds }: BenchData): Promise<void> {
  const file = createWriteStream(path);
  let block = "";
  for (let i = 0; i < events.length; i++) {
    block += `${events.timeMs[i]},${events.place[i]},${events.status[i]},${events.latencyMs[i]},${userIds[i]}\n`;
    if (block.length < 1 << 20) continue;
    if (!file.write(block)) await once(file, "drain");
    block = "";
  }
  file.end(block);
  await finished(file);
}

async function clickhouse(csv: string, bucketMs: number, folder: string): Promise<CubePeer> {
  const require = createRequire(new URL("../package.json", import.meta.url));
  const { Session } = require("chdb") as {
    Session: new (path: string) => { query(sql: string, format?: string): string; cleanup(): void };
  };
  const session = new Session(folder);
  session.query("CREATE DATABASE IF NOT EXISTS b; DROP TABLE IF EXISTS b.e");
  session.query(`CREATE TABLE b.e (${COLUMNS}) ENGINE = Memory`);
  session.query(`INSERT INTO b.e SELECT * FROM file('${csv}', CSV, '${COLUMNS}')`);
  const few = `SELECT intDiv(t, ${bucketMs}) AS b, place, count() AS n, countIf(status >= 500) AS e FROM b.e GROUP BY b, place`;
  const all = few.replace(" FROM", ", quantileDD(0.01, 0.95)(latency) AS p, uniq(user) AS u FROM");
  const exact = few.replace(" FROM", ", uniqExact(user) AS u FROM");
  const one = "SETTINGS max_threads = 1";
  return {
    name: "ClickHouse",
    async check() {
      const text = session.query(`SELECT count(), sum(n), sum(e), sum(u) FROM (${exact})`, "CSV");
      const [groups, count, errors, users] = text.trim().split(",").map(Number);
      return { groups: groups!, count: count!, errors: errors!, users: users! };
    },
    few: () => session.query(`${few} ${one}`, "Null"),
    all: () => session.query(`${all} ${one}`, "Null"),
    async close() {
      session.query("DROP TABLE b.e");
      session.cleanup();
    },
  };
}

async function duckdb(csv: string, bucketMs: number): Promise<CubePeer> {
  const require = createRequire(new URL("../package.json", import.meta.url));
  const { DuckDBInstance } = require("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const types = "{'t': 'UBIGINT', 'place': 'UINTEGER', 'status': 'USMALLINT', 'latency': 'FLOAT', 'user': 'UINTEGER'}";
  await connection.run(`CREATE TABLE e AS SELECT * FROM read_csv('${csv}', header = false, columns = ${types})`);
  const few = `SELECT t // ${bucketMs} AS b, place, count(*) AS n, count(*) FILTER (status >= 500) AS e FROM e GROUP BY ALL`;
  const all = few.replace(
    " FROM e ",
    ', approx_quantile(latency, 0.95) AS p, approx_count_distinct("user") AS u FROM e ',
  );
  const exact = few.replace(" FROM e ", ', count(DISTINCT "user") AS u FROM e ');
  const whole = (sql: string): string => `SELECT count(*), sum(n), sum(e) FROM (${sql})`;
  return {
    name: "DuckDB",
    async check() {
      const sql = `SELECT count(*), sum(n), sum(e), sum(u) FROM (${exact})`;
      const [row] = await (await connection.run(sql)).getRows();
      const [groups, count, errors, users] = (row as unknown[]).map(Number);
      return { groups: groups!, count: count!, errors: errors!, users: users! };
    },
    few: () => connection.run(whole(few)),
    all: () => connection.run(`SELECT count(*), sum(n), sum(e), sum(p), sum(u) FROM (${all})`),
    async close() {
      connection.closeSync();
    },
  };
}

function arquero({ events, userIds }: BenchData, bucketMs: number): CubePeer {
  const bucket = Uint32Array.from(events.timeMs, (t) => t / bucketMs - 5_000_000);
  const failed = Uint8Array.from(events.status, (status) => (status >= 500 ? 1 : 0));
  const grouped = aq.table({ bucket, place: events.place, failed, latency: events.latencyMs, user: userIds });
  const few = () => grouped.groupby("bucket", "place").rollup({ n: aq.op.count(), e: aq.op.sum("failed") });
  const all = () =>
    grouped.groupby("bucket", "place").rollup({
      ...{ n: aq.op.count(), e: aq.op.sum("failed") },
      ...{ p: aq.op.quantile("latency", 0.95), u: aq.op.distinct("user") },
    });
  return {
    name: "arquero",
    async check() {
      const table = all();
      const total = (name: string): number => (table.array(name) as number[]).reduce((a, b) => a + b, 0);
      return { groups: table.numRows(), count: total("n"), errors: total("e"), users: total("u") };
    },
    few,
    all,
    close: async () => {},
  };
}

/** What anyone would write for these two questions alone: no cube comes of it, only the four numbers a group. */
function plainLoop({ events, userIds }: BenchData, bucketMs: number): CubePeer {
  const places = events.places.length;
  const first = Math.floor(events.timeMs.reduce((a, b) => Math.min(a, b)) / bucketMs);
  const last = Math.floor(events.timeMs.reduce((a, b) => Math.max(a, b)) / bucketMs);
  const size = (last - first + 1) * places;
  const few = () => {
    const count = new Uint32Array(size);
    const errors = new Uint32Array(size);
    for (let i = 0; i < events.length; i++) {
      const key = Math.floor(events.timeMs[i]! / bucketMs - first) * places + events.place[i]!;
      count[key]!++;
      if (events.status[i]! >= 500) errors[key]!++;
    }
    return { count, errors };
  };
  const all = () => {
    const { count, errors } = few();
    const starts = new Uint32Array(size + 1);
    for (let key = 0; key < size; key++) starts[key + 1] = starts[key]! + count[key]!;
    const next = starts.slice();
    const latency = new Float32Array(events.length);
    const user = new Uint32Array(events.length);
    for (let i = 0; i < events.length; i++) {
      const at = next[Math.floor(events.timeMs[i]! / bucketMs - first) * places + events.place[i]!]!++;
      latency[at] = events.latencyMs[i]!;
      user[at] = userIds[i]!;
    }
    const p95 = new Float64Array(size);
    const users = new Uint32Array(size);
    for (let key = 0; key < size; key++) {
      if (count[key] === 0) continue;
      const group = latency.subarray(starts[key]!, starts[key + 1]!).sort();
      p95[key] = group[Math.ceil(0.95 * group.length) - 1]!;
      users[key] = new Set(user.subarray(starts[key]!, starts[key + 1]!)).size;
    }
    return { count, errors, users, p95 };
  };
  return {
    name: "plain loop",
    async check() {
      const { count, errors, users } = all();
      const total = (column: Uint32Array): number => column.reduce((a, b) => a + b, 0);
      return {
        groups: count.filter((n) => n > 0).length,
        count: total(count),
        errors: total(errors),
        users: total(users),
      };
    },
    few,
    all,
    close: async () => {},
  };
}
