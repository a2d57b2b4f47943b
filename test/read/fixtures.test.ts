import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FORMAT_NAMES } from "../../src/read/format/formats.js";
import { readEvents } from "../../src/read/readEvents.js";
import type { ReadOptions } from "../../src/read/readOptions.js";
import { eventRecord } from "../../src/read/records/eventRecord.js";
import { unlocated } from "../../src/read/unlocated.js";

/** What a fixture's log must be read as. `UPDATE_FIXTURES=1` writes what it is read as, to be checked by eye. */
interface Expected {
  readonly about: string;
  readonly options?: Partial<ReadOptions>;
  readonly format: string;
  readonly events: readonly object[];
  readonly rejected: number;
  readonly skipped: number;
}

const folder = "test/read/fixtures";
const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".log"))
  .map((file) => file.slice(0, -".log".length))
  .sort();

test.each(names)("%s is read as its records say", async (name) => {
  const path = join(folder, `${name}.expected.json`);
  const expected = JSON.parse(readFileSync(path, "utf8")) as Expected;
  const { about, options } = expected;
  const reading = { routes: false, maxRejectedShare: 1, ...options, locator: unlocated() };
  const events = await readEvents(join(folder, `${name}.log`), reading);
  const { format, rejected, skipped } = events.report;
  const records = Array.from({ length: events.length }, (_, row) => ({ ...eventRecord(events, row) }));
  const read = { about, ...(options && { options }), format, rejected, skipped, events: records };
  if (process.env.UPDATE_FIXTURES) writeFileSync(path, `${JSON.stringify(read, null, 2)}\n`);
  else expect(read).toEqual(expected);
});

test("every format that is told by its own name has a fixture or a test, and a row in docs/formats.md", () => {
  const documentation = readFileSync("docs/formats.md", "utf8");
  expect(FORMAT_NAMES.filter((name) => !documentation.includes(`\`${name}\``))).toEqual([]);
  expect(names.filter((name) => !documentation.includes(name))).toEqual([]);
});
