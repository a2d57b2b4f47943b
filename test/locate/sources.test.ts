import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocator, saveTable } from "../../src/locate/openLocator.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const CITIES = [
  "1.0.0.0,1.0.0.255,AU,Queensland,,Brisbane,,-27.47,153.02,Australia/Brisbane",
  '1.0.1.0,1.0.3.255,CN,"Fujian ""East""",,"Wuyishan, old",,27.7,118.0,',
  "2a02:8100::,2a02:81ff:ffff:ffff:ffff:ffff:ffff:ffff,DE,Berlin,,Berlin,,52.5,13.4,Europe/Berlin",
].join("\n");

test("CSV ranges without column names are read by their layout, compressed or not", async () => {
  for (const path of [file("city.csv", `${CITIES}\r\n`), file("city.csv.gz", gzipSync(CITIES))]) {
    const locator = await openLocator({ databases: [path] });
    expect(locator.locate("1.0.0.255")).toMatchObject({
      country: "AU",
      city: "Brisbane",
      lat: -27.47,
      precision: "city",
      accuracyKm: 50,
    });
    expect(locator.locate("1.0.3.255")).toMatchObject({ region: 'Fujian "East"', city: "Wuyishan, old" });
    expect(locator.locate("1.0.4.0")).toBeNull();
    expect(locator.locate("2a02:8108::1")).toMatchObject({ country: "DE", timeZone: "Europe/Berlin" });
    expect(locator.locate("2a02:8200::")).toBeNull();
    expect(locator.lookup("9.9.9.9").why).toBe("not-in-database");
  }
});

test("CSV ranges are read by the names of their columns, as networks, addresses or numbers", async () => {
  const networks = "network,country,country_code,asn,as_name\n5.0.0.0/8,Syria,SY,AS29256,STE\n2400::/12,Japan,JP,,\n";
  const numbers =
    "start_ip,end_ip,country\n83886080,100663295,FR\n42540488161975842760550356425300246528,42540488161975842760550356425300312064,NL\n";
  const a = await openLocator({ databases: [file("networks.csv", networks)] });
  expect(a.lookup("5.255.255.255")).toMatchObject({
    place: { country: "SY", precision: "country" },
    network: { asn: 29256, organization: "STE" },
  });
  expect(a.locate("2400::1")).toMatchObject({ country: "JP" });
  const b = await openLocator({ databases: [file("numbers.csv", numbers)] });
  expect(b.locate("5.1.1.1")).toMatchObject({ country: "FR" });
  expect(b.locate("2001::")).toBeNull(); // Teredo's client
  expect(b.lookup("6.0.0.0").place).toBeNull();
});

test.each([
  ["out of order", "2.0.0.0,2.0.0.255,DE\n1.0.0.0,1.0.0.255,FR\n", "line 2"],
  ["overlapping", "1.0.0.0,1.0.0.255,DE\n1.0.0.255,1.0.1.0,FR\n", "line 2"],
  ["backwards", "1.0.0.9,1.0.0.1,DE\n", "line 1"],
  ["no address", "1.0.0.x,1.0.0.1,DE\n", "line 1"],
  ["of an unknown layout", "a,b,c,d,e,f\n", "6 columns"],
  ["empty", "", "empty"],
])("CSV that is %s says so, compressed or not", async (name, content, told) => {
  await expect(openLocator({ databases: [file(`${name}.csv`, content)] })).rejects.toThrow(told);
  await expect(openLocator({ databases: [file(`${name}.csv.gz`, gzipSync(content))] })).rejects.toThrow(told);
});

test("damaged gzip and missing files are unreadable, not a crash", async () => {
  const cut = gzipSync(Array.from({ length: 10 }, (_, i) => `1.0.${i}.0,1.0.${i}.255,DE\n`).join("")).subarray(0, 30);
  await expect(openLocator({ databases: [file("cut.csv.gz", cut)] })).rejects.toMatchObject({
    code: "unreadable-database",
  });
  await expect(openLocator({ databases: [join(folder, "none.csv")] })).rejects.toMatchObject({
    code: "unreadable-database",
  });
  await expect(openLocator({ databases: [join(folder, "none.mmdb")] })).rejects.toMatchObject({
    code: "unreadable-database",
  });
  await expect(
    openLocator({ databases: [], lists: [{ path: join(folder, "none"), tags: ["a"] }] }),
  ).rejects.toMatchObject({
    code: "unreadable-database",
  });
});

test("lists add their tags, the first database that knows an address its place", async () => {
  const country = file("country.csv", "1.0.0.0,1.255.255.255,NZ\n");
  const asn = file("asn.csv", '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\n');
  const vpn = file("vpn.txt", "# exits\n1.0.0.0/25\n1.0.0.64 ; one\n\n2001:ac8::/32\n");
  const tor = file("tor.csv", "fingerprint, ipaddr, port\n00FF, 1.0.0.7, 443\nFF00, nonsense, 1\n");
  const lists = [
    { path: vpn, tags: ["vpn"] },
    { path: tor, tags: ["tor", "vpn"] },
  ];
  const databases = [file("city.csv", CITIES), country, asn];
  const locator = await openLocator({ databases, lists, networks: [{ cidr: "1.0.0.7", name: "ours" }] });
  expect(locator.lookup("1.0.0.7")).toEqual({
    place: expect.objectContaining({ city: "Brisbane" }),
    network: { asn: 13335, organization: "Cloudflare, Inc.", name: "ours", tags: ["tor", "vpn"], reserved: "" },
  });
  expect(locator.lookup("1.0.0.130").network).toMatchObject({ asn: 13335, tags: [] });
  expect(locator.locate("1.9.9.9")).toMatchObject({ country: "NZ", precision: "country", accuracyKm: 500 });
  expect(locator.lookup("2001:ac8::1").network).toMatchObject({ tags: ["vpn"] });
  expect(locator.warnings).toEqual([`${tor}: 1 lines are no networks`]);
  const many = Array.from({ length: 33 }, (_, i) => ({ cidr: `10.0.0.${i}`, tags: [`tag${i}`] }));
  await expect(openLocator({ databases: [], networks: many })).rejects.toMatchObject({ code: "too-many-tags" });
});

test.skipIf(!hasSharedData("networks"))("every list of the reference data loads, and tags its networks", async () => {
  const tagged = [
    ["networks/x4bnet/vpn/ipv4.txt", "vpn"],
    ["networks/x4bnet/vpn/ipv6.txt", "vpn"],
    ["networks/x4bnet/datacenter/ipv4.txt", "hosting"],
    ["networks/x4bnet/datacenter/ipv6.txt", "hosting"],
    ["networks/tor-exits.csv", "tor"],
    ["networks/apple-proxy/ipv4_merged.txt", "relay"],
    ["networks/apple-proxy/ipv6_merged.txt", "relay"],
    ["networks/googlebot/ipv4_merged.txt", "bot"],
  ] as const;
  const lists = tagged.map(([path, tag]) => ({ path: sharedData(path), tags: [tag] }));
  const locator = await openLocator({ databases: [], lists });
  for (const [path, tag] of tagged) {
    for (const line of readFileSync(sharedData(path), "utf8").split("\n").slice(1)) {
      const ip = (path.endsWith(".csv") ? line.split(", ")[1] : line.split("/")[0]) ?? "";
      if (ip !== "") expect(locator.lookup(ip).network?.tags, `${path} ${ip}`).toContain(tag);
    }
  }
  expect(locator.warnings).toEqual([]);
});

test("a saved table answers as what it was compiled from, alone and under other sources", async () => {
  const databases = [file("city.csv", CITIES), file("asn.csv", "1.0.0.0,1.0.0.255,13335,Cloudflare\n")];
  const table = join(folder, "places.table");
  await saveTable(table, { databases });
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  const direct = await openLocator({ databases });
  const loaded = await openLocator({ databases: [table] });
  const ips = [
    "1.0.0.0",
    "1.0.0.255",
    "1.0.1.0",
    "1.0.4.0",
    "10.0.0.1",
    "2a02:8100::",
    "2a02:8200::",
    "::1",
    "fe80::1",
  ];
  for (const ip of ips) expect(loaded.lookup(ip)).toEqual(direct.lookup(ip));
  const over = await openLocator({ databases: [table], networks: [{ cidr: "1.0.0.0/25", country: "FR", name: "us" }] });
  expect(over.lookup("1.0.0.1")).toMatchObject({ place: { country: "FR" }, network: { name: "us", asn: 13335 } });
  expect(over.lookup("1.0.0.129")).toMatchObject({ place: { country: "AU" }, network: { asn: 13335 } });
  expect(over.lookup("10.0.0.1").why).toBe("private");
  // Not first: everything gets other ids than in the file.
  const under = await openLocator({ databases: [file("fr.csv", "9.0.0.0,9.0.0.255,FR\n"), table] });
  for (const ip of ips) expect(strip(under.lookup(ip))).toEqual(strip(direct.lookup(ip)));
  expect(under.locate("9.0.0.1")).toMatchObject({ country: "FR" });
});

const strip = (lookup: { place: object | null }): unknown => ({
  ...lookup,
  place: lookup.place && { ...lookup.place, id: 0 },
});

test("a saved table that is damaged anywhere, cut off or of another version is refused", async () => {
  const table = join(folder, "damaged.table");
  await saveTable(table, { databases: [file("city.csv", CITIES)] });
  const good = readFileSync(table);
  const refused = async (bytes: Uint8Array): Promise<void> => {
    await expect(openLocator({ databases: [file("bad.table", bytes)] })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:corrupt|unsupported)-database$/),
    });
  };
  for (let at = 8; at < good.length; at += Math.ceil(good.length / 60)) {
    const bytes = Uint8Array.from(good);
    bytes[at]! ^= 1;
    if (at < 28 || at >= 32) await refused(bytes);
  }
  for (const length of [0, 8, 31, 100, good.length - 1]) await refused(good.subarray(0, length));
  await refused(Buffer.concat([good, Buffer.from([0])]));
});

test("stale databases are reported, once, by the time that is given", async () => {
  const path = sharedData("mmdb/GeoLite2-City-Test.mmdb");
  if (!hasSharedData("mmdb")) return;
  const fresh = await openLocator({ databases: [path] });
  expect(fresh.warnings).toEqual([]);
  const stale = await openLocator({ databases: [path], nowMs: Date.UTC(2040, 0, 1) });
  expect(stale.warnings).toEqual([
    expect.stringMatching(/ was built \d+ days ago; a newer release places addresses better$/),
  ]);
});
