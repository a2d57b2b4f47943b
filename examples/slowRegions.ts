// Who is slow, and why: from the slowest countries down to the slice that makes them so.
//
//   npx tsx examples/slowRegions.ts [access.log]
import { Cube, openLocator, pivot, readEvents } from "geopivot";

const log = process.argv[2] ?? "data/sample.ndjson.gz";
const locator = await openLocator();
const events = await readEvents(log, { locator });
const cube = Cube.from(events, { bucketSeconds: 3600, dimensions: ["service", "version"] });

// Quantiles are within 1% of the truth, and countries with a handful of clients are left out.
console.log("\nThe slowest countries");
const slowest = pivot(cube, {
  by: ["country"],
  measures: ["p95", "p50", "count"],
  top: 8,
  topBy: "p95",
  minClients: 20,
});
slowest.print();
const country = String(slowest.get("country", 0));

// Is it one service, or one version? Then it is ours. Is it all of them? Then it is the way there.
console.log(`\n${country} by service and version`);
pivot(cube, { by: ["service", "version"], measures: ["p95", "count"], where: { country } }).print();

// Is it always so, or since when?
console.log(`\n${country} by six hours`);
pivot(cube, { by: ["time:6h"], measures: ["p50", "p95", "count"], where: { country } }).print({ limit: 20 });

// Is it one city?
console.log(`\n${country} by city`);
pivot(cube, { by: ["city"], measures: ["p95", "clients"], where: { country }, top: 8, topBy: "clients" }).print();
