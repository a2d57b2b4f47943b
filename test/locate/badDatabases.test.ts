import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { openRecords } from "../../src/locate/openRecords.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

const files = hasSharedData("mmdb-bad") ? readdirSync(sharedData("mmdb-bad")) : [];
const CODES = ["corrupt-database", "unsupported-database"];
const ADDRESSES = ["1.1.1.1", "81.2.69.142", "255.255.255.255", "::", "2001:218::", "abcd::", "ffff:ffff::"];

async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "opened";
  } catch (error) {
    if (isGeopivotError(error, ...CODES)) return error.code;
    throw error;
  }
}

test.skipIf(files.length === 0).each(files)("%s ends in a typed error or in unknown", async (file) => {
  const path = sharedData(`mmdb-bad/${file}`);
  const places = await outcome(async () => {
    const locator = await openLocator({ databases: [path] });
    for (const ip of ADDRESSES) expect(locator.locate(ip)).toBeNull();
  });
  const records = await outcome(async () => {
    const opened = await openRecords(path);
    for (const ip of ADDRESSES) opened.get(ip);
  });
  expect([...CODES, "opened"]).toContain(places);
  expect([...CODES, "opened"]).toContain(records);
});

const good = hasSharedData("mmdb") ? readdirSync(sharedData("mmdb")).filter((file) => file.endsWith(".mmdb")) : [];

test.skipIf(good.length === 0).each(good)("%s opens, or says what is wrong with it", async (file) => {
  const code = await outcome(() => openLocator({ databases: [sharedData(`mmdb/${file}`)] }));
  expect(code).toBe(
    /broken-pointers|broken-search-tree|Broken-Double|Invalid-Node/.test(file) ? "corrupt-database" : "opened",
  );
});
