import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHolidays } from "../../src/cli/input/readHolidays.js";

const NOW = Date.UTC(2026, 10, 1);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holidays-"));
});
afterAll(() => rm(folder, { recursive: true }));
const read = async (text: string): Promise<unknown> => {
  const path = join(folder, "days");
  await writeFile(path, text);
  return readHolidays(path, NOW);
};

test("days off by country, as JSON and as CSV with or without a heading", async () => {
  const both = { DE: ["2026-12-25", "2026-12-26"], FR: ["2026-07-14"] };
  expect(await read(JSON.stringify(both))).toEqual(both);
  expect(await read("DE,2026-12-25\nDE,2026-12-26,Boxing Day\nFR,2026-07-14\n")).toEqual(both);
  expect(await read("country;date\r\nDE;2026-12-25\r\nDE;2026-12-26\r\nFR;2026-07-14\r\n")).toEqual(both);
});

test.each(["", "{", '{"DE": "2026-12-25"}', '{"DE": ["25.12.2026"]}', "Germany,2026-12-25", "DE,2026-13-45\nDE,x"])(
  "no days off: %j",
  async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: "bad-option", details: { option: "--holidays" } });
  },
);

test("a file that is not there", async () => {
  await expect(readHolidays(join(folder, "none"), NOW)).rejects.toMatchObject({ code: "ENOENT" });
});

test("country codes, by the calendar if there is one, else what to install", async () => {
  const told = await readHolidays("de", NOW).catch((error) => error);
  if (told instanceof Error) expect(told).toMatchObject({ code: "bad-option" });
  else expect(told.DE).toContain("2026-12-25");
});
