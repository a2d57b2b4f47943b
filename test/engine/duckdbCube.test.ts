import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pickOptions } from "../../src/core/options/checkOptions.js";
import { Cube } from "../../src/cube/cube.js";
import { CUBE_OPTIONS } from "../../src/cube/cubeOptions.js";
import { detect } from "../../src/detect/detect.js";
import type { DuckdbConnection } from "../../src/engine/duckdb/duckdbConnection.js";
import { duckdbCube } from "../../src/engine/duckdb/duckdbCube.js";
import type { Locator } from "../../src/locate/locator.js";
import { eventsFromObjects, OBJECT_OPTIONS } from "../../src/read/records/eventsFromObjects.js";
import { runs } from "../support/runs.js";
import { hasDuckdb, requireEngine } from "./support/chdb.js";
import { cubeFacts } from "./support/cubeFacts.js";
import { arbitraryRows, type TableRow } from "./support/rows.js";
import { sampleLocator } from "./support/sampleLocator.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-duckdb-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let connection: DuckdbConnection;
let locator: Locator;
beforeAll(async () => {
  if (!hasDuckdb) return;
  const { DuckDBInstance } = requireEngine("@duckdb/node-api");
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  locator = await sampleLocator();
});

function writeParquet(rows: readonly TableRow[]): string {
  const path = join(folder, 'it\'s; a "log".parquet');
  const text = (name: keyof TableRow) => ({
    name,
    data: rows.map((row) => row[name] as string | null),
    type: "STRING" as const,
  });
  const number = (name: keyof TableRow) => ({
    name,
    data: rows.map((row) => row[name] as number | null),
    type: "DOUBLE" as const,
  });
  const columnData = [
    { name: "ts", data: rows.map(({ ts }) => new Date(ts)), type: "TIMESTAMP" as const },
    ...[text("ip"), text("xff"), number("status"), number("latency_ms"), number("bytes"), text("user")],
    ...[text("service"), text("path")],
  ];
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData })));
  return path;
}

describe.skipIf(!hasDuckdb)("DuckDB is installed", () => {
  test("the cube of Parquet is the cube of its rows read as a log, and so are the findings", async () => {
    const shapes = [
      { dimensions: ["service"], bucketSeconds: 3600 },
      { dimensions: ["status_class", "asn", "route"], trustedProxies: ["10.0.0.0/8", "5.0.7.0/24"] },
    ];
    const some = arbitraryRows.filter((rows) => rows.length > 0);
    await fc.assert(
      fc.asyncProperty(some, fc.constantFrom(...shapes), async (rows, shape) => {
        const files = writeParquet(rows);
        const local = Cube.from(
          eventsFromObjects(rows, { locator, ...pickOptions(shape, OBJECT_OPTIONS) }),
          pickOptions(shape, CUBE_OPTIONS),
        );
        const cube = await duckdbCube({ connection, files, locator, ...shape });
        expect(cubeFacts(cube)).toEqual(cubeFacts(local));
        expect(JSON.stringify(detect(cube))).toBe(JSON.stringify(detect(local)));
      }),
      { numRuns: runs(20), seed: 23 },
    );
  });

  test("a window and conditions count what they say", async () => {
    const rows = fc.sample(arbitraryRows, { seed: 7, numRuns: 40 }).flat();
    const [from, to] = ["2026-03-03T00:00:00Z", "2026-03-03T12:00:00Z"];
    const files = writeParquet(rows);
    const cube = await duckdbCube({ connection, files, locator, from, to, where: "service=api|web" });
    const kept = rows.filter(({ ts, service }) => ts >= from && ts < to && ["api", "web"].includes(service));
    const events = eventsFromObjects(kept, { locator });
    expect(events.length).toBeGreaterThan(20);
    expect(cubeFacts(cube)).toEqual(cubeFacts(Cube.from(events)));
  });

  test("files, columns and names that are not there are told", async () => {
    await expect(duckdbCube({ connection, locator, files: join(folder, "none.parquet") })).rejects.toMatchObject({
      code: "engine-refused",
    });
    await expect(duckdbCube({ connection, locator, table: "x'; DROP TABLE y; --" })).rejects.toMatchObject({
      code: "engine-refused",
    });
    const files = writeParquet(fc.sample(arbitraryRows, { seed: 3, numRuns: 9 }).flat());
    await expect(
      duckdbCube({ connection, locator, files, columns: { ip: 'it\'s "not" there' } }),
    ).rejects.toMatchObject({ code: "no-such-column" });
    await expect(duckdbCube({ connection, locator, files, where: "1=1; DROP TABLE x" })).resolves.toMatchObject({
      groups: { length: 0 },
    });
  });
});
