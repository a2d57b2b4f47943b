// Several instances of a service, judged as one: each writes its closed buckets to a folder, one process merges them.
//
//   npx tsx examples/fleetOfMonitors.ts instance FOLDER NAME access.log
//   npx tsx examples/fleetOfMonitors.ts merge FOLDER
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLocator, readBatches } from "geopivot";
import { type BucketPart, Monitor } from "geopivot/monitor";

const [role = "", folder = "parts", name = "a", log = "data/sample.ndjson.gz"] = process.argv.slice(2);
const locator = await openLocator();

// Whole or not there: the file takes its name when it is written. After a restart the same bucket may come again.
const write = ({ instance, startMs, bytes }: BucketPart): void => {
  const file = join(folder, `${startMs}-${instance}.part`);
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
};

if (role === "instance") {
  mkdirSync(folder, { recursive: true });
  const monitor = new Monitor({ locator, instance: name, state: join(folder, `state-${name}`), onBucket: write });
  let row = 0;
  for await (const batch of readBatches(log, { locator })) {
    const { isFull } = monitor.push(batch, { source: log, offset: row });
    row += batch.length;
    if (isFull) await monitor.drained();
  }
  await monitor.finish();
}

if (role === "merge") {
  const fleet = Monitor.merge({ locator });
  const told = (async () => {
    for await (const { change, finding } of fleet.changes()) console.log(change, finding.title);
  })();
  for (const file of readdirSync(folder)
    .filter((part) => part.endsWith(".part"))
    .sort())
    fleet.push(readFileSync(join(folder, file)));
  await fleet.finish();
  await told;
}
