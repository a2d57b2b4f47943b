import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocator, saveTable } from "../../src/locate/openLocator.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TIMES = 200;
/** One table takes some 70 MB: a handful may be there at a time. */
const MOST_MB = 700;

async function mostMegabytes(work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  for (let i = 0; i < TIMES; i++) {
    await work();
    most = Math.max(most, process.memoryUsage.rss() / 2 ** 20);
  }
  return most;
}

async function tables(): Promise<{ good: string; bad: string }> {
  const csv = join(folder, "countries.csv");
  writeFileSync(
    csv,
    Array.from({ length: 200 }, (_, i) => `1.${i}.0.0,1.${i}.255.255,${i % 2 ? "DE" : "FR"}\n`).join(""),
  );
  const [good, bad] = [join(folder, "good.table"), join(folder, "bad.table")];
  await saveTable(good, { databases: [csv] });
  const bytes = Uint8Array.from(readFileSync(good));
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(bad, bytes);
  return { good, bad };
}

test("200 reloads, 200 failed reloads and 200 failed opens of a saved table leave memory flat", async () => {
  const { good, bad } = await tables();
  const locator = await openLocator({ databases: [good] });
  expect(await mostMegabytes(() => locator.reload())).toBeLessThan(MOST_MB);
  const failing = (): Promise<unknown> =>
    expect(locator.reload({ databases: [bad] })).rejects.toMatchObject({ code: "corrupt-database" });
  expect(await mostMegabytes(failing)).toBeLessThan(MOST_MB);
  const opening = (): Promise<unknown> =>
    expect(openLocator({ databases: [bad] })).rejects.toMatchObject({ code: "corrupt-database" });
  expect(await mostMegabytes(opening)).toBeLessThan(MOST_MB);
  const closing = async (): Promise<void> => (await openLocator({ databases: [good] })).close();
  expect(await mostMegabytes(closing)).toBeLessThan(MOST_MB);
  expect(locator.locate("1.0.0.1")).toMatchObject({ country: "FR" });
});
