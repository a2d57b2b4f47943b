import { expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { CountryIndex } from "../../src/grid/regions/countryIndex.js";
import { serverRecords } from "../../src/steer/dns/serverRecords.js";

const countries = new CountryIndex();

test("a catalogue is read with capacities and addresses, from JSON and from CSV alike", () => {
  const json = JSON.stringify([
    { name: "fra", lat: 50.1, lon: 8.7, country: "DE", capacity: 120, addresses: ["192.0.2.1", "2001:db8::1"] },
    { name: "nrt", lat: 35.8, lon: 140.4, country: "Japan" },
  ]);
  const csv =
    'name,lat,lon,country,capacity,addresses\nfra,50.1,8.7,DE,120,"192.0.2.1 2001:db8::1"\nnrt,35.8,140.4,Japan,,\n';
  const expected = [
    { name: "fra", lat: 50.1, lon: 8.7, capacityRps: 120, addresses: ["192.0.2.1", "2001:db8::1"] },
    { name: "nrt", lat: 35.8, lon: 140.4, addresses: [] },
  ];
  expect(serverRecords(json, countries)).toEqual(expected);
  expect(serverRecords(csv, countries)).toEqual(expected);
});

test.each([
  ["a sign that is wrong", [{ name: "jnb", lat: 26.1, lon: 28.2, country: "ZA" }], /latitude's sign/],
  ["coordinates exchanged", [{ name: "fra", lat: 8.7, lon: 50.1, country: "DE" }], /exchanged/],
  ["another country", [{ name: "fra", lat: 50.1, lon: 8.7, country: "JP" }], /claims Japan/],
  [
    "a name twice",
    [
      { name: "fra", lat: 50.1, lon: 8.7 },
      { name: "fra", lat: 50.2, lon: 8.6 },
    ],
    /"fra" occurs twice/,
  ],
  ["a capacity that is none", [{ name: "fra", lat: 50.1, lon: 8.7, capacity: "lots" }], /capacity "lots"/],
  ["no server at all", [], /names none/],
])("%s is a typed error that says what is wrong", (_, rows, message) => {
  try {
    serverRecords(JSON.stringify(rows), countries);
    expect.unreachable();
  } catch (error) {
    expect(isGeopivotError(error, "bad-servers-file"), String(error)).toBe(true);
    expect((error as Error).message).toMatch(message);
  }
});
