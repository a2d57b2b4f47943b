import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { addressText } from "../../src/core/addressColumn.js";
import { readBatches } from "../../src/read/readBatches.js";
import type { LogSource } from "../../src/read/source/openSource.js";
import { nowhere } from "./support/nowhere.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-blocks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every row's address and path, and what was rejected. */
async function outcome(source: LogSource): Promise<object> {
  const rows: string[] = [];
  const batches = readBatches(source, { locator: nowhere(), reuse: true, maxRejectedShare: 1 });
  for await (const { client, dimensions, length } of batches) {
    const path = dimensions.get("path");
    for (let i = 0; i < length; i++)
      rows.push(`${addressText(client, i)} ${path?.dictionary.value(path.codes[i]!).slice(0, 40)}`);
  }
  const { bytes, events, reasons, samples } = batches.report;
  return { rows, bytes, events, reasons, samples: samples.map(({ line, reason }) => ({ line, reason })) };
}

const line = (i: number, bytes: number): string =>
  `{"ts":${1_772_409_600_000 + i},"ip":"192.0.2.${i % 250}","path":"/${i % 90}","note":"${"x".repeat(bytes)}"}\n`;

test("a large file gives what its bytes give, whatever lies across the ends of blocks", async () => {
  const sizes = fc.array(
    fc.oneof(
      { weight: 30, arbitrary: fc.integer({ min: 0, max: 300 }) },
      { weight: 3, arbitrary: fc.integer({ min: 60_000, max: 70_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1_040_000, max: 2_200_000 }) },
    ),
    { minLength: 20, maxLength: 60, size: "max" },
  );
  const ends = fc.constantFrom("\n", "", '{"ts":177240960000', "\nbroken");
  await fc.assert(
    fc.asyncProperty(sizes, ends, fc.boolean(), fc.integer({ min: 0, max: 9 }), async (lengths, end, marked, times) => {
      const few = lengths.map((bytes, i) => line(i, bytes)).join("");
      const many = Array.from({ length: 10_000 }, (_, i) => line(i, (i * times) % 97)).join("");
      const text = (marked ? "\uFEFF" : "") + many + few + many.trimEnd() + end;
      const path = join(folder, "log.ndjson");
      writeFileSync(path, text);
      expect(await outcome(path)).toEqual(await outcome(Buffer.from(text)));
    }),
    { numRuns: 25 },
  );
}, 120_000);

test("a document that is larger than a block is read from a file as from bytes", async () => {
  const records = Array.from({ length: 20_000 }, (_, i) => ({
    time: new Date(1_772_409_600_000 + i * 1000).toISOString(),
    properties: { clientIp: `192.0.2.${i % 250}`, httpStatusCode: "200", requestUri: `https://a.example/${i % 50}` },
  }));
  const text = JSON.stringify({ records }, null, 2);
  const path = join(folder, "log.json");
  writeFileSync(path, text);
  const fromFile = await outcome(path);
  expect(fromFile).toEqual(await outcome(Buffer.from(text)));
  expect(fromFile).toMatchObject({ events: 20_000 });
}, 60_000);
