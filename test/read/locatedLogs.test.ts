import { expect, test } from "vitest";
import { analyze } from "../../src/analyze.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { pivot } from "../../src/pivot/pivot.js";
import { readEvents } from "../../src/read/readEvents.js";
import { eventRecord } from "../../src/read/records/eventRecord.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";

const nowhere = await openLocator({
  databases: [],
  networks: [{ cidr: "192.0.2.0/24", country: "FR", name: "Paris" }],
});
const lines = (rows: readonly object[]): Uint8Array =>
  new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

test.each([
  ["OpenTelemetry", { "geo.country.iso_code": "DE", "geo.locality.name": "Berlin", "geo.region.iso_code": "DE-BE" }],
  [
    "the collector's processor",
    {
      "geo.country_iso_code": "DE",
      "geo.city_name": "Berlin",
      "geo.region_name": "Berlin",
      "geo.region_iso_code": "BE",
    },
  ],
  [
    "attributes of a record",
    { attributes: { "geo.country_iso_code": "de", "geo.city_name": "Berlin", "geo.region_iso_code": "DE-BE" } },
  ],
  ["ECS, nested", { client: { geo: { country_iso_code: "DE", city_name: "Berlin", region_iso_code: "DE-BE" } } }],
  [
    "ECS, about the source",
    { source: { geo: { country_name: "Germany", city_name: "Berlin", region_iso_code: "DE-BE" } } },
  ],
])("places of %s are read, by objects and by lines", async (_, fields) => {
  const rows = [{ ts: 1_700_000_000, status: 200, ...fields }];
  const place = { country: "DE", region: "Berlin", regionCode: "DE-BE", city: "Berlin", precision: "city" };
  const read = await readEvents(lines(rows), { locator: nowhere, format: "ndjson" });
  for (const events of [eventsFromObjects(rows, { locator: nowhere }), read])
    expect(eventRecord(events, 0, true).place).toMatchObject(place);
});

test("a place is as precise as its fields, and UK is GB", () => {
  const rows = [
    { ts: 1, "geo.country_iso_code": "UK" },
    { ts: 2, "geo.country.iso_code": "US", "geo.region.iso_code": "US-CA" },
    { ts: 3, "geo.location.lat": 52.5, "geo.location.lon": 13.4 },
    { ts: 4, "geo.location": "POINT (13.4 52.5)", "geo.country_iso_code": "DE" },
    { ts: 5, "as.number": "AS3320", "as.organization.name": "DTAG" },
    { ts: 6, "geo.country_iso_code": "nonsense", "geo.location.lat": "0x10", "geo.location.lon": 1e9, client_id: "x" },
  ].map((row) => ({ ...row, ts: 1_700_000_000 + row.ts }));
  const events = eventsFromObjects(rows, { locator: nowhere });
  const places = rows.map((_, row) => eventRecord(events, row, true).place as Record<string, unknown> | null);
  expect(places[0]).toMatchObject({ country: "GB", precision: "country", accuracyKm: 500 });
  expect(places[1]).toMatchObject({ region: "California", precision: "region", accuracyKm: 200 });
  expect(places[2]).toMatchObject({ country: "", lat: 52.5, lon: 13.4 });
  expect(places[3]).toMatchObject({ country: "DE", lat: 52.5, lon: 13.4 });
  expect(places[4]).toBeNull();
  expect(eventRecord(events, 4, true).network).toMatchObject({ asn: 3320, organization: "DTAG" });
  expect(places[5]).toBeNull();
});

test("an address that has a place keeps it; one that has none takes the log's", () => {
  const rows = ["192.0.2.7", "8.8.8.8"].map((ip) => ({ ts: 1_700_000_000, ip, "geo.country_iso_code": "DE" }));
  const events = eventsFromObjects(rows, { locator: nowhere });
  expect([...events.place].map((id) => events.places.at(id)!.country)).toEqual(["FR", "DE"]);
});

test("hashed ids count clients where there is no address, mapped or by their usual names", async () => {
  for (const name of ["client_id", "user.hash", "visitor", "mapped"]) {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      ts: 1_700_000_000 + i,
      [name]: `h${i % 7}`,
      "geo.country_iso_code": "DE",
    }));
    const map = name === "mapped" ? { map: { client: "mapped" } } : {};
    const { cube, report } = await analyze(lines(rows), { locator: nowhere, ...map });
    expect(report).toMatchObject({ events: 60, rejected: 0, unlocated: 0 });
    expect(pivot(cube, { by: ["country"], measures: ["count", "clients"] }).objects()).toEqual([
      { country: "DE", count: 60, clients: 7 },
    ]);
    expect(eventRecord(await readEvents(lines(rows), { locator: nowhere, ...map }), 0)).not.toHaveProperty("ip");
  }
});

test.each([
  [
    "Cloudflare's requests",
    {
      RayID: "7",
      EdgeStartTimestamp: "2024-01-01T00:00:00Z",
      ClientCountry: "de",
      ClientASN: 3320,
      EdgeResponseStatus: 503,
    },
  ],
  [
    "Cloudflare's NEL reports",
    {
      ClientIPASN: 3320,
      ClientIPASNDescription: "DTAG",
      ClientIPCountry: "DE",
      LastKnownGoodColoCode: "FRA",
      Phase: "connection",
      Timestamp: "2024-01-01T00:00:00Z",
      Type: "tcp.timed_out",
    },
  ],
])("%s are located by country and system", async (_, row) => {
  const events = await readEvents(lines([row, row, row]), { locator: nowhere });
  expect(eventRecord(events, 2, true)).toMatchObject({ place: { country: "DE" }, network: { asn: 3320 } });
});
