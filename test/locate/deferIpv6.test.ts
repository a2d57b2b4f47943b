import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IPV4, IPV6 } from "../../src/core/addressColumn.js";
import { Locator } from "../../src/locate/locator.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { type MmdbSpec, writeMmdb } from "./writeMmdb.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const flat = (country_code: string, city: string) => ({ country_code, city, latitude: 50, longitude: 8 });
const four: MmdbSpec = { ipVersion: 4, networks: [["81.2.69.0/24", flat("GB", "London")]] };
const six: MmdbSpec = {
  networks: [
    ["2600:1f00::/32", flat("US", "Ashburn")],
    ["2a02:8100:1::/48", flat("DE", "Frankfurt")],
    ["2a02:8100:1:8::/64", flat("GB", "London")],
  ],
};
const networks = [{ cidr: ["10.1.0.0/16", "fd00:1::/32"], name: "office", country: "FR" }];
const asked = [
  "81.2.69.1",
  "2600:1f00::1",
  "2a02:8100:1::1",
  "2a02:8100:1:8::1",
  "fd00:1::9",
  "10.1.2.3",
  "::1",
  "9.9.9.9",
];

const column = {
  length: 2,
  family: Uint8Array.of(IPV4, IPV6),
  value: Uint32Array.of(0x51024501, 0),
  words: Uint32Array.of(0x26001f00, 0, 0, 1),
};

test("what is deferred answers as what is not, whichever way it is first asked for", async () => {
  const databases = [file("4.mmdb", writeMmdb(four)), file("6.mmdb", writeMmdb(six))];
  const whole = await openLocator({ databases, networks });
  const expected = asked.map((ip) => ({ ...whole.lookup(ip), place: whole.locate(ip)?.city ?? null }));
  expect(expected.slice(0, 4).map(({ place }) => place)).toEqual(["London", "Ashburn", "Frankfurt", "London"]);

  const answers = (locator: Locator) =>
    asked.map((ip) => ({ ...locator.lookup(ip), place: locator.locate(ip)?.city ?? null }));
  const one = await openLocator({ databases, networks, deferIpv6: true });
  const london = one.locate("81.2.69.1")!.id;
  const before = one.places.length;
  expect(answers(one)).toEqual(expected);
  expect(one.places.length).toBeGreaterThan(before);
  expect(one.locate("2a02:8100:1:8::1")!.id).toBe(london);

  const batch = await openLocator({ databases, networks, deferIpv6: true });
  const ids = new Uint32Array(2);
  batch.locateColumn(column, ids);
  expect([...ids].map((id) => batch.places.at(id)?.city)).toEqual(["London", "Ashburn"]);

  const shared = await openLocator({ databases, networks, deferIpv6: true });
  expect(answers(Locator.fromShare(structuredClone(shared.share())))).toEqual(expected);
});

test("a file with IPv4 networks is not deferred, and a bad one is told of at once", async () => {
  const both: MmdbSpec = { networks: [...four.networks, ...six.networks] };
  const locator = await openLocator({ databases: [file("both.mmdb", writeMmdb(both))], deferIpv6: true });
  const { length } = locator.places;
  expect(locator.locate("2600:1f00::1")).toMatchObject({ city: "Ashburn" });
  expect(locator.places.length).toBe(length);
  const cut = file("cut.mmdb", writeMmdb(six).subarray(200));
  await expect(openLocator({ databases: [cut], deferIpv6: true })).rejects.toMatchObject({ code: "corrupt-database" });
});

test("a file that is damaged within is refused when its networks are first asked for, each time", async () => {
  const bytes = Buffer.from(writeMmdb(six));
  bytes.fill(0x1f, bytes.indexOf("country_code") - 1, bytes.indexOf("country_code"));
  const databases = [file("4.mmdb", writeMmdb(four)), file("damaged.mmdb", bytes)];
  await expect(openLocator({ databases })).rejects.toMatchObject({ code: "corrupt-database" });
  const locator = await openLocator({ databases, deferIpv6: true });
  expect(locator.locate("81.2.69.1")).toMatchObject({ city: "London" });
  for (let i = 0; i < 2; i++) {
    expect(() => locator.locate("2600:1f00::1")).toThrow(expect.objectContaining({ code: "corrupt-database" }));
  }
  expect(locator.locate("81.2.69.1")).toMatchObject({ city: "London" });
});
