import { expect, test } from "vitest";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";
import { readEvents } from "../../src/read/readEvents.js";

const locator = { places: new PlaceTable(), networks: new NetworkTable(), locateColumn() {} };

test("upgraded connections and event streams have no latency, whatever they are logged with", async () => {
  const line = (status: number, more: object) =>
    JSON.stringify({ ts: 1_772_400_000, ip: "81.2.69.142", status, latency_ms: 900_000, ...more });
  const log = [
    line(101, {}),
    line(200, { content_type: "text/event-stream; charset=utf-8" }),
    line(200, { content_type: "text/html" }),
    line(200, {}),
  ].join("\n");
  const events = await readEvents(Buffer.from(`${log}\n`), { locator, format: "ndjson" });
  expect([...events.latencyMs]).toEqual([Number.NaN, Number.NaN, 900_000, 900_000]);
});
