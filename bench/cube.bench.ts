// Cubes of 10 million events against ClickHouse (in process), DuckDB, arquero and a plain typed-array loop, one thread each,
// in one run: by 5-minute bucket and place, count and errors alone, then with p95 and distinct users as well.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { Cube } from "../src/cube/cube.js";
import { groupQuantiles } from "../src/cube/measures/groupQuantiles.js";
import { users as usersMeasure } from "../src/cube/measures/users.js";
import { range } from "../src/cube/segments/range.js";
import type { RowOrder } from "../src/cube/segments/sortGroupBy.js";
import { pivot } from "../src/pivot/pivot.js";
import { BUCKET_MS, benchEvents } from "./support/benchEvents.js";
import { type CubePeer, cubePeers } from "./support/cubePeers.js";

const ROWS = Number(process.env.BENCH_ROWS ?? 10_000_000);
/** Every contender has as many rounds as fit this time, but so many at least. */
const LEAST_ROUNDS = 3;
const ROUNDS_MS = 1500;
const results: Record<string, unknown>[] = [];

interface Best {
  readonly ms: number;
  readonly cpuMs: number;
}

/** The best of the rounds, by the clock and by processor time, of each contender; in turn, so that a busy machine hurts all alike. */
async function fastest(...contenders: readonly (() => unknown)[]): Promise<Best[]> {
  const best = contenders.map(() => ({ ms: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY }));
  const begin = performance.now();
  for (let round = 0; round < LEAST_ROUNDS || performance.now() - begin < ROUNDS_MS; round++)
    for (const [i, work] of contenders.entries()) {
      const cpu = process.cpuUsage();
      const start = performance.now();
      await work();
      const ms = performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      best[i] = { ms: Math.min(best[i]!.ms, ms), cpuMs: Math.min(best[i]!.cpuMs, (user + system) / 1000) };
    }
  return best;
}

interface Answers {
  readonly groups: number;
  readonly count: number;
  readonly errors: number;
  readonly users: number;
}

const distinctUsers = (cube: Cube, rows: RowOrder): Float64Array =>
  usersMeasure.read!(cube.segment, rows, ["users"], cube.parts)[0]!;

function sums(cube: Cube): Answers {
  const rows = {
    order: range(cube.groups.length),
    starts: range(cube.groups.length + 1),
    groups: cube.groups.length,
  };
  const users = distinctUsers(cube, rows);
  assert.equal(groupQuantiles(cube.segment.latencies, rows, [0.95])[0]!.length, cube.groups.length);
  const total = (column: ArrayLike<number>): number =>
    Array.prototype.reduce.call(column, (a, b) => Number(a) + Number(b), 0) as number;
  return {
    groups: cube.groups.length,
    count: total(cube.groups.count),
    errors: total(cube.groups.errors),
    users: total(users),
  };
}

const all = (events: Parameters<typeof Cube.from>[0]): void => {
  const cube = Cube.from(events, { measures: ["latency", "users"] });
  const n = cube.groups.length;
  const rows = { order: range(n), starts: range(n + 1), groups: n };
  groupQuantiles(cube.segment.latencies, rows, [0.95]);
  distinctUsers(cube, rows);
};

for (const [buckets, places] of [
  [24, 250],
  [2016, 277],
] as const) {
  const shape = { rows: ROWS, buckets, places, users: 200_000, sorted: true };
  const data = benchEvents(shape);
  const { events } = data;
  const finished = Cube.from(events, { measures: ["latency", "users"] });
  const mine = sums(finished);
  const peers: CubePeer[] = await cubePeers(data, BUCKET_MS);
  for (const peer of peers) {
    const { groups, count, errors, users } = await peer.check();
    assert.deepEqual([groups, count, errors], [mine.groups, mine.count, mine.errors], peer.name);
    assert.ok(Math.abs(users / mine.users - 1) < 0.02, `${peer.name}: ${users} users, not ${mine.users}`);
  }
  const few = (): unknown => Cube.from(events, { measures: [] });
  const [counts, p95] = await fastest(
    () => pivot(finished, { by: ["city", "hour"], measures: ["count", "error_rate"] }),
    () => pivot(finished, { by: ["country", "hour"], measures: ["count", "p95"] }),
  );
  report({
    groups: mine.groups,
    of: "geopivot's pivots: counts by city and hour, p95 by country and hour",
    counts,
    p95,
  });
  for (const peer of peers) {
    const [ours, theirs] = await fastest(few, () => peer.few());
    const [oursAll, theirsAll] = await fastest(
      () => all(events),
      () => peer.all(),
    );
    const facts = { few: theirs!, all: theirsAll!, ours: ours!, oursAll: oursAll! };
    report({ groups: mine.groups, of: peer.name, ...facts, ...ratios(facts) });
    await peer.close();
  }
}

const big = benchEvents({ rows: ROWS, buckets: 2016, places: 5000, users: 1_000_000, sorted: true }).events;
const services = new Uint32Array(ROWS).map((_, i) => 1 + (Math.imul(i, 0x9e3779b1) >>> 29));
const { Dictionary } = await import("../src/core/dictionary.js");
const dictionary = Dictionary.from(Array.from({ length: 8 }, (_, s) => `service ${s}`));
const dimensions = new Map([["service", { codes: services, dictionary }]]);
const client = {
  ...big.client,
  family: big.client.family.map(() => 4),
  value: big.user.low.map((hash) => 16 + (hash % 300_000)),
};
const wide = Cube.from({ ...big, dimensions, client }, { dimensions: ["service"] });
const saved = wide.save();
report({
  groups: wide.groups.length,
  of: "a week × 5,000 places × 8 services",
  memoryMb: wide.memoryBytes / 1e6,
  savedMb: saved.length / 1e6,
});

function ratios({ few, all, ours, oursAll }: Record<"few" | "all" | "ours" | "oursAll", Best>) {
  return {
    ratioFew: ours.ms / few.ms,
    ratioAll: oursAll.ms / all.ms,
    cpuRatioFew: ours.cpuMs / few.cpuMs,
    cpuRatioAll: oursAll.cpuMs / all.cpuMs,
  };
}

function report(line: Record<string, unknown>): void {
  results.push(line);
  console.log(
    JSON.stringify(line, (_, v) => (typeof v === "number" && !Number.isInteger(v) ? Number(v.toPrecision(3)) : v)),
  );
}

mkdirSync(new URL("results/", import.meta.url), { recursive: true });
const context = { rows: ROWS, cpu: cpus()[0]?.model, node: process.version };
writeFileSync(new URL("results/cube.json", import.meta.url), `${JSON.stringify({ ...context, results }, null, 2)}\n`);
