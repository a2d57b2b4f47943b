// Judges a week of 5-minute buckets × 5,000 places, one live bucket, and 999 simulated maps of 281 regions.
//
//   npm run bench -- detect
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { Random } from "../src/core/random.js";
import { SequentialScan } from "../src/detect/regional/scan/sequentialScan.js";
import { zonesOf } from "../src/detect/regional/scan/zones.js";
import { coarseBin, type Traffic } from "../src/detect/regional/series/trafficColumns.js";
import { ErrorSignal } from "../src/detect/regional/signals/errorSignal.js";
import { LatencySignal } from "../src/detect/regional/signals/latencySignal.js";
import { TrafficSignal } from "../src/detect/regional/signals/trafficSignal.js";
import { LogBins } from "../src/stats/logBins.js";
import { circularScan } from "../src/stats/scan/clusterScan.js";

const PLACES = 5000;
const BUCKETS = 2016;
const BUCKET_MS = 300_000;
const DARK = { country: 7, from: 1800, to: 1812 };

const traffic = week();
const zones = zonesOf(traffic.sites);
const plain = timed(() => plainRule(traffic));
const signals = {
  drop: new TrafficSignal(traffic),
  errors: new ErrorSignal(traffic),
  latency: new LatencySignal(traffic),
};
const results: Record<string, number> = { "plain rule, ms": plain.ms };
let all = 0;
let tick = 0;
for (const [name, signal] of Object.entries(signals)) {
  const watch = new SequentialScan(signal, traffic, zones, { alarmsPerWeek: 0.05 / 3 });
  const most = timed(() => {
    for (let t = 0; t < BUCKETS - 1; t++) watch.tick();
  });
  const last = timed(() => watch.tick());
  if (name === "drop") {
    const [found] = watch.incidents;
    assert.equal(found?.zone.kind, "country", "the dark country is found");
    assert.ok(found.zone.sites.every((s) => traffic.sites.country[s] === DARK.country));
  }
  results[`${name}: a week, ms`] = most.ms + last.ms;
  results[`${name}: one bucket, ms`] = last.ms;
  all += most.ms + last.ms;
  tick += last.ms;
}
results["a week × 5,000 places, ms"] = all;
results["one live bucket, ms"] = tick;
results["a week, against the plain rule"] = all / plain.ms;
results["999 maps of 281 regions, ms"] = timed(scan).ms;

for (const [name, value] of Object.entries(results)) console.log(`${name.padEnd(36)} ${value.toFixed(1)}`);
mkdirSync("bench/results", { recursive: true });
const machine = { cpu: cpus()[0]?.model, node: process.version };
writeFileSync("bench/results/detect.json", `${JSON.stringify({ ...machine, results }, null, 2)}\n`);

/** Time of this process alone, which other work on the machine does not lengthen. */
function timed(run: () => void): { ms: number } {
  const before = process.cpuUsage();
  run();
  const used = process.cpuUsage(before);
  return { ms: (used.user + used.system) / 1000 };
}

/** 5,000 places in 60 countries, some 2 million requests with a daily rhythm; one country goes dark for an hour. */
function week(): Traffic {
  const random = new Random(5);
  const bins = new LogBins();
  const country = Uint32Array.from({ length: PLACES }, (_, p) => 1 + Math.floor(p / 84));
  const centre = Array.from({ length: 61 }, () => ({
    lat: -50 + 110 * random.next(),
    lon: -180 + 360 * random.next(),
  }));
  const lat = Float64Array.from(country, (c) => centre[c]!.lat + 4 * random.normal());
  const lon = Float64Array.from(country, (c) => centre[c]!.lon + 5 * random.normal());
  const share = Float64Array.from(country, () => random.gamma(0.7));
  const requests = new Float32Array(PLACES * BUCKETS);
  const errors = new Float32Array(PLACES * BUCKETS);
  const starts = new Uint32Array(BUCKETS + 1);
  const site: number[] = [];
  const bin: number[] = [];
  for (let t = 0; t < BUCKETS; t++) {
    for (let p = 0; p < PLACES; p++) {
      const hour = (t / 12 + lon[p]! / 15) % 24;
      const dark = country[p] === DARK.country && t >= DARK.from && t < DARK.to;
      const rate = dark ? 0 : 0.3 * share[p]! * (1 - 0.6 * Math.cos(((hour - 3) / 12) * Math.PI));
      const count = random.poisson(rate);
      requests[t * PLACES + p] = count;
      for (let k = 0; k < count; k++) {
        if (random.next() < 0.004) errors[t * PLACES + p]!++;
        site.push(p);
        bin.push(coarseBin(bins.binOf(60 * Math.exp(0.4 * random.normal()))));
      }
    }
    starts[t + 1] = site.length;
  }
  const none = new Uint32Array(PLACES);
  const region = Uint32Array.from({ length: PLACES }, (_, p) => 1 + Math.floor(p / 12));
  return {
    originMs: Date.UTC(2026, 2, 2),
    bucketMs: BUCKET_MS,
    bucketCount: BUCKETS,
    requests,
    errors,
    visits: requests,
    failed: errors,
    refused: errors,
    refusedVisits: errors,
    latency: {
      starts,
      site: Uint32Array.from(site),
      bin: Uint16Array.from(bin),
      count: new Uint32Array(site.length).fill(1),
      weight: new Float32Array(site.length).fill(1),
    },
    sites: {
      length: PLACES,
      country,
      region,
      city: Uint32Array.from(none, (_, p) => p + 1),
      lat,
      lon,
      countries: Array.from({ length: 61 }, (_, c) => `C${c}`),
      regions: Array.from({ length: 420 }, (_, r) => ({ name: `R${r}`, country: `C${1 + Math.floor((r - 1) / 7)}` })),
      cities: [],
      splits: [],
    },
  };
}

/** The yardstick: each place against the mean and the standard deviation of its past, bucket by bucket, nothing else. */
function plainRule({ requests }: Traffic): number {
  const sum = new Float64Array(PLACES);
  const square = new Float64Array(PLACES);
  let alarms = 0;
  for (let t = 0; t < BUCKETS; t++) {
    for (let p = 0; p < PLACES; p++) {
      const value = requests[t * PLACES + p]!;
      const mean = sum[p]! / Math.max(1, t);
      const sd = Math.sqrt(Math.max(0, square[p]! / Math.max(1, t) - mean * mean));
      if (t > 288 && value < mean - 5 * sd) alarms++;
      sum[p]! += value;
      square[p]! += value * value;
    }
  }
  return alarms;
}

function scan(): void {
  const random = new Random(9);
  const x = Array.from({ length: 281 }, () => random.next());
  const y = x.map(() => random.next());
  const cases = x.map((value, i) => random.poisson(Math.hypot(value - 0.5, y[i]! - 0.5) < 0.15 ? 6 : 2));
  const [first] = circularScan({ x, y }, { cases, population: x.map(() => 4000) });
  assert.equal(first?.pValue, 0.001);
}
