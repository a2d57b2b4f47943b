import { expect, test } from "vitest";
import { compare } from "../../src/pivot/compare/compare.js";
import { comparedReport } from "../../src/report/comparedReport.js";
import { buildReportModel } from "../../src/report/page/buildReportModel.js";
import { packModel, unpackModel } from "../../src/report/page/packModel.js";
import { cubeExample, EXAMPLE_START_MS } from "./reportExample.js";

const DAY_MS = 86_400_000;
const whole = cubeExample();
const middle = EXAMPLE_START_MS + 2 * DAY_MS;
const before = whole.slice({ fromMs: EXAMPLE_START_MS, toMs: middle });
const after = whole.slice({ fromMs: middle, toMs: middle + 2 * DAY_MS });
const labels = ["monday.log", "wednesday.log"] as const;
const comparison = compare(before, after, { labels });

test("before and after share cells, and add up to both together", () => {
  const model = buildReportModel(comparedReport({ before, after, comparison, files: labels }));
  const [was, is] = model.slices;
  expect([was!.dimension, was!.value, is!.value]).toEqual(["compared", ...labels]);
  expect(was!.requests + is!.requests).toBe(model.input.events);
  model.levels.forEach((level, i) => {
    const [a, b] = [was!.levels[i]!, is!.levels[i]!];
    expect(level.total.count).toEqual(a.total.count.map((count, cell) => count + b.total.count[cell]!));
    expect(level.rows.count.length).toBe(a.rows.count.length + b.rows.count.length); // of times apart
  });
  expect(unpackModel(packModel(model))).toEqual(model);
});

test("a regression is a finding where it is", () => {
  const change = comparison.changes.find(({ region, measure }) => region.country === "DE" && measure === "error_rate")!;
  const worse = { ...change, significant: true, direction: "worse" as const, severity: "high" as const };
  const { findings } = comparedReport({
    before,
    after,
    comparison: { ...comparison, regressions: [worse] },
    files: labels,
  });
  expect(findings).toHaveLength(1);
  expect(findings[0]!.title).toMatch(/^Germany: error rate \d/);
  expect(findings[0]!.region.cells).toHaveLength(4);
  const model = buildReportModel(
    comparedReport({ before, after, comparison: { ...comparison, regressions: [worse] }, files: [] }),
  );
  expect(model.findings[0]!.countries).toEqual(["276"]);
  expect(model.findings[0]!.timeZone).toMatch(/^Europe\//);
});
