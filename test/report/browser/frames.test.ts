import { expect, test } from "vitest";
import { Frames, usualPhases } from "../../../src/report/app/frames.js";
import { colourScale } from "../../../src/report/app/map/colourScale.js";
import { MEASURES, measureOf } from "../../../src/report/app/measures.js";
import { buildReportModel } from "../../../src/report/page/buildReportModel.js";
import { latencyOf } from "../../../src/report/page/reportModel.js";
import { reportExample, SILENT_HOUR } from "../reportExample.js";

const model = buildReportModel(reportExample());
const frames = new Frames(model);
const level = model.levels.at(-1)!;
const perDay = 86_400_000 / model.frameMs;

/** A cell's requests in a frame, by looking at every row. */
function countAt(cell: number, frame: number): number {
  for (let row = level.rowStart[frame]!; row < level.rowStart[frame + 1]!; row++) {
    if (level.rowCell[row] === cell) return level.rows.count[row]!;
  }
  return 0;
}

test("what is usual is the median of the same time on all days", () => {
  expect(usualPhases(model)).toBe(perDay);
  for (const frame of [0, 17, 100]) {
    for (let cell = 0; cell < level.lat.length; cell++) {
      const days = [0, 1, 2, 3].map((day) => countAt(cell, (frame % perDay) + day * perDay)).sort((a, b) => a - b);
      expect(frames.typical(level, cell, [frame, frame + 1])).toBe((days[1]! + days[2]!) / 2);
    }
  }
});

test("a cell that falls silent is drawn as far below the usual, although it has no row", () => {
  const frame = (SILENT_HOUR * 3_600_000) / model.frameMs;
  const { cell, value } = frames.at(level, measureOf("typical"), [frame, frame + 1]);
  const germany = [...level.label.keys()].filter((i) => level.label[i]!.endsWith("Germany"));
  expect(germany.length).toBe(4);
  for (const one of germany) expect(value[cell.indexOf(one)]!).toBeLessThan(0.5);
});

test("over a stretch of time requests add up, and a latency is the mean of the frames' by requests", () => {
  const range = [100, 140] as const;
  const { cell, value } = frames.at(level, measureOf("requests"), range);
  const p95 = frames.at(level, measureOf("p95"), range).value;
  expect(cell.length).toBe(level.lat.length);
  cell.forEach((one, i) => {
    let [sum, logs] = [0, 0];
    for (let frame = range[0]; frame < range[1]; frame++) {
      const count = countAt(one, frame);
      const found = frames.rowOf(level, one, [frame, frame + 1]);
      sum += count;
      if (found) logs += count * Math.log(latencyOf(found.columns.p95[found.row]!));
    }
    expect(value[i]).toBe(sum);
    expect(p95[i]! / Math.exp(logs / sum)).toBeCloseTo(1, 1);
    expect(frames.typical(level, one, range)).toBeGreaterThan(0.5 * sum - 50);
  });
});

test("a cell's row is found, and null stands for no traffic", () => {
  for (let cell = 0; cell < level.lat.length; cell++) {
    for (const frame of [0, 60, 121, 191]) {
      const found = frames.rowOf(level, cell, [frame, frame + 1]);
      expect(found ? found.columns.count[found.row] : 0).toBe(countAt(cell, frame));
    }
  }
});

test.each(MEASURES)("the scale of $label puts its values on the ramp and its ticks in order", (measure) => {
  for (const width of [null, 1, 12]) {
    const values = frames.domain(level, measure, width);
    const scale = colourScale(measure, values, "light");
    for (const value of values.filter((v) => !Number.isNaN(v)).slice(0, 500)) {
      expect(scale.colour(value)).toMatch(/^rgb\(\d+, \d+, \d+\)$/);
    }
    const ticks = scale.ticks.map((tick) => scale.position(tick));
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
    expect(new Set(scale.ticks.map((tick) => measure.tick(tick))).size).toBe(ticks.length);
  }
});
