// Was that release worse in Brazil? Two versions that ran side by side, compared region by region.
//
//   npx tsx examples/releaseInBrazil.ts [access.log] [before] [after]
import { Cube, compare, openLocator, readEvents } from "geopivot";
import { compareMarkdown } from "geopivot/report";

const [log = "data/sample.ndjson.gz", before = "4.2.0", after = "4.3.0"] = process.argv.slice(2);
const locator = await openLocator();
const events = await readEvents(log, { locator });
const cube = Cube.from(events, { bucketSeconds: 3600, dimensions: ["version"] });

// The old version has run for longer: only hours of the day that both have seen are compared.
const comparison = compare(cube.slice({ values: { version: before } }), cube.slice({ values: { version: after } }), {
  by: ["country"],
  labels: [before, after],
  align: "hour",
});

// Every test counts against one budget of false alarms, so that a hundred countries do not make five by chance.
console.log(compareMarkdown(comparison));

const brazil = comparison.changes.filter(({ region }) => region.country === "BR");
for (const { measure, before, after, qValue, significant, direction } of brazil)
  console.log(
    `Brazil, ${measure}: ${before.toPrecision(3)} → ${after.toPrecision(3)} (${significant ? direction : "no evidence of a change"}, q ${qValue.toPrecision(2)})`,
  );
