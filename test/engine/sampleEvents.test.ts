import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SampledFinding, sampleEvents } from "../../src/engine/clickhouse/sampleEvents.js";
import { installLocations } from "../../src/engine/locations/installLocations.js";
import { hasChdb, openChdb } from "./support/chdb.js";
import { createLogs, insertRows } from "./support/logTable.js";
import { ROW_ORIGIN_MS, type TableRow } from "./support/rows.js";
import { sampleLocator } from "./support/sampleLocator.js";

const SERVICE = "a'p|i*\\";
const FRANKFURT = "5.0.0.1";
const PARIS = "5.0.2.1";

const at = (minute: number): string => new Date(ROW_ORIGIN_MS + minute * 60_000).toISOString();
const row = (minute: number, ip: string, more: Partial<TableRow> = {}): TableRow => ({
  ts: at(minute),
  ip,
  xff: "",
  status: 200,
  latency_ms: 20,
  bytes: 1,
  user: "u1",
  service: SERVICE,
  path: "/",
  ...more,
});
const rows = [
  row(0, FRANKFURT, { status: 503 }),
  ...Array.from({ length: 30 }, (_, i) => row(10 + i, FRANKFURT, { status: i % 2 ? 200 : 503, latency_ms: 100 - i })),
  row(12, FRANKFURT, { status: 503, service: "other" }),
  row(12, PARIS, { status: 503, user: "u'2" }),
  row(12, "10.0.0.1", { status: 503 }),
  row(50, FRANKFURT, { status: 503 }),
];
const finding: SampledFinding = {
  kind: "regional-outage",
  measure: "error_rate",
  startMs: ROW_ORIGIN_MS + 10 * 60_000,
  endMs: ROW_ORIGIN_MS + 40 * 60_000,
  region: { name: "Germany", countries: ["DE"], subdivisions: [], cities: [], cells: [], centroid: null },
  dimensions: { service: SERVICE },
  users: [],
  ips: [],
};
const everywhere = { ...finding.region, countries: [] };

let client: ClickHouseClient;
let close: () => Promise<void>;

beforeAll(async () => {
  if (!hasChdb) return;
  ({ client, close } = openChdb());
  await installLocations(client, await sampleLocator());
  await client.command({ query: "CREATE DATABASE web" });
  await createLogs(client, "web.logs");
  await insertRows(client, "web.logs", rows);
});
afterAll(() => close?.());

describe.skipIf(!hasChdb)("chdb is installed", () => {
  const table = "web.logs";

  test("rows of a finding are of its time, region, slice and measure, as the table has them", async () => {
    const found = await sampleEvents(client, finding, { table });
    expect(found).toHaveLength(15);
    for (const { ip, status, service } of found) expect([ip, status, service]).toEqual([FRANKFURT, 503, SERVICE]);
    expect(Object.keys(found[0]!)).toEqual(Object.keys(row(0, "")));
    const all = await sampleEvents(client, { ...finding, measure: "requests" }, { table });
    expect(all).toHaveLength(30);
    const city = { ...finding.region, subdivisions: ["Berlin"], cities: ["Berlin"] };
    expect(await sampleEvents(client, { ...finding, region: city }, { table })).toEqual([]);
    expect(await sampleEvents(client, { ...finding, endMs: null }, { table })).toHaveLength(16);
  });

  test("the slowest come first where latency is the matter, and no more than asked for", async () => {
    const slow = await sampleEvents(client, { ...finding, measure: "p95_latency_ms" }, { table, limit: 3 });
    expect(slow.map(({ latency_ms: ms }) => ms)).toEqual([100, 99, 98]);
    await expect(sampleEvents(client, finding, { table, limit: 0 })).rejects.toMatchObject({
      code: "bad-engine-option",
    });
  });

  test("users and addresses of a finding are those asked for, whatever is in their names", async () => {
    const who = { ...finding, region: everywhere, dimensions: {}, measure: "speed_kmh" };
    const byUser = await sampleEvents(client, { ...who, users: ["u'2"] }, { table });
    expect(byUser.map(({ ip }) => ip)).toEqual([PARIS]);
    const byAddress = await sampleEvents(client, { ...who, ips: ["10.0.0.1"] }, { table });
    expect(byAddress.map(({ ip }) => ip)).toEqual(["10.0.0.1"]);
    const hostile = { ...who, users: ["') OR 1=1 --", "`\\"] };
    expect(await sampleEvents(client, hostile, { table })).toEqual([]);
    const none = { ...finding, dimensions: { "no such": "x" } };
    await expect(sampleEvents(client, none, { table })).rejects.toMatchObject({ code: "no-such-column" });
  });
});
