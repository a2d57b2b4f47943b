import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { cellText } from "../../src/grid/cellText.js";
import { cellsByH3 } from "../../src/grid/kernel/cellsByH3.js";
import { cellsInto } from "../../src/grid/kernel/cellsInto.js";
import { BREAK_EVEN_POINTS, KernelTables } from "../../src/grid/kernel/kernelTables.js";
import { cellTables } from "../../src/grid/kernel/plan.js";
import { latLngsToCellHalves } from "../../src/grid/latLngsToCells.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";
import { hardPoints, type Points, REGIONS } from "./hardPoints.js";

const tables = cellTables();

/** The first points whose cell is not h3-js's. */
function mismatches({ lats, lons }: Points, resolution: number): string[] {
  const low = new Uint32Array(lats.length);
  const high = new Uint32Array(lats.length);
  cellsInto(tables, lats, lons, resolution, low, high);
  const wrong: string[] = [];
  for (let i = 0; i < lats.length && wrong.length < 5; i++) {
    const ours = cellText(low[i]!, high[i]!);
    const theirs = latLngToCell(lats[i]!, lons[i]!, resolution);
    if (ours !== theirs) wrong.push(`${lats[i]}, ${lons[i]}: ${ours}, not ${theirs}`);
  }
  return wrong;
}

const resolutions = Array.from({ length: 16 }, (_, r) => r);

test.each(Object.keys(REGIONS))("cells of points near %s are h3-js's at every resolution", (name) => {
  const random = new Random(11);
  for (const r of resolutions)
    expect([r, mismatches(hardPoints(REGIONS[name]!, 2_000, r, random), r)]).toEqual([r, []]);
});

test("cells of the grid of whole, half and quarter degrees are h3-js's, wrapped longitudes among them", () => {
  const lats: number[] = [];
  const lons: number[] = [];
  for (let lat = -90; lat <= 90; lat += 11.25) {
    for (let lon = -720; lon <= 720; lon += 11.25) {
      lats.push(lat);
      lons.push(lon);
    }
  }
  const points = { lats: Float64Array.from(lats), lons: Float64Array.from(lons) };
  for (const r of resolutions) expect([r, mismatches(points, r)]).toEqual([r, []]);
});

test("cells of columns longer than a block, and of other columns than Float64Array, are the same", () => {
  const { lats, lons } = hardPoints(REGIONS["the sphere"]!, 1_300, 7, new Random(3));
  expect(mismatches({ lats, lons }, 7)).toEqual([]);
  const [low, high, low2, high2] = Array.from({ length: 4 }, () => new Uint32Array(1_300)) as Uint32Array[];
  cellsInto(tables, lats, lons, 7, low!, high!);
  latLngsToCellHalves([...lats], [...lons], 7, low2!, high2!);
  expect([low2, high2]).toEqual([low, high]);
  expect(() => latLngsToCellHalves(lats, lons, 7, low!.subarray(1), high!)).toThrow('"low" has room for 1299 rows');
});

test.skipIf(!hasSharedData("h3/rand05centers.txt"))(
  "the published centres are in their cells, 10,000 of 10,000",
  () => {
    let points = 0;
    for (const [file, resolution] of [
      ["h3/rand05centers.txt", 5],
      ["h3/rand09centers.txt", 9],
    ] as const) {
      expect(existsSync(sharedData(file))).toBe(true);
      const rows = readFileSync(sharedData(file), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/));
      const low = new Uint32Array(rows.length);
      const high = new Uint32Array(rows.length);
      cellsInto(
        tables,
        Float64Array.from(rows, (row) => Number(row[1])),
        Float64Array.from(rows, (row) => Number(row[2])),
        resolution,
        low,
        high,
      );
      points += rows.filter(([cell], i) => cell === cellText(low[i]!, high[i]!)).length;
    }
    expect(points).toBe(10_000);
  },
);

test("the tables are derived when the points asked for pay for them, not before, and once", () => {
  const kernel = new KernelTables();
  expect(kernel.forPoints(1)).toBeUndefined();
  expect(kernel.forPoints(BREAK_EVEN_POINTS - 2)).toBeUndefined();
  const derived = kernel.forPoints(1);
  expect(derived?.plans).toHaveLength(16);
  expect(kernel.forPoints(1)).toBe(derived);
  expect(new KernelTables().forPoints(BREAK_EVEN_POINTS)).toBeDefined();
});

test("both ways to answer give the same cells, the null cell for what is no point included", () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, 90.0001, -91, 90, -90, 0];
  const { lats, lons } = hardPoints(REGIONS["the sphere"]!, 3_000, 9, new Random(8));
  const y = Float64Array.from([...lats, ...odd, ...odd.map(() => 10)]);
  const x = Float64Array.from([...lons, ...odd.map(() => 20), ...odd]);
  for (const resolution of [0, 4, 15]) {
    const [low, high, low2, high2] = Array.from({ length: 4 }, () => new Uint32Array(y.length).fill(7));
    expect(cellsByH3(y, x, resolution, low!, high!)).toBe(cellsInto(tables, y, x, resolution, low2!, high2!));
    expect([low, high]).toEqual([low2, high2]);
  }
});

test("the first points of a process cost a fraction of deriving the tables", () => {
  const script = `
    const { latLngToCell } = await import("h3-js"); latLngToCell(1, 2, 4);
    const { latLngsToCellHalves } = await import("./src/grid/latLngsToCells.ts");
    const { cellTables } = await import("./src/grid/kernel/plan.ts");
    const cpuMs = (run) => { const from = process.cpuUsage(); run(); const { user, system } = process.cpuUsage(from); return (user + system) / 1000; };
    const n = 400, halves = () => new Uint32Array(n);
    const lats = Float64Array.from({ length: n }, (_, i) => (i * 37) % 180 - 90), lons = lats.map((lat) => 2 * lat);
    const few = cpuMs(() => latLngsToCellHalves(lats, lons, 4, halves(), halves()));
    process.stdout.write(JSON.stringify({ few, derive: cpuMs(cellTables) }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const { few, derive } = JSON.parse(stdout) as { few: number; derive: number };
  expect(few).toBeLessThan(derive / 3);
});
