// Error rates by country and hour: where and when do requests fail, and how sure is that?
//
//   npx tsx examples/errorRates.ts [access.log]
import { Cube, openLocator, pivot, readBatches } from "geopivot";

// A log of four days comes with the package; any access log will do.
const log = process.argv[2] ?? "data/sample.ndjson.gz";
const locator = await openLocator();

// A cube takes events batch by batch, so a log may be larger than memory.
const cube = new Cube({ bucketSeconds: 3600 });
for await (const batch of readBatches(log, { locator })) cube.add(batch);

// The ten countries with the most errors. The interval says how far to trust a rate: 1 of 3 is not 33%.
console.log("\nErrors by country");
pivot(cube, { by: ["country"], measures: ["errors", "count", "error_rate"], top: 10, totals: true }).print();

// Their hours, each in a column of its own, on the clocks of the people there.
console.log("\nErrors by country and local hour");
pivot(cube, { by: ["country"], columns: ["hour"], measures: ["errors"], top: 10, timeZone: "local" }).print();

// One client can earn a country's errors all by itself: look before calling anyone.
console.log("\nWhose errors they are");
const { groups } = cube;
const failing = Array.from({ length: groups.length }, (_, group) => group).filter((group) => groups.errors[group]! > 0);
for (const client of cube.topClients(failing, 5).sort((a, b) => b.errors - a.errors))
  console.log(`${client.address}: ${client.errors} errors in ${client.count} requests`);
