import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Locator } from "../../src/locate/locator.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";
import { writeBin } from "./writeBin.js";

let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array, extension = "csv", name = `db${files++}.${extension}`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const opened = (content: string, extension?: string): Promise<Locator> =>
  openLocator({ databases: [file(content, extension)] });

/** Rows of an edition of IP2Location, for 1.0.0.0/24, of whose columns these are the ones after the name of the country. */
const quoted = (cells: readonly (string | number)[]): string => cells.map((cell) => `"${cell}"`).join(",");
const edition = (rest: readonly string[]): string =>
  `${quoted([0, 16777215, "-", "-", ...rest.map((cell) => (/^-?\d+\.\d+$/.test(cell) ? "0.000000" : "-"))])}\n` +
  `${quoted([16777216, 16777471, "US", "United States of America", ...rest])}\n`;

const PLACE = ["California", "Los Angeles"];
const POINT = ["34.052230", "-118.243680"];
const la = { country: "US", region: "California", city: "Los Angeles" };
const laPoint = { ...la, lat: 34.05223, lon: -118.24368 };

test.each([
  ["DB1", [], { country: "US", region: "", city: "" }, ""],
  ["DB2", ["Acme Telecom"], { country: "US", city: "" }, "Acme Telecom"],
  ["DB3", PLACE, { ...la, lat: Number.NaN }, ""],
  ["DB4", [...PLACE, "Acme Telecom"], la, "Acme Telecom"],
  ["DB5", [...PLACE, ...POINT], laPoint, ""],
  ["DB6", [...PLACE, ...POINT, "Acme Telecom"], laPoint, "Acme Telecom"],
  ["DB7", [...PLACE, "Acme Telecom", "acme.com"], la, "Acme Telecom"],
  ["DB8", [...PLACE, ...POINT, "Acme Telecom", "acme.com"], laPoint, "Acme Telecom"],
  ["DB9", [...PLACE, ...POINT, "90001"], laPoint, ""],
  ["DB10", [...PLACE, ...POINT, "90001", "Acme Telecom", "acme.com"], laPoint, "Acme Telecom"],
  ["DB11", [...PLACE, ...POINT, "90001", "-07:00"], laPoint, ""],
])("IP2Location %s is told by what is in its columns", async (_, rest, place, organization) => {
  const locator = await opened(edition(rest));
  expect(locator.locate("1.0.0.77")).toMatchObject(place);
  expect(locator.lookup("1.0.0.77").network?.organization ?? "").toBe(organization);
  expect(locator.locate("0.0.0.77")).toBeNull();
  expect(locator.locate("1.0.1.0")).toBeNull();
});

test("numbers of IPv6 that map IPv4 are IPv4 addresses", async () => {
  const mapped = 0xffff00000000n;
  const rows = [
    [0n, mapped + 16777215n, "-", "-"],
    [mapped + 16777216n, mapped + 16777471n, "AU", "Australia"],
    [mapped + 16777472n, 42541956123769884636017138956568135679n, "-", "-"],
    [42541956123769884636017138956568135680n, 42541956123769884636017138956568135999n, "DE", "Germany"],
  ];
  const locator = await opened(rows.map(quoted as never).join("\n"));
  expect(locator.locate("1.0.0.5")).toMatchObject({ country: "AU" });
  expect(locator.locate("::ffff:1.0.0.5")).toMatchObject({ country: "AU" });
  expect(locator.locate("1.0.1.5")).toBeNull();
  const first = 42541956123769884636017138956568135680n.toString(16).padStart(32, "0").match(/.{4}/g)!.join(":");
  expect(locator.locate(first)).toMatchObject({ country: "DE" });
});

const LOCATIONS =
  "geoname_id,locale_code,continent_code,continent_name,country_iso_code,country_name,subdivision_1_iso_code," +
  "subdivision_1_name,subdivision_2_iso_code,subdivision_2_name,city_name,metro_code,time_zone,is_in_european_union\n" +
  '2077456,en,OC,Oceania,AU,Australia,NSW,"New South Wales",,,"Wilcannia",,Australia/Sydney,0\n';
const BLOCKS =
  "network,geoname_id,registered_country_geoname_id,represented_country_geoname_id,is_anonymous_proxy," +
  "is_satellite_provider,postal_code,latitude,longitude,accuracy_radius\n" +
  "1.0.0.0/24,2077456,2077456,,0,0,,-33.4940,143.2104,1000\n1.0.1.0/24,,2077456,,0,1,,,,\n";

test("GeoLite2's blocks have coordinates alone, and names with the Locations file beside them or given", async () => {
  mkdirSync(join(folder, "alone"));
  const alone = join(folder, "alone", "GeoLite2-City-Blocks-IPv4.csv");
  writeFileSync(alone, BLOCKS);
  const bare = await openLocator({ databases: [alone] });
  expect(bare.locate("1.0.0.9")).toMatchObject({ country: "", lat: -33.494, lon: 143.2104, accuracyKm: 1000 });
  expect(bare.warnings).toEqual([expect.stringContaining("Locations file")]);
  expect(bare.lookup("1.0.1.9")).toMatchObject({ place: null, network: { tags: ["satellite"] } });
  const named = { country: "AU", region: "New South Wales", regionCode: "AU-NSW", city: "Wilcannia", accuracyKm: 1000 };
  const given = file(LOCATIONS, "csv", "places.csv");
  for (const databases of [
    [alone, given],
    [given, alone],
  ]) {
    const locator = await openLocator({ databases });
    expect(locator.locate("1.0.0.9")).toMatchObject({ ...named, timeZone: "Australia/Sydney" });
    expect(locator.warnings).toEqual([]);
  }
  writeFileSync(join(folder, "alone", "GeoLite2-City-Locations-de.csv"), LOCATIONS.replace("Wilcannia", "Anders"));
  writeFileSync(join(folder, "alone", "GeoLite2-City-Locations-en.csv.gz"), gzipSync(LOCATIONS));
  expect((await openLocator({ databases: [alone] })).locate("1.0.0.9")).toMatchObject(named);
  // A database that happens to be named so is no Locations file.
  writeFileSync(join(folder, "standard_location.csv"), "start_ip,end_ip,city,country\n1.0.0.0,1.0.0.255,Brisbane,AU\n");
  const countries = file(BLOCKS.replaceAll(/,[^,\n]*,[^,\n]*,[^,\n]*,[^,\n]*$/gm, ""), "csv", "Country-Blocks.csv");
  await expect(openLocator({ databases: [countries] })).rejects.toMatchObject({ code: "unsupported-database" });
});

test.each([
  ["network,latitude,longitude\n1.0.0.0/24,153.02,-27.47\n1.0.1.0/24,-118.2,34.1\n", /none of its 2 rows.*-90 to 90/],
  ["1.0.0.0,1.0.0.255,,\n1.0.1.0,1.0.1.255,-,-\n", /unsupported|none of its|no known layout/],
])("a database whose rows say nothing that could be used is refused: %s", async (text, why) => {
  const database = file(text, "csv", "silent.csv");
  await expect(openLocator({ databases: [database] })).rejects.toMatchObject({
    code: "unsupported-database",
    message: expect.stringMatching(why),
  });
});

test("a geofeed's networks come in any order and within each other; fields at the end may be missing", async () => {
  const locator = await opened(
    "# our prefixes\n198.51.100.0/24,US,US-AL,Alabaster,\n10.1.0.0/16,GB\n2001:db8:1::/48,US,US-WY,Cheyenne\n" +
      "10.0.0.0/8,UK,UK-ENG,London,\r\n5.6.0.0/16,DE,,Köln,\n5.6.7.0/24,,,,\n5.6.8.9,FR,FR-IDF,Paris,\n",
  );
  expect(locator.locate("198.51.100.9")).toMatchObject({ country: "US", regionCode: "US-AL", city: "Alabaster" });
  expect(locator.locate("10.1.2.3")).toMatchObject({ country: "GB", city: "" });
  expect(locator.locate("10.2.2.3")).toMatchObject({ country: "GB", regionCode: "GB-ENG", city: "London" });
  expect(locator.locate("2001:db8:1::5")).toMatchObject({ city: "Cheyenne" });
  expect(locator.locate("5.6.1.1")).toMatchObject({ city: "Köln" });
  expect(locator.locate("5.6.7.1")).toBeNull();
  expect(locator.locate("5.6.8.9")).toMatchObject({ city: "Paris" });
});

test.each([
  ["addresses", "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n", "tsv"],
  ["numbers", "16777216\t16777471\t13335\tUS\tCLOUDFLARENET\n16777472\t16778239\t0\tNone\tNot routed\n", "txt"],
])("iptoasn is read, with %s", async (_, text, extension) => {
  const locator = await opened(text, extension);
  expect(locator.lookup("1.0.0.1")).toMatchObject({
    place: { country: "US", precision: "country" },
    network: { asn: 13335, organization: "CLOUDFLARENET" },
  });
  expect(locator.lookup("1.0.1.1")).toMatchObject({ place: null, network: null });
});

const LITE = { country: "AU", asn: 13335, organization: "Cloudflare, Inc." };
test.each([
  [
    "Lite as CSV",
    'network,country,country_code,continent,continent_code,asn,as_name,as_domain\n1.0.0.0/24,Australia,AU,Oceania,OC,AS13335,"Cloudflare, Inc.",cloudflare.com\n',
    "csv",
    LITE,
  ],
  [
    "Lite as JSON",
    '{"network":"1.0.0.0/24","country":"Australia","country_code":"AU","continent":"Oceania","continent_code":"OC","asn":"AS13335","as_name":"Cloudflare, Inc.","as_domain":"cloudflare.com"}\n',
    "json",
    LITE,
  ],
  [
    "Core as CSV",
    "network,city,region,region_code,country,country_code,continent,continent_code,latitude,longitude,timezone,postal_code,asn,as_name,as_domain,as_type,is_anonymous,is_anycast,is_hosting,is_mobile,is_satellite\n" +
      '1.0.0.0/24,Sydney,New South Wales,NSW,Australia,AU,Oceania,OC,-33.9,151.2,Australia/Sydney,2000,AS13335,"Cloudflare, Inc.",cloudflare.com,hosting,false,true,true,false,false\n',
    "csv",
    { ...LITE, region: "New South Wales", city: "Sydney", lat: -33.9, tags: ["anycast", "hosting"] },
  ],
  [
    "Plus as JSON, nested",
    '{"start_ip":"1.0.0.0","end_ip":"1.0.0.255","geo":{"city":"Sydney","region":"New South Wales","region_code":"NSW","country":"Australia","country_code":"AU","latitude":-33.9,"longitude":151.2,"radius":20},"as":{"asn":"AS13335","name":"x","as_name":"Cloudflare, Inc."},"is_mobile":true,"carrier_name":"Optus"}\n',
    "ndjson",
    { ...LITE, city: "Sydney", accuracyKm: 20, tags: ["carrier"] },
  ],
  [
    "the older layout, whose country is the code",
    'start_ip,end_ip,country,country_name,continent,continent_name,asn,as_name,as_domain\n1.0.0.0,1.0.0.255,AU,Australia,OC,Oceania,AS13335,"Cloudflare, Inc.",cloudflare.com\n',
    "csv",
    LITE,
  ],
])("IPinfo %s", async (_, text, extension, expected) => {
  const { place, network } = (await opened(text, extension)).lookup("1.0.0.1");
  expect({ ...network, ...place }).toMatchObject(expected);
});

test.each([
  [
    "DB-IP City Lite",
    "1.0.0.0,1.0.0.255,OC,AU,Queensland,South Brisbane,-27.4767,153.017\n",
    { city: "South Brisbane" },
  ],
  [
    "cities with two levels",
    "1.0.0.0,1.0.0.255,AU,Queensland,,Brisbane,,-27.47,153.02,Australia/Brisbane\n",
    { city: "Brisbane" },
  ],
  ["countries", "1.0.0.0,1.0.0.255,AU\n", { country: "AU", city: "" }],
  ["semicolons", "start;end;country_code;city\n1.0.0.0;1.0.0.255;AU;Brisbane\n", { city: "Brisbane" }],
  ["networks and countries", "1.0.0.0/24,AU\n", { country: "AU" }],
  [
    "a first line of names in capitals",
    "IP_FROM,IP_TO,COUNTRY CODE,CITY\n1.0.0.0,1.0.0.255,AU,Perth\n",
    { city: "Perth" },
  ],
  ["a byte order mark and CRLF", "\uFEFFnetwork,country\r\n1.0.0.0/24,AU\r\n", { country: "AU" }],
  ["a quoted line break", 'network,country_code,city\n1.0.0.0/24,AU,"Port\nStephens"\n', { city: "Port Stephens" }],
])("%s", async (_, text, expected) => {
  for (const path of [file(text), file(gzipSync(text), "csv.gz"), file(gzipSync(text), "csv"), file(text, "txt")])
    expect((await openLocator({ databases: [path] })).locate("1.0.0.1")).toMatchObject(expected);
});

test("UK is GB in every kind of database", async () => {
  expect((await opened("1.0.0.0,1.0.0.255,UK\n")).locate("1.0.0.1")).toMatchObject({ country: "GB" });
  expect(
    (await opened("1.0.0.0,1.0.0.255,EU\n1.0.1.0,1.0.1.255,ZZ\n1.0.2.0,1.0.2.255,FR\n")).locate("1.0.0.1"),
  ).toBeNull();
});

test("cells that are no numbers, no names and no codes say nothing, and lose no other cell", async () => {
  const locator = await opened(
    "network,country_code,city,latitude,longitude,asn,accuracy_radius\n" +
      "1.0.0.0/24,__proto__,Rome,0x10,1e1,AS99999999999,-5\n1.0.1.0/24,IT,Ro\u0007me,91,10,AS7,1e9\n" +
      "1.0.2.0/24,IT,=1+1,Infinity,NaN,7,abc\n1.0.3.0/24,-,-,0.0,0.0,-,\n",
  );
  expect(locator.lookup("1.0.0.1")).toMatchObject({
    place: { country: "", city: "Rome", lat: Number.NaN },
    network: null,
  });
  expect(locator.lookup("1.0.1.1")).toMatchObject({
    place: { country: "IT", city: "Ro me", lat: Number.NaN },
    network: { asn: 7 },
  });
  expect(locator.lookup("1.0.2.1")).toMatchObject({ place: { city: "=1+1", accuracyKm: 50 }, network: { asn: 7 } });
  expect(locator.lookup("1.0.3.1")).toMatchObject({ place: null, network: null });
});

test.each([
  ["texts in no known order", "1.0.0.0,1.0.0.255,Brisbane,Queensland,x,y\n", "text, text"],
  ["names that tell nothing", "start_ip,end_ip,colour\n1.0.0.0,1.0.0.255,red\n", '"colour"'],
  ["JSON without a range", '{"country":"DE"}\n', '"country"'],
  ["no JSON", '{"network":\n', "no JSON object"],
])("%s: the error names what was seen", async (_, text, told) => {
  const refused = opened(text, text.startsWith("{") ? "json" : "csv");
  await expect(refused).rejects.toMatchObject({ code: "unsupported-database", message: expect.stringContaining(told) });
});

const CA = { country: ["US", "United States of America"], region: "California", city: "Los Angeles" } as const;
const NONE = { country: ["-", "-"], region: "-", city: "-", lat: 0, lon: 0 } as const;

test("a BIN file of IP2Location answers as its own package, for both families", async () => {
  const path = file(
    writeBin(
      [
        { from: 0n, ...NONE },
        { from: 16777216n, ...CA, lat: 34.05223, lon: -118.24368 },
        {
          from: 16777472n,
          country: ["GB", "United Kingdom"],
          region: "England",
          city: "London",
          lat: 51.5,
          lon: -0.125,
        },
        { from: 16778240n, ...NONE },
      ],
      [
        { from: 0n, ...NONE },
        { from: 0x2a02n << 112n, country: ["DE", "Germany"], region: "Berlin", city: "Berlin", lat: 52.5, lon: 13.5 },
        { from: 0x2a03n << 112n, ...NONE },
      ],
    ),
    "BIN",
  );
  const locator = await openLocator({ databases: [path] });
  const { IP2Location } = await import("ip2location-nodejs");
  const oracle = new IP2Location();
  oracle.open(path);
  for (const ip of [
    "1.0.0.0",
    "1.0.0.255",
    "1.0.1.0",
    "1.0.3.255",
    "1.0.4.0",
    "2a02::1",
    "2a02:ffff::1",
    "2a03::1",
    "2001:db8::1",
  ]) {
    const theirs = oracle.getAll(ip);
    const ours = locator.locate(ip);
    expect([ip, ours?.city ?? "-"]).toEqual([ip, theirs.city]);
    expect(ours?.country ?? "-").toBe(theirs.countryShort);
    if (ours !== null) expect([ours.lat, ours.lon]).toEqual([theirs.latitude, theirs.longitude]);
  }
  oracle.close();
  expect(locator.locate("2a02::1")).toMatchObject({ city: "Berlin" });
});

test("a BIN file that is cut off or forged ends in a typed error", async () => {
  const whole = writeBin([{ from: 0n, ...CA, lat: 1, lon: 2 }]);
  const forged = Buffer.from(whole);
  forged.writeUInt32LE(0xffffffff, 5);
  for (const bytes of [forged, whole.subarray(0, 70)])
    await expect(openLocator({ databases: [file(bytes, "bin")] })).rejects.toMatchObject({ code: "corrupt-database" });
});

const FIELD_ROWS = [
  ["ip2location_db5", laPoint],
  ["ip2location_db11", laPoint],
  ["geolite2_blocks", { lat: -33.494, lon: 143.2104, accuracyKm: 1000 }],
  ["ipinfo_region_name", { region: "New South Wales", regionCode: "AU-NSW" }],
] as const;

test.skipIf(!hasSharedData("field"))("databases of public reports are read right", async () => {
  for (const [name, place] of FIELD_ROWS) {
    const locator = await openLocator({ databases: [sharedData(`field/${name}.db.csv`)] });
    expect(locator.locate("1.0.0.1")).toMatchObject(place);
    expect(locator.locate("203.0.113.7")).toBeNull();
  }
});
