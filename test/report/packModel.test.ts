import fc from "fast-check";
import { expect, test } from "vitest";
import { buildReportModel } from "../../src/report/page/buildReportModel.js";
import { type Column, type ColumnType, fromBytePlanes, toBytePlanes } from "../../src/report/page/byteplanes.js";
import { packModel, unpackModel } from "../../src/report/page/packModel.js";
import { latencyCode, latencyOf } from "../../src/report/page/reportModel.js";
import { reportExample } from "./reportExample.js";

test("a model comes back from its packed parts as it was", () => {
  const model = buildReportModel(reportExample());
  expect(unpackModel(packModel(model))).toEqual(model);
});

test("columns come back from byte planes as they were, the least significant plane first", () => {
  const column: fc.Arbitrary<[ColumnType, Column]> = fc.oneof(
    fc.uint8Array().map((c): [ColumnType, Column] => ["u8", c]),
    fc.uint16Array().map((c): [ColumnType, Column] => ["u16", c]),
    fc.uint32Array().map((c): [ColumnType, Column] => ["u32", c]),
    fc.float32Array({ noNaN: true }).map((c): [ColumnType, Column] => ["f32", c]),
  );
  fc.assert(
    fc.property(fc.array(column, { maxLength: 5 }), (columns) => {
      const planes = toBytePlanes(columns.map(([, values]) => values));
      const back = fromBytePlanes(
        planes,
        columns.map(([type, values]) => [type, values.length]),
      );
      expect(back).toEqual(columns.map(([, values]) => values));
    }),
  );
  expect([...toBytePlanes([Uint32Array.of(1, 0x0a0b0c0d)])]).toEqual([1, 0x0d, 0, 0x0c, 0, 0x0b, 0, 0x0a]);
});

test("a latency code is within one per cent, and 0 stands for unknown", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 3e9, noNaN: true }), (ms) => {
      expect(Math.abs(latencyOf(latencyCode(ms)) / ms - 1)).toBeLessThan(0.01001);
    }),
  );
  expect(latencyCode(Number.NaN)).toBe(0);
  expect(latencyOf(0)).toBeNaN();
  expect(latencyOf(latencyCode(0))).toBeCloseTo(0.01);
});
