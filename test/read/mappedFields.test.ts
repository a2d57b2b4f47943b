import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEvents } from "../../src/read/readEvents.js";
import type { ReadOptions } from "../../src/read/readOptions.js";
import { unlocated } from "../../src/read/unlocated.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-mapped-"));
const LINE = '{"ts":1704164645,"ip":"198.51.100.7","statuz":200,"nested":{"code":404}}\n';

const read = (text: string, options: Partial<ReadOptions>) => {
  const path = join(folder, "input.log");
  writeFileSync(path, text);
  return readEvents(path, { ...options, locator: unlocated() });
};

test("a mapping to a field that no line has is refused, with what is near and what there is", async () => {
  await expect(read(LINE, { map: { status: "status" } })).rejects.toMatchObject({
    code: "no-such-field",
    details: { name: "status", field: "status", near: "statuz" },
  });
  const combined = '198.51.100.7 - - [02/Jan/2024:03:04:05 +0000] "GET /a HTTP/1.1" 200 123\n';
  await expect(read(combined, { map: { status: "sc-status" } })).rejects.toMatchObject({ code: "no-such-field" });
  await expect(read("time,ip,code\n2024-01-02,198.51.100.7,200\n", { map: { status: "cod" } })).rejects.toThrow(
    /did you mean "code"/,
  );
});

test("a mapping to a field that some line has is taken, nested or rare", async () => {
  expect([...(await read(LINE, { map: { status: "nested.code" } })).status]).toEqual([404]);
  const rare = '{"ts":1704164646,"ip":"198.51.100.7","code":500}\n';
  const events = await read(LINE.repeat(3000) + rare, { map: { status: "code" } });
  expect(events.status[3000]).toBe(500);
});

test.each([
  ["the order of day and month", "time,ip\n01/02/2024 03:04:05,198.51.100.7\n", "ISO 8601"],
  ["days since 1900", "time,ip\n45293.127,198.51.100.7\n", "ISO 8601"],
  ["Locust's totals", "Timestamp,User Count,Type,Name,Requests/s\n1,1,GET,/,1\n", "a line a request"],
  ["Locust's failures", "Method,Name,Error,Occurrences\nGET,/a,x,10\n", "a line a request"],
  ["k6's CSV", "metric_name,timestamp,metric_value\nhttp_reqs,1,1\n", "--out json"],
])("%s: refused with the way", async (_, text, way) => {
  await expect(read(text, {})).rejects.toThrow(way);
});
