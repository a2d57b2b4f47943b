// npm run sample: makes the sample log that `npm run demo` analyses, and the truth that the tests hold its findings against.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { openLocator } from "../src/locate/openLocator.js";
import { checkTrafficSpec, simulateTraffic } from "../src/simulate/index.js";

const data = new URL("../data/", import.meta.url);
const spec = checkTrafficSpec(JSON.parse(readFileSync(new URL("sample.spec.json", data), "utf8")));
const locator = await openLocator();
const { requests, incidents } = simulateTraffic(spec, locator);
const lines = Array.from(requests, (request) => JSON.stringify(request));
const packed = gzipSync(`${lines.join("\n")}\n`, { level: 9 });
writeFileSync(new URL("sample.ndjson.gz", data), packed);
writeFileSync(new URL("sample.truth.json", data), `${JSON.stringify({ events: lines.length, incidents }, null, 1)}\n`);
console.log(`${lines.length} requests, ${incidents.length} incidents, ${(packed.length / 1e6).toFixed(1)} MB`);
