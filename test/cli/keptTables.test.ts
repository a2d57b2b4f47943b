import { appendFile, copyFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheFolder, KeptTables, keyOf } from "../../src/cli/input/keptTables.js";
import { type CompiledDatabases, openLocator } from "../../src/locate/openLocator.js";
import { writeMmdb } from "../locate/writeMmdb.js";

let folder: string;
let city: string;
let ipv6: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-"));
  city = join(folder, "city4.mmdb");
  ipv6 = join(folder, "city6.mmdb");
  const place = (name: string) => ({ country: { iso_code: "DE" }, city: { names: { en: name } } });
  await writeFile(city, writeMmdb({ networks: [["81.2.69.0/24", place("Berlin")]], ipVersion: 4 }));
  await writeFile(ipv6, writeMmdb({ networks: [["2a02::/16", place("Bonn")]], ipVersion: 6 }));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Opens databases as a command does that finds nothing kept, and what it would keep. */
async function compiled(databases: readonly string[]): Promise<CompiledDatabases> {
  let found: CompiledDatabases | undefined;
  await openLocator({ databases, deferIpv6: true, onCompiled: (one) => (found = one) });
  return found!;
}

test("what was compiled is found again, and answers as the databases do", async () => {
  const tables = new KeptTables(join(folder, "cache"));
  const databases = [city, ipv6];
  expect(await tables.find(databases)).toBeUndefined();
  expect(await tables.keep(await keyOf(databases), databases, await compiled(databases))).toBeGreaterThan(0);
  const found = await tables.find(databases);
  expect(found).toEqual([expect.stringMatching(/\.table$/), ipv6]);
  const [plain, kept] = [await openLocator({ databases }), await openLocator({ databases: found!, deferIpv6: true })];
  for (const ip of ["81.2.69.1", "81.3.0.1", "2a02::1", "10.0.0.1", "fe80::1", "2001:db8::1"])
    expect(kept.lookup(ip), ip).toEqual(plain.lookup(ip));
  expect(kept.attributions).toEqual(plain.attributions);
});

test("once an IPv6 address was asked for, what was deferred is kept, too", async () => {
  const tables = new KeptTables(join(folder, "cache"));
  const databases = [city, ipv6];
  const key = await keyOf(databases);
  const asked = ["81.2.69.1", "81.3.0.1", "2a02::1", "10.0.0.1", "fe80::1", "2001:db8::1"];
  const plain = await openLocator({ databases });
  // First as databases, then as a table beside the one that was deferred.
  for (let round = 0; round < 2; round++) {
    const told: CompiledDatabases[] = [];
    const opened = (await tables.find(databases)) ?? databases;
    const locator = await openLocator({ databases: opened, deferIpv6: true, onCompiled: (one) => told.push(one) });
    if (round === 0) await tables.keep(key, databases, told[0]!);
    locator.lookup("2a02::1");
    const whole = told.at(-1)!;
    expect(whole.deferred).toEqual([]);
    expect(told).toHaveLength(2 - round);
    const cache = new KeptTables(join(folder, `cache${round}`));
    expect(await cache.keep(key, databases, whole)).toBeGreaterThan(0);
    const found = (await cache.find(databases))!;
    expect(found).toEqual([expect.stringMatching(/\.table$/)]);
    const kept = await openLocator({ databases: found, deferIpv6: true });
    for (const ip of asked) expect(kept.lookup(ip), `${ip} ${round}`).toEqual(plain.lookup(ip));
  }
});

test("a database that was changed, or another order of them, is another table", async () => {
  const tables = new KeptTables(join(folder, "cache"));
  const databases = [city, ipv6];
  await tables.keep(await keyOf(databases), databases, await compiled(databases));
  expect(await tables.find([ipv6, city])).toBeUndefined();
  await utimes(city, new Date(), new Date(Date.now() - 5000));
  expect(await tables.find(databases)).toBeUndefined();
});

test("a database that changed while it was compiled is not kept", async () => {
  const tables = new KeptTables(join(folder, "cache"));
  const key = await keyOf([city]);
  const before = await compiled([city]);
  await appendFile(city, "x");
  expect(await tables.keep(key, [city], before)).toBe(0);
  expect(await readdir(join(folder, "cache"))).toEqual([]);
});

test("a table cut short is not found; what is forgotten neither", async () => {
  const cache = join(folder, "cache");
  const tables = new KeptTables(cache);
  await tables.keep(await keyOf([city]), [city], await compiled([city]));
  const [table] = (await tables.find([city]))!;
  const whole = await readFile(table!);
  await writeFile(table!, whole.subarray(0, 100));
  expect(await tables.find([city])).toBeUndefined();
  await writeFile(table!, whole);
  expect(await tables.find([city])).toEqual([table]);
  await tables.forget([city]);
  expect(await tables.find([city])).toBeUndefined();
});

test("the tables used longest ago go first, and what was left half written goes", async () => {
  const cache = join(folder, "cache");
  const tables = new KeptTables(cache);
  await tables.keep(await keyOf([city]), [city], await compiled([city]));
  const [first] = (await tables.find([city]))!;
  await utimes(first!, new Date(0), new Date(0));
  await writeFile(join(cache, "x.tmp"), "");
  await utimes(join(cache, "x.tmp"), new Date(0), new Date(0));
  const other = join(folder, "other.mmdb");
  await copyFile(city, other);
  const small = new KeptTables(cache, (await stat(first!)).size + 100);
  await small.keep(await keyOf([other]), [other], await compiled([other]));
  expect(await tables.find([city])).toBeUndefined();
  expect(await tables.find([other])).toBeDefined();
  expect((await readdir(cache)).length).toBe(2);
});

test("a folder that cannot be written, or is none, costs nothing but the time to compile", async () => {
  await writeFile(join(folder, "file"), "");
  for (const cache of [join(folder, "file"), join(folder, "file", "below")]) {
    const tables = new KeptTables(cache);
    expect(await tables.keep(await keyOf([city]), [city], await compiled([city]))).toBe(0);
    expect(await tables.find([city])).toBeUndefined();
  }
});

test("a table that others share holds no networks of the user's own", async () => {
  let called = 0;
  const networks = [{ cidr: "10.8.0.0/16", name: "office", country: "DE", lat: 52.5, lon: 13.4 }];
  await openLocator({ databases: [city], networks, onCompiled: () => called++ });
  expect(called).toBe(0);
});

test("two that keep the same at once leave one whole table", async () => {
  const tables = new KeptTables(join(folder, "cache"));
  const [key, one] = [await keyOf([city]), await compiled([city])];
  const bytes = await Promise.all([tables.keep(key, [city], one), tables.keep(key, [city], one)]);
  expect(Math.max(...bytes)).toBeGreaterThan(0);
  const locator = await openLocator({ databases: (await tables.find([city]))! });
  expect(locator.locate("81.2.69.1")?.city).toBe("Berlin");
});

test("the cache lies where the user's caches lie", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/var/cache/me" })).toBe("/var/cache/me/geopivot");
  expect(cacheFolder({ XDG_CACHE_HOME: "relative" })).toMatch(/\.cache\/geopivot$/);
});
