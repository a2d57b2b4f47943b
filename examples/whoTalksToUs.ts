// Who talks to us from where: a map of the traffic that may be shown to anyone.
//
//   npx tsx examples/whoTalksToUs.ts [access.log]
import { Cube, openLocator, pivot, readBatches } from "geopivot";

const log = process.argv[2] ?? "data/sample.ndjson.gz";
const locator = await openLocator();
const cube = new Cube({ bucketSeconds: 3600, dimensions: ["service"] });
for await (const batch of readBatches(log, { locator })) cube.add(batch);

console.log("\nContinents, on weekdays");
pivot(cube, { by: ["continent"], columns: ["weekday"], measures: ["rate"], totals: true }).print();

// A region is whatever you say it is.
const market = {
  name: "market",
  of: ({ country }: { country: string }) =>
    ["DE", "AT", "CH"].includes(country) ? "DACH" : country === "" ? "?" : "rest",
};
console.log("\nMarkets");
pivot(cube, {
  by: [market, "service"],
  measures: ["count", "clients", "requests_per_client"],
  subtotals: true,
}).print();

// No row stands for fewer than ten clients: cities that do are summed, so that nobody can be picked out.
console.log("\nCities, for the wall");
pivot(cube, { by: ["country", "city"], measures: ["share", "clients"], minClients: 10, top: 10 }).print({ limit: 30 });

// The same holds for a cube that is given away. pandas, Polars and DuckDB open it.
const shared = cube.withPrivacyFloor(10).toArrow({ sketches: false });
console.log(`\n${shared.length} bytes of Arrow without an address in them`);
