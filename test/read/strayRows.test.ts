import { expect, test } from "vitest";
import { strayRows } from "../../src/read/columns/strayRows.js";
import { readEvents } from "../../src/read/readEvents.js";
import { unlocated } from "../../src/read/unlocated.js";

const day = 86_400_000;
const start = Date.UTC(2026, 2, 2);
const bulk = (rows: number): number[] => Array.from({ length: rows }, (_, i) => start + i * 60_000);
const stray = (times: number[], isEnd = true) => strayRows(Float64Array.from(times), 0, times.length, isEnd);

test("times of impossible years are stray, however few lines there are", () => {
  expect(stray([start, start + day, 1000])).toEqual([2]);
  expect(stray([0, start, start + day, Date.UTC(9999, 11, 31)])).toEqual([0, 3]);
  expect(stray([0, 1000, 2000])).toEqual([]);
});

test("a few lines far from the bulk are stray, wherever they stand", () => {
  const times = bulk(500);
  times.splice(250, 0, start - 400 * day);
  expect(stray(times)).toEqual([250]);
  expect(stray([start + 400 * day, ...bulk(500)])).toEqual([0]);
});

test("a log that goes on after a pause, or has few lines a month, has none", () => {
  expect(stray([...bulk(500), start + 100 * day], false)).toEqual([]);
  expect(stray(Array.from({ length: 100 }, (_, i) => start + i * 40 * day))).toEqual([]);
  expect(stray([...bulk(500), ...bulk(500).map((time) => time + 400 * day)])).toEqual([]);
});

test("a stray line is counted, told and left out, and other columns stay aligned", async () => {
  const lines = bulk(50).map((time, i) =>
    JSON.stringify({ ts: time, ip: i % 2 ? `192.0.2.${i}` : `2001:db8::${i}`, status: 200 + i, service: `s${i}` }),
  );
  const good = new TextEncoder().encode(lines.join("\n"));
  lines.splice(20, 0, '{"ts":"1999-01-01T00:00:00Z","ip":"2001:db8::ffff","status":500,"service":"stray"}');
  const expected = await readEvents(good, { locator: unlocated() });
  const read = await readEvents(new TextEncoder().encode(lines.join("\n")), { locator: unlocated() });
  expect(read.report.reasons).toEqual({ "stray-time": 1 });
  expect(read.report.warnings).toEqual(["1 line is far from all other times of the log (1999-01-01) and left out"]);
  expect([...read.timeMs]).toEqual([...expected.timeMs]);
  expect([...read.status]).toEqual([...expected.status]);
  const names = ({ dimensions }: typeof read) =>
    [...dimensions.get("service")!.codes].map((code) => dimensions.get("service")!.dictionary.value(code));
  expect(names(read)).toEqual(names(expected));
});
