import { latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { cellFeatures, withCoordinates } from "../../src/cli/output/cellTable.js";
import { answerTable } from "../../src/pivot/answerTable.js";
import type { PivotTable } from "../../src/pivot/pivotTable.js";

// Of the fifteenth resolution, so that the cell's middle is the place. Geohashes: geohash.org and Wikipedia's examples.
test.each([
  [57.64911, 10.40744, "u4pruyd"],
  [48.8583, 2.2945, "u09tunq"],
  [-33.8568, 151.2153, "r3gx2ux"],
  [0.0001, 0.0001, "s000000"],
])("a cell at %d, %d", (lat, lon, geohash) => {
  const cell = latLngToCell(lat, lon, 15);
  const table = answerTable([
    ["cell", [cell, ""]],
    ["count", [3, 4]],
  ]) as PivotTable;
  const [row, none] = withCoordinates(table, "cell").objects() as Record<string, number>[];
  expect(row).toMatchObject({ cell, count: 3, geohash });
  expect(row!.latitude).toBeCloseTo(lat, 4);
  expect(row!.longitude).toBeCloseTo(lon, 4);
  expect(none).toMatchObject({ count: 4, latitude: null, longitude: null, geohash: null });
  expect(cellFeatures(table, "cell").features.map(({ properties }) => properties)).toEqual([{ cell, count: 3 }]);
});
