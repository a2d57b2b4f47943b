import { expect, test } from "vitest";
import { findingsTable } from "../../src/cli/output/findingsTable.js";
import { overviewTable } from "../../src/cli/output/overviewTable.js";
import { textTable } from "../../src/cli/output/textTable.js";
import { cutText, fitWidths, textWidth, wrapText } from "../../src/cli/output/textWidth.js";
import { Cube } from "../../src/cube/cube.js";
import type { Finding } from "../../src/detect/finding.js";
import { pivot } from "../../src/pivot/pivot.js";
import { findingExample } from "../report/findingExample.js";
import { regionalTraffic } from "../support/regionalTraffic.js";

// Widths of Unicode 15's EastAsianWidth.txt: W and F are two columns, combining marks none.
test.each([
  ["Berlin", 6],
  ["東京", 4],
  ["서울 api", 8],
  ["e\u0301", 1],
  ["ｆｕ", 4],
  ["🛰 𠀀", 5],
  ["", 0],
])("%j takes %i columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test("what is cut fits, also where half a wide character would be left", () => {
  expect(cutText("São Paulo", 9)).toBe("São Paulo");
  expect(cutText("São Paulo", 8)).toBe("São Pau…");
  expect(cutText("東京都庁", 6)).toBe("東京…");
  expect(wrapText("Traffic from Germany down", 12)).toEqual(["Traffic from", "Germany down"]);
  expect(fitWidths([40, 10, 30], [true, false, true], 2, 60)).toEqual([23, 10, 23]);
  expect(fitWidths([40, 50], [false, false], 2, 60)).toEqual([40, 50]);
});

const cube = Cube.from(regionalTraffic({ hours: 48 }), { dimensions: ["service"] });
const long: Finding = {
  ...findingExample(),
  title: "651 failed log-ins for 581 users from 17 addresses, 東京都新宿区西新宿, Japan: 11 accounts opened",
};

test.each([60, 72, 80, 100, 140, 200])("tables fit %i columns", (width) => {
  const by = pivot(cube, { by: ["country", "city", "service"], measures: ["count", "p95"] });
  for (const table of [textTable(by, width), overviewTable(cube, width), findingsTable([long], width)]) {
    for (const line of table.split("\n")) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    expect(table).not.toMatch(/ \n/);
  }
  const words = findingsTable([long], width).replace(/\s+/g, " ");
  expect(words).toContain(long.title);
});

test("a pipe has no width: nothing is cut or wrapped", () => {
  expect(findingsTable([long], Number.POSITIVE_INFINITY)).toContain(long.title);
});
