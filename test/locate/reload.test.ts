import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocator } from "../../src/locate/openLocator.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("a reload swaps places in, keeps known ids, and leaves the old ones after a bad file", async () => {
  const path = write("a.csv", "1.0.0.0,1.0.0.255,DE\n2.0.0.0,2.0.0.255,FR\n");
  await using locator = await openLocator({ databases: [path] });
  const { places } = locator;
  const german = locator.locate("1.0.0.1")!.id;
  const french = locator.locate("2.0.0.1")!.id;
  write("a.csv", "1.0.0.0,1.0.0.255,FR\n3.0.0.0,3.0.0.255,DE\n4.0.0.0,4.0.0.255,IT\n");
  await locator.reload();
  expect(locator.locate("1.0.0.1")!.id).toBe(french);
  expect(locator.locate("2.0.0.1")).toBeNull();
  expect(locator.locate("3.0.0.1")!.id).toBe(german);
  expect(locator.locate("4.0.0.1")).toMatchObject({ country: "IT" });
  expect(locator.places).toBe(places);
  write("a.csv", "nonsense,1.2.3.4,IT\n");
  await expect(locator.reload()).rejects.toMatchObject({ code: "corrupt-database" });
  expect(locator.locate("3.0.0.1")!.id).toBe(german);
  await locator.reload({
    databases: [write("b.csv", "5.0.0.0,5.0.0.255,IT\n")],
    networks: [{ cidr: "10.0.0.0/8", country: "ES" }],
  });
  expect(locator.locate("5.0.0.1")).toMatchObject({ country: "IT" });
  expect(locator.locate("10.0.0.1")).toMatchObject({ country: "ES" });
});

test("look-ups go on while a reload runs, and the last reload asked for wins", async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => `${i >> 8}.${i & 255}.0.0,${i >> 8}.${i & 255}.0.255,DE`);
  const locator = await openLocator({ databases: [write("c.csv", `${rows.join("\n")}\n`)] });
  const other = [write("d.csv", "1.0.0.0,1.0.0.255,FR\n")];
  const both = [locator.reload(), locator.reload({ databases: other })];
  expect(locator.locate("1.0.0.1")).toMatchObject({ country: "DE" });
  await Promise.all(both);
  expect(locator.locate("1.0.0.1")).toMatchObject({ country: "FR" });
});

test("opening and reloading stop when they are aborted", async () => {
  const path = write("e.csv", "1.0.0.0,1.0.0.255,DE\n");
  await expect(openLocator({ databases: [path], signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
  const locator = await openLocator({ databases: [path] });
  await expect(locator.reload({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  expect(locator.locate("1.0.0.1")).toMatchObject({ country: "DE" });
  await locator.close();
  await expect(locator.reload()).rejects.toMatchObject({ code: "locator-closed" });
  expect(locator.locate("1.0.0.1")).toMatchObject({ country: "DE" });
});

test("watching reloads when the file changes, and tells of one that cannot be read", async () => {
  const path = write("f.csv", "1.0.0.0,1.0.0.255,DE\n");
  await using locator = await openLocator({ databases: [path] });
  const next = (): Promise<Error | undefined> =>
    new Promise((resolve) => {
      const done = (error?: Error): void => {
        stop();
        resolve(error);
      };
      const stop = locator.watch([path], { intervalMs: 20, onReload: done, onError: done });
    });
  let changed = next();
  write("f.csv", "1.0.0.0,1.0.0.255,NL\n2.0.0.0,2.0.0.255,FR\n");
  expect(await changed).toBeUndefined();
  expect(locator.locate("1.0.0.1")).toMatchObject({ country: "NL" });
  changed = next();
  write("f.csv", "broken\n");
  expect(await changed).toMatchObject({ code: "unsupported-database" });
  expect(locator.locate("1.0.0.1")).toMatchObject({ country: "NL" });
});
