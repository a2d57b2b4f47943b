import { existsSync, readFileSync } from "node:fs";
import { latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { cellText } from "../../src/grid/cellText.js";
import { latLngsToCellHalves } from "../../src/grid/latLngsToCells.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";
import { hardPoints, type Points, REGIONS } from "./hardPoints.js";

/** The first points whose cell is not h3-js's. */
function mismatches({ lats, lons }: Points, resolution: number): string[] {
  const low = new Uint32Array(lats.length);
  const high = new Uint32Array(lats.length);
  latLngsToCellHalves(lats, lons, resolution, low, high);
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
  latLngsToCellHalves(lats, lons, 7, low!, high!);
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
      latLngsToCellHalves(
        rows.map((row) => Number(row[1])),
        rows.map((row) => Number(row[2])),
        resolution,
        low,
        high,
      );
      points += rows.filter(([cell], i) => cell === cellText(low[i]!, high[i]!)).length;
    }
    expect(points).toBe(10_000);
  },
);
