import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clusterOutage } from "../../examples/clusterOutage.js";
import { Random } from "../../src/core/random.js";
import { hasChdb, openChdb } from "./support/chdb.js";
import { ROW_ORIGIN_MS } from "./support/rows.js";
import { sampleLocator } from "./support/sampleLocator.js";

let client: ClickHouseClient;
let close: () => Promise<void>;

beforeAll(() => {
  if (hasChdb) ({ client, close } = openChdb());
});
afterAll(() => close?.());

/** A day of requests from Frankfurt, Paris and São Paulo; in Frankfurt, version 4.3.0 of the API fails for an hour. */
function day() {
  const random = new Random(7);
  return Array.from({ length: 24_000 }, (_, i) => {
    const hour = (24 * i) / 24_000;
    const [ip, service, version] = [
      `5.0.${random.pick([0, 2, 6])}.${random.int(250)}`,
      random.pick(["api", "web"]),
      random.pick(["4.2.0", "4.3.0"]),
    ];
    const isBroken = ip.startsWith("5.0.0.") && service === "api" && version === "4.3.0" && hour >= 18 && hour < 19;
    const status = random.next() < (isBroken ? 0.95 : 0.005) ? 503 : 200;
    const latency_ms = 20 + random.int(50);
    const ts = new Date(ROW_ORIGIN_MS + hour * 3_600_000).toISOString();
    return { ts, ip, status, latency_ms, user: `u${random.int(900)}`, service, version, other: "not in the table" };
  });
}

describe.skipIf(!hasChdb)("chdb is installed", () => {
  test("the example finds an outage in a cluster, says why and shows the rows", { timeout: 300_000 }, async () => {
    for (const method of ["log", "table"] as const) vi.spyOn(console, method).mockImplementation(() => {});
    const told = await clusterOutage(client, await sampleLocator(), day());
    expect(told!.finding).toMatchObject({ kind: "regional-outage", region: { countries: ["DE"] } });
    expect(told!.causes[0]!.slice).toMatchObject({ service: "api", version: "4.3.0" });
    expect(told!.shown).toHaveLength(5);
    for (const { ip, status } of told!.shown) {
      expect(ip).toMatch(/^5\.0\.0\./);
      expect(status).toBe(503);
    }
    vi.restoreAllMocks();
  });
});
