import type { ClickHouseClient } from "@clickhouse/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pickOptions } from "../../src/core/options/checkOptions.js";
import { Cube } from "../../src/cube/cube.js";
import { CUBE_OPTIONS } from "../../src/cube/cubeOptions.js";
import { detect } from "../../src/detect/detect.js";
import { clickhouseCube } from "../../src/engine/clickhouse/clickhouseCube.js";
import { installLocations } from "../../src/engine/locations/installLocations.js";
import type { Locator } from "../../src/locate/locator.js";
import { eventsFromObjects, OBJECT_OPTIONS } from "../../src/read/records/eventsFromObjects.js";
import { runs } from "../support/runs.js";
import { hasChdb, openChdb } from "./support/chdb.js";
import { cubeFacts } from "./support/cubeFacts.js";
import { createLogs, insertRows } from "./support/logTable.js";
import { arbitraryRows, type TableRow } from "./support/rows.js";
import { sampleLocator } from "./support/sampleLocator.js";

let client: ClickHouseClient;
let close: () => Promise<void>;
let locator: Locator;

beforeAll(async () => {
  if (!hasChdb) return;
  ({ client, close } = openChdb());
  locator = await sampleLocator();
  await installLocations(client, locator);
  await client.command({ query: "CREATE DATABASE web" });
});
afterAll(() => close?.());

async function fill(rows: readonly TableRow[]): Promise<void> {
  await createLogs(client, "web.logs");
  await insertRows(client, "web.logs", rows);
}

describe.skipIf(!hasChdb)("chdb is installed", () => {
  test("the cube of a table is the cube of its rows read as a log, and so are the findings", {
    timeout: 900_000,
  }, async () => {
    const shapes = [
      { dimensions: ["service"], bucketSeconds: 3600 },
      { dimensions: [], resolution: 2 },
      {
        dimensions: ["status_class", "asn"],
        bucketSeconds: 86_400,
        trustedProxies: ["10.0.0.0/8", "5.0.7.0/24", "2a00::/64"],
      },
      { dimensions: ["path", "route", "tag", "network", "nothing"], trustedProxies: [] },
    ];
    await fc.assert(
      fc.asyncProperty(arbitraryRows, fc.constantFrom(...shapes), async (rows, shape) => {
        await fill(rows);
        const events = eventsFromObjects(rows, { locator, ...pickOptions(shape, OBJECT_OPTIONS) });
        const local = Cube.from(events, pickOptions(shape, CUBE_OPTIONS));
        const pushed = await clickhouseCube(client, { table: "web.logs", ...shape });
        expect(cubeFacts(pushed)).toEqual(cubeFacts(local));
        expect(JSON.stringify(detect(pushed))).toBe(JSON.stringify(detect(local)));
      }),
      { numRuns: runs(20), seed: 23 },
    );
  });
});
