import { h3IndexToSplitLong, latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { cellsInto } from "../../src/grid/kernel/cellsInto.js";
import { cellTables } from "../../src/grid/kernel/plan.js";
import { hardPoints, REGIONS } from "./hardPoints.js";

/** Ten million a resolution. Points uniform on the sphere are half of them; the hard places share the other half. */
const POINTS = Number(process.env.GEOPIVOT_SLOW_POINTS ?? 10_000_000);
const CHUNK = 100_000;
const tables = cellTables();

test.each(Array.from({ length: 16 }, (_, r) => r))(
  "ten million random points are in h3-js's cells at resolution %i",
  (resolution) => {
    const random = new Random(1_000 + resolution);
    const kinds = Object.keys(REGIONS);
    const low = new Uint32Array(CHUNK);
    const high = new Uint32Array(CHUNK);
    const wrong: string[] = [];
    for (let done = 0, turn = 0; done < POINTS; done += CHUNK, turn++) {
      const kind = turn % 2 === 0 ? "the sphere" : kinds[1 + ((turn >> 1) % (kinds.length - 1))]!;
      const { lats, lons } = hardPoints(REGIONS[kind]!, CHUNK, resolution, random);
      cellsInto(tables, lats, lons, resolution, low, high);
      for (let i = 0; i < CHUNK; i++) {
        const [l, h] = h3IndexToSplitLong(latLngToCell(lats[i]!, lons[i]!, resolution));
        if (l >>> 0 !== low[i] || h >>> 0 !== high[i]) wrong.push(`${kind}: ${lats[i]}, ${lons[i]}`);
      }
    }
    expect(wrong).toEqual([]);
  },
);
