// Points to H3 cells and to countries. Every answer is checked before it is timed; peers run in the same rounds.
//   npm run bench -- grid [points]
// Peers: h3-js; and, after `npm --prefix bench install`, ClickHouse's geoToH3 (the C library) on one thread, in process.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { h3IndexToSplitLong, latLngToCell } from "h3-js";
import { Random } from "../src/core/random.js";
import { latLngsToCellHalves } from "../src/grid/latLngsToCells.js";
import { CountryIndex } from "../src/grid/regions/countryIndex.js";
import { saveResults } from "./support/saveResults.js";

const POINTS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const RESOLUTIONS = [5, 7, 9];
const UNIFORM = "uniform on the sphere";

interface Points {
  readonly lats: Float64Array;
  readonly lons: Float64Array;
}

const DISTRIBUTIONS: Readonly<Record<string, (random: Random) => readonly [lat: number, lon: number]>> = {
  "uniform on the sphere": (random) => [(Math.asin(2 * random.next() - 1) * 180) / Math.PI, 360 * random.next() - 180],
  "near fifty cities": (random) => {
    const city = new Random(random.int(50));
    return [120 * city.next() - 60 + 0.2 * random.normal(), 360 * city.next() - 180 + 0.2 * random.normal()];
  },
  "near a pentagon": (random) => [10.447 + random.normal(), 58.157 + random.normal()],
  "near the poles": (random) => [random.pick([-1, 1]) * (90 - random.next()), 360 * random.next() - 180],
};

const results: object[] = [];
const clickhouse = openClickHouse();
const uniform = makePoints(UNIFORM);
clickhouse?.load(uniform);
for (const resolution of RESOLUTIONS) benchCells(UNIFORM, uniform, resolution, clickhouse);
for (const name of Object.keys(DISTRIBUTIONS)) if (name !== UNIFORM) benchCells(name, makePoints(name), 9);
clickhouse?.close();
benchCountries();
saveResults("grid", { points: POINTS, results });

function benchCells(name: string, { lats, lons }: Points, resolution: number, peer?: typeof clickhouse): void {
  const low = new Uint32Array(POINTS);
  const high = new Uint32Array(POINTS);
  const ours = (): number => latLngsToCellHalves(lats, lons, resolution, low, high);
  const startMs = performance.now();
  ours();
  const firstMs = performance.now() - startMs;
  let sum = 0n;
  for (let i = 0; i < POINTS; i++) {
    const [l, h] = h3IndexToSplitLong(latLngToCell(lats[i]!, lons[i]!, resolution));
    assert.ok(l >>> 0 === low[i] && h >>> 0 === high[i], `${lats[i]}, ${lons[i]} at resolution ${resolution}`);
    sum += (BigInt(high[i]!) << 32n) | BigInt(low[i]!);
  }
  if (peer) assert.equal(peer.sumOfCells(resolution), BigInt.asUintN(64, sum));
  const best = rounds([
    { name: "geopivot", run: ours },
    { name: "h3-js", run: () => lats.forEach((lat, i) => void latLngToCell(lat, lons[i]!, resolution)) },
    ...(peer ? [{ name: "C in ClickHouse", run: () => peer.sumOfCells(resolution) }] : []),
  ]);
  report(`${name}, resolution ${resolution}`, best, { firstMs });
}

function benchCountries(): void {
  const startMs = performance.now();
  const index = new CountryIndex();
  const buildMs = performance.now() - startMs;
  const { lats, lons } = makePoints(UNIFORM);
  const best = rounds([{ name: "geopivot", run: () => index.findAll(lats, lons) }]);
  report("countries of world-atlas, 1:50 million", best, { buildMs });
}

/**
 * The least processor time of several rounds, in seconds, each contender in turn. Not the clock's time: what else the
 * machine does must not count.
 */
function rounds(contenders: readonly { name: string; run: () => unknown }[]): Map<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run } of contenders) {
      const start = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(start);
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, (user + system) / 1e6));
    }
  }
  return best;
}

/** Prints millions of points a second, and how many times as fast as each peer we are. */
function report(what: string, best: ReadonlyMap<string, number>, more: object): void {
  const own = best.get("geopivot")!;
  const parts = [...best].map(([name, seconds]) => {
    const speed = `${name} ${(POINTS / seconds / 1e6).toFixed(2)} M/s`;
    return name === "geopivot" ? speed : `${speed} (× ${(seconds / own).toFixed(1)})`;
  });
  console.log(`${what}: ${parts.join(", ")}`);
  results.push({ what, ...more, seconds: Object.fromEntries(best) });
}

function makePoints(name: string): Points {
  const random = new Random(9);
  const lats = new Float64Array(POINTS);
  const lons = new Float64Array(POINTS);
  for (let i = 0; i < POINTS; i++) [lats[i], lons[i]] = DISTRIBUTIONS[name]!(random) as [number, number];
  return { lats, lons };
}

/** ClickHouse in this process with the points in a table; undefined where it is not installed. */
function openClickHouse() {
  const folder = mkdtempSync(join(tmpdir(), "grid-bench-"));
  try {
    const { Session } = createRequire(import.meta.url)("chdb");
    const session = new Session(join(folder, "data"));
    const file = join(folder, "points.bin");
    session.query("CREATE DATABASE bench ENGINE = Atomic");
    return {
      load({ lats, lons }: Points): void {
        const rows = new Float64Array(2 * POINTS);
        for (let i = 0; i < POINTS; i++) rows.set([lats[i]!, lons[i]!], 2 * i);
        writeFileSync(file, rows);
        session.query("DROP TABLE IF EXISTS bench.points");
        session.query(
          `CREATE TABLE bench.points ENGINE = Memory AS SELECT * FROM file('${file}', 'RowBinary', 'lat Float64, lon Float64')`,
        );
      },
      sumOfCells: (resolution: number): bigint => {
        const settings = "SETTINGS max_threads = 1, geotoh3_argument_order = 'lat_lon'";
        return BigInt(
          session
            .query(`SELECT sum(geoToH3(lat, lon, toUInt8(${resolution}))) FROM bench.points ${settings}`, "TSV")
            .trim(),
        );
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch {
    rmSync(folder, { recursive: true, force: true });
    console.log("ClickHouse is left out: run `npm --prefix bench install` for it");
    return undefined;
  }
}
