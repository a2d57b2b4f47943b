import { expect, test } from "vitest";
import { Frames, knowsTypical } from "../../../src/report/app/frames.js";
import { colourScale } from "../../../src/report/app/map/colourScale.js";
import { MEASURES, measureOf } from "../../../src/report/app/measures.js";
import { buildReportModel } from "../../../src/report/page/buildReportModel.js";
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
  expect(knowsTypical(model)).toBe(true);
  for (const frame of [0, 17, 100]) {
    for (let cell = 0; cell < level.lat.length; cell++) {
      const days = [0, 1, 2, 3].map((day) => countAt(cell, (frame % perDay) + day * perDay)).sort((a, b) => a - b);
      expect(frames.typical(level, cell, frame)).toBe((days[1]! + days[2]!) / 2);
    }
  }
});

test("a cell that falls silent is drawn as far below the usual, although it has no row", () => {
  const frame = (SILENT_HOUR * 3_600_000) / model.frameMs;
  const { cell, value } = frames.at(level, measureOf("typical"), frame);
  const germany = [...level.label.keys()].filter((i) => level.label[i]!.endsWith("Germany"));
  expect(germany.length).toBe(4);
  for (const one of germany) expect(value[cell.indexOf(one)]!).toBeLessThan(0.5);
});

test("a frame's rows are found by cell, and -1 stands for no traffic", () => {
  for (let cell = 0; cell < level.lat.length; cell++) {
    for (const frame of [0, 60, 121, 191]) {
      const row = frames.rowOf(level, cell, frame);
      expect(row < 0 ? 0 : level.rows.count[row]).toBe(countAt(cell, frame));
    }
  }
});

test.each(MEASURES)("the scale of $label puts its values on the ramp and its ticks in order", (measure) => {
  for (const whole of [true, false]) {
    const values = frames.domain(level, measure, whole);
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
