import maxmind, { type CityResponse } from "maxmind";
import { expect, test } from "vitest";
import { ipv4Text } from "../../src/core/addressColumn.js";
import { Random } from "../../src/core/random.js";
import { Locator } from "../../src/locate/locator.js";
import { openLocator } from "../../src/locate/openLocator.js";
import type { UserNetwork } from "../../src/locate/sources/userNetworks.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

const CITY = "mmdb/GeoLite2-City-Test.mmdb";

test.skipIf(!hasSharedData(CITY))("a city database answers as maxmind does", async () => {
  const path = sharedData(CITY);
  const locator = await openLocator({ databases: [path] });
  const reader = await maxmind.open<CityResponse>(path);
  const random = new Random(1);
  const addresses = ["81.2.69.142", "2001:218::1", "89.160.20.112", "::ffff:81.2.69.142", "2002:5102:458e::"];
  for (let i = 0; i < 20000; i++) addresses.push(ipv4Text(random.uint32()));
  for (const ip of addresses) {
    const expected = reader.get(ip.replace("::ffff:", ""));
    const place = locator.locate(ip);
    expect([place?.country, place?.city, place?.lat, place?.accuracyKm]).toEqual(
      expected?.location === undefined
        ? [undefined, undefined, undefined, undefined]
        : [
            expected.country?.iso_code ?? "",
            expected.city?.names.en ?? "",
            expected.location.latitude,
            expected.location.accuracy_radius,
          ],
    );
  }
});

test("a user's network has its place and name; special-purpose addresses their reason", async () => {
  const locator = await openLocator({
    databases: [],
    networks: [
      {
        cidr: "10.8.0.0/16",
        name: "Berlin office",
        country: "de",
        city: "Berlin",
        lat: 52.52,
        lon: 13.405,
        tags: ["office"],
      },
      { cidr: ["10.8.9.0/24", "2001:db8:1::/48"], name: "exit", tags: ["vpn"] },
    ],
  });
  expect(locator.locate("10.8.1.2")).toEqual({
    ...{ id: 1, country: "DE", region: "", regionCode: "", city: "Berlin", lat: 52.52, lon: 13.405 },
    ...{ accuracyKm: 1, precision: "city", timeZone: "" },
  });
  expect(locator.lookup("10.8.1.2").network).toMatchObject({ name: "Berlin office", tags: ["office"], reserved: "" });
  expect(locator.lookup("10.8.9.1")).toMatchObject({
    place: null,
    network: { name: "exit", tags: ["vpn"] },
    why: "private",
  });
  expect(locator.lookup("2001:db8:1::5")).toMatchObject({ network: { name: "exit" }, why: "documentation" });
  expect(locator.lookup("10.9.0.1")).toMatchObject({ place: null, why: "private" });
  expect(locator.lookup("::1")).toMatchObject({ place: null, why: "loopback" });
  expect(locator.lookup("8.8.8.8")).toMatchObject({ place: null, network: null, why: "no-ipv4-database" });
  expect(locator.lookup("2600::1")).toMatchObject({ place: null, network: null, why: "no-ipv6-database" });
  expect(locator.lookup("10.8.0.1.5")).toEqual({ place: null, network: null, why: "bad-address" });
});

test("columns of addresses give the same as one at a time", async () => {
  const locator = await openLocator({ databases: [], networks: [{ cidr: "10.0.0.0/9", country: "FR" }] });
  const addresses = ["10.0.0.1", "10.128.0.0", "bad", "2002:0a00:0001::", "::ffff:10.127.255.255", "fe80::1%eth0"];
  const placeIds = new Uint32Array(6);
  const networkIds = new Uint32Array(6);
  locator.locateAll(addresses, placeIds, networkIds);
  expect([...placeIds]).toEqual([1, 0, 0, 1, 1, 0]);
  const offsets = Uint32Array.from([0, ...addresses.map((_, i) => addresses.slice(0, i + 1).join("").length)]);
  const [places, networks] = [new Uint32Array(6), new Uint32Array(6)];
  locator.locateBytes(Buffer.from(addresses.join("")), offsets, places, networks);
  expect([places, networks]).toEqual([placeIds, networkIds]);
  expect([...networkIds].map((id) => locator.networks.at(id)?.reserved)).toEqual(
    addresses.map((ip) => locator.lookup(ip).network?.reserved),
  );
});

test("a share answers in another thread as the locator does", async () => {
  const networks = [{ cidr: "10.0.0.0/9", country: "FR", city: "Orléans", tags: ["office"] }];
  const locator = await openLocator({ databases: [], networks });
  const shared = Locator.fromShare(structuredClone(locator.share()));
  for (const ip of ["10.0.0.1", "10.128.0.0", "::1", "8.8.8.8"]) expect(shared.lookup(ip)).toEqual(locator.lookup(ip));
  expect(shared.places.cities.find("Orléans")).toBe(locator.places.cities.find("Orléans"));
  expect(shared.places.cities.values).toEqual(locator.places.cities.values);
});

test.each([
  [{}, "cidr"],
  [null, "cidr"],
  [{ cidr: 5 }, "cidr"],
  [{ cidr: "10.0.0.0/8", name: 5 }, "name"],
  [{ cidr: "10.0.0.0/8", lat: "52" }, "lat"],
  [{ cidr: "10.0.0.0/8", tags: [1] }, "tags"],
  [{ cidr: "10.0.0.0/8", country: "Germany" }, "alpha-2"],
  [{ cidr: "10.0.0.0/8", lat: 91, lon: 0 }, "out of range"],
  [{ cidr: "10.0.0.1/8" }, "bits are set"],
])("a user's network that is %j is refused", async (network, told) => {
  const networks = [network as unknown as UserNetwork];
  await expect(openLocator({ databases: [], networks })).rejects.toThrow(told);
});
