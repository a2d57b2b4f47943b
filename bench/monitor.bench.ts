import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Dictionary } from "../src/core/dictionary.js";
import type { Events } from "../src/core/events.js";
import { hash32 } from "../src/core/hash32.js";
import { NetworkTable } from "../src/core/networks.js";
import { PlaceTable } from "../src/core/places.js";
import { Random } from "../src/core/random.js";
import { Monitor } from "../src/monitor/monitor.js";

// A monitor with all detectors on: events a second, how long a tick takes, how long it keeps the event loop, what it holds
// and writes. Times are of the processor, not on the wall: how busy the machine is changes them less. Events a second are put beside JSON.parse on the same events as lines. How long the loop is held is
// watched in every fourth bucket alone, whose time does not count: to look at it takes time.
//   npm run bench -- monitor [--places 5000] [--hours 48] [--perBucket 15000]

const START = Date.UTC(2026, 2, 2);
const BUCKET_MS = 300_000;
const NAME_BYTES = 7;

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const places = option("places", 5_000);
const hours = option("hours", 48);
const perBucket = option("perBucket", 15_000);

function worldOf(count: number): PlaceTable {
  const random = new Random(1);
  const table = new PlaceTable();
  for (let c = 0; c < count; c++) {
    const nation = c % 120;
    table.add({
      country: String.fromCharCode(65 + Math.floor(nation / 26), 65 + (nation % 26)),
      region: `r${nation}-${c % 7}`,
      regionCode: "",
      city: `c${c}`,
      lat: ((nation % 12) - 5.5) * 10 + 8 * random.next(),
      lon: (Math.floor(nation / 12) - 4.5) * 30 + 20 * random.next(),
      accuracyKm: 25,
      precision: "city",
      timeZone: "UTC",
    });
  }
  return table;
}

/** Requests of a bucket, in time order: cities differ by a factor of thirty, one in two hundred requests fails. */
function bucketOf(
  number: number,
  table: PlaceTable,
  networks: NetworkTable,
  service: Dictionary,
  random: Random,
): Events {
  const n = perBucket;
  const place = new Uint32Array(n);
  const [value, low, high] = [new Uint32Array(n), new Uint32Array(n), new Uint32Array(n)];
  const bytes = new Uint8Array(NAME_BYTES * n);
  for (let i = 0; i < n; i++) {
    place[i] = 1 + Math.floor(places * random.next() ** 3);
    value[i] = 0x50000000 + 64 * place[i]! + random.int(64);
    low[i] = hash32(1, value[i]!);
    high[i] = hash32(2, value[i]!);
    for (let k = 0; k < NAME_BYTES; k++) bytes[NAME_BYTES * i + k] = 97 + ((value[i]! >>> (4 * k)) & 15);
  }
  const starts = Uint32Array.from({ length: n }, (_, i) => NAME_BYTES * i);
  return {
    length: n,
    timeMs: Float64Array.from({ length: n }, (_, i) => START + number * BUCKET_MS + (i * BUCKET_MS) / n),
    client: { length: n, family: new Uint8Array(n).fill(4), value, words: new Uint32Array(0) },
    place,
    network: new Uint32Array(n),
    status: Uint16Array.from({ length: n }, () => (random.next() < 0.005 ? 503 : 200)),
    latencyMs: Float32Array.from({ length: n }, () => 40 + 60 * random.next()),
    bytes: new Float64Array(n).fill(1_000),
    user: { length: n, low, high, bytes, starts, ends: starts.map((start) => start + NAME_BYTES) },
    dimensions: new Map([["service", { dictionary: service, codes: place.map((p) => 1 + (p % 3)) }]]),
    places: table,
    networks,
  };
}

/** Some events as lines of a log. */
function linesOf({ length, timeMs, client, status, latencyMs, dimensions }: Events, most: number): string[] {
  const { codes, dictionary } = dimensions.get("service")!;
  return Array.from({ length: Math.min(length, most) }, (_, i) => {
    const ip = [24, 16, 8, 0].map((shift) => (client.value[i]! >>> shift) & 255).join(".");
    const service = dictionary.value(codes[i]!);
    return JSON.stringify({ ts: timeMs[i], ip, status: status[i], latency_ms: latencyMs[i], user: `u${i}`, service });
  });
}

const [table, networks, service] = [worldOf(places), new NetworkTable(), Dictionary.from(["", "api", "web", "shop"])];
const state = mkdtempSync(join(tmpdir(), "bench-monitor-"));
const monitor = new Monitor({
  locator: { places: table, networks, locateColumn: () => {} },
  state,
  historySeconds: 26 * 3_600,
  clock: threadMs,
});
const random = new Random(2);
const buckets = (hours * 3_600_000) / BUCKET_MS;
/** Time of the processor that this thread had, in milliseconds; where that is not told, that of all threads. */
function threadMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return cpuMs();
  }
}
/** Time of the processor that all threads had, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** How long the loop was held between two of its turns, by this thread's time. */
const holds: number[] = [];
let isWatching = false;
function watchLoop(): void {
  let last = threadMs();
  const turn = (): void => {
    const now = threadMs();
    holds.push(now - last);
    last = now;
    if (isWatching) setImmediate(turn);
  };
  isWatching = true;
  setImmediate(turn);
}

let [spentMs, allMs, timed, residentAtTenth, parseMs, parsed] = [0, 0, 0, 0, 0, 0];
for (let number = 0; number < buckets; number++) {
  const events = bucketOf(number, table, networks, service, random);
  const isWatched = number % 4 === 0;
  if (isWatched) watchLoop();
  const [begun, allBegun] = [threadMs(), cpuMs()];
  monitor.push(events, { source: "bench", offset: number * perBucket });
  await monitor.flush();
  if (!isWatched) {
    spentMs += threadMs() - begun;
    allMs += cpuMs() - allBegun;
    timed += events.length;
  }
  isWatching = false;
  await new Promise((resolve) => setImmediate(resolve));
  if (number % 50 === 10) {
    const lines = linesOf(events, 20_000);
    const before = threadMs();
    for (const line of lines) JSON.parse(line);
    parseMs += threadMs() - before;
    parsed += lines.length;
  }
  if (number === Math.floor(buckets / 10)) residentAtTenth = process.memoryUsage.rss();
}
const health = monitor.health();
await monitor.close();
assert.equal(health.accepted, buckets * perBucket); // never time what lost something
const size = readdirSync(state).map((name) => [name, statSync(join(state, name)).size] as const);
const [begun, wallMs] = [threadMs(), performance.now()];
const again = new Monitor({
  locator: { places: table, networks, locateColumn: () => {} },
  state,
  historySeconds: 26 * 3_600,
});
const [restoreMs, restoreWallMs] = [threadMs() - begun, performance.now() - wallMs];
await again.close();
rmSync(state, { recursive: true });

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const ofKind = (kind: string): string =>
  mb(size.filter(([name]) => name.startsWith(kind)).reduce((sum, [, bytes]) => sum + bytes, 0));
console.log(`${places} places, ${hours} h, ${perBucket} events a bucket of 5 min`);
const [rate, parseRate] = [(1000 * timed) / spentMs, (1000 * parsed) / parseMs];
console.log(
  `${Math.round(rate)} events/s on the monitor's thread, ${(rate / parseRate).toFixed(2)} of JSON.parse on their lines`,
);
console.log(`${Math.round((1000 * timed) / allMs)} events/s by all threads' time, what packs the state included`);
console.log(
  `a bucket closed and judged: p99 ${health.tickMs!.p99.toFixed(1)} ms, longest ${health.tickMs!.max.toFixed(1)} ms`,
);
holds.sort((a, b) => a - b);
const held = (share: number): string => holds[Math.floor(share * (holds.length - 1))]!.toFixed(1);
console.log(`event loop held: p99 ${held(0.99)} ms, p99.9 ${held(0.999)} ms, longest ${held(1)} ms`);
console.log(`resident ${mb(residentAtTenth)} after a tenth, ${mb(process.memoryUsage.rss())} at the end`);
console.log(`state: snapshot ${ofKind("snapshot")}, buckets ${ofKind("buckets")}, journal ${ofKind("journal")}`);
console.log(
  `restored in ${Math.round(restoreMs)} ms (${Math.round(restoreWallMs)} on the wall), journal of users and addresses included`,
);
