import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { readEvents } from "../../src/read/readEvents.js";
import { checkRuns } from "../../src/read/source/checkRuns.js";
import { unlocated } from "../../src/read/unlocated.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = Array.from({ length: 500 }, (_, i) => i);
const log = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: "ts", data: rows.map((i) => 1_767_225_600 + i), type: "INT32" },
      { name: "ip", data: rows.map((i) => `198.51.100.${i % 9}`), type: "STRING" },
      { name: "status", data: rows.map((i) => (i % 7 === 0 ? null : 200)), type: "INT32", nullable: true },
      { name: "service", data: rows.map((i) => ["api", "web"][i % 2]!), type: "STRING" },
    ],
  }),
);

async function outcome(bytes: Uint8Array): Promise<number | string> {
  const path = join(folder, "log.parquet");
  writeFileSync(path, bytes);
  try {
    return (await readEvents(path, { locator: unlocated(), dimensions: ["service"] })).length;
  } catch (error) {
    if (!isGeopivotError(error)) throw error;
    return error.code;
  }
}

test("a sound file is read whole, values that are absent among them", async () => {
  expect(await outcome(log)).toBe(500);
});

test("whatever byte is wrong, it ends soon and in an error of ours or in events", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(log.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(log);
      bytes[at]! ^= change;
      const start = performance.now();
      await outcome(bytes);
      expect(performance.now() - start).toBeLessThan(5000);
    }),
    { numRuns: 150 },
  );
}, 120_000);

test("runs that are longer than the values are refused, padding is not", () => {
  const check =
    (bytes: number[], values: number, bits = 1) =>
    () =>
      checkRuns(Uint8Array.from(bytes), { at: 0, end: bytes.length, bits, values });
  expect(check([20, 1], 10)).not.toThrow();
  expect(check([3, 0b1010], 3)).not.toThrow();
  expect(check([254, 255, 255, 255, 15, 1], 10)).toThrow(RangeError);
  expect(check([255, 255, 255, 255, 15, 1], 10)).toThrow(RangeError);
  expect(check([255, 255], 10)).toThrow(RangeError);
});
