import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readEvents } from "../../src/read/readEvents.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { nowhere } from "./support/nowhere.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-weight-"));
afterAll(() => rmSync(folder, { recursive: true }));

const locator = nowhere();

async function weightsOf(content: string, map?: Record<string, string>): Promise<number[] | undefined> {
  const path = join(folder, "log");
  writeFileSync(path, content);
  const events = await readEvents(path, { locator, ...(map && { map }) });
  return events.weight && [...events.weight];
}

const line = (more: string): string => `{"ts":1772409600,"ip":"192.0.2.1"${more}}`;

test("a log without weights has no column of them", async () => {
  expect(await weightsOf([line(""), line(',"sample_rate":10')].join("\n"))).toBeUndefined();
});

test("a weight is a count from 1 on, and a share of what was kept below 1", async () => {
  const values = ["10", "0.1", '"0.25"', "1", "3.5", "0"];
  const text = values.map((value) => line(`,"rate":${value}`)).join("\n");
  expect(await weightsOf(text, { weight: "rate" })).toEqual([10, 10, 4, 1, 3.5, 0]);
});

test("a count is taken as it is", async () => {
  const text = ["10", "0.5", "0"].map((value) => line(`,"n":${value}`)).join("\n");
  expect(await weightsOf(text, { count: "n" })).toEqual([10, 0.5, 0]);
});

test("what is no weight is that of one request", async () => {
  const values = ["10", "-3", '"many"', "null", "1e300", "true"];
  const text = [...values.map((value) => line(`,"weight":${value}`)), line("")].join("\n");
  expect(await weightsOf(text)).toEqual([10, 1, 1, 1, 1, 1, 1]);
});

test("rows between those with a weight stand for one request, however they are read", async () => {
  // Long enough for lines of one shape to be read in bulk, and for columns to grow.
  const lines = Array.from({ length: 30_000 }, (_, i) => line(i % 1000 === 999 ? `,"weight":${i}` : ""));
  const weights = await weightsOf(lines.join("\n"));
  expect(weights).toEqual(lines.map((_, i) => (i % 1000 === 999 ? i : 1)));
});

test("a rejected line's weight is not the next one's", async () => {
  expect(await weightsOf(`${line(',"weight":7')}\n{"ts":1772409600,"weight":9}\n${line("")}`)).toEqual([7, 1]);
});

test("CSV columns and objects have weights, too", async () => {
  const csv = "ts,ip,sample_rate\n1772409600,192.0.2.1,20\n1772409601,192.0.2.1,\n";
  expect(await weightsOf(csv, { weight: "sample_rate" })).toEqual([20, 1]);
  const objects = [
    { ts: 1772409600, ip: "192.0.2.1", weight: 5 },
    { ts: 1772409601, ip: "192.0.2.2" },
  ];
  expect([...eventsFromObjects(objects, { locator }).weight!]).toEqual([5, 1]);
});
