import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { findDatabases } from "../../src/locate/sources/findDatabases.js";

const SAMPLE = "data/sample.ndjson.gz";
const runnable = existsSync(SAMPLE) && hasDatabase();
const folder = mkdtempSync(join(tmpdir(), "geopivot-examples-"));
const log = join(folder, "sample.ndjson");
const argv = process.argv;
let printed: string[] = [];

if (runnable) {
  // The last day of the sample has both of its releases in it, and is read in a second.
  const lines = gunzipSync(readFileSync(SAMPLE)).toString().split("\n");
  writeFileSync(log, lines.slice(-25_000).join("\n"));
}

beforeEach(() => {
  printed = [];
  process.argv = [argv[0]!, "example", log];
  for (const method of ["log", "table"] as const)
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
      printed.push(values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(" "));
    });
});

afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
});

afterAll(() => rmSync(folder, { recursive: true }));

const output = (): string => printed.join("\n");

test.skipIf(!runnable)("error rates by country and hour", async () => {
  await import("../../examples/errorRates.js");
  expect(output()).toContain("Errors by country and local hour");
  expect(output()).toContain('"country":"BR"');
  expect(output()).toMatch(/\d+ errors in \d+ requests/);
});

test.skipIf(!runnable)("who is slow and why", async () => {
  await import("../../examples/slowRegions.js");
  expect(output()).toMatch(/\n[A-Z]{2} by city/);
  expect(output()).toContain('"p95"');
});

test.skipIf(!runnable)("was that release worse in Brazil", async () => {
  await import("../../examples/releaseInBrazil.js");
  expect(output()).toMatch(/## .*4\.2\.0 → 4\.3\.0/);
  expect(output()).toMatch(/Brazil, error_rate: /);
});

test.skipIf(!runnable)("who talks to us from where", async () => {
  await import("../../examples/whoTalksToUs.js");
  expect(output()).toContain('"market":"DACH"');
  expect(output()).toMatch(/\d+ bytes of Arrow/);
});

test.skipIf(!runnable)("the library's example in the README", async () => {
  const section = readFileSync("README.md", "utf8").split("\n## As a library\n")[1]!;
  const [, code] = section.match(/```ts\n(.*?)```/s) as unknown as [string, string];
  expect(code.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(5);
  const file = join(folder, "readme.ts");
  writeFileSync(file, code.replace('"access.log.gz"', JSON.stringify(SAMPLE)));
  await import(file);
  expect(output()).toMatch(/^critical Traffic from Germany down 93%/m);
  expect(output()).toContain('"error_rate"');
});

function hasDatabase(): boolean {
  try {
    return findDatabases().length > 0;
  } catch {
    return false;
  }
}
