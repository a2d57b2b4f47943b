import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { Dictionary } from "../src/core/dictionary.js";
import type { Events } from "../src/core/events.js";
import { hashHigh, hashLow } from "../src/core/hash.js";
import { NetworkTable } from "../src/core/networks.js";
import { PlaceTable } from "../src/core/places.js";
import { Random } from "../src/core/random.js";
import { DAY_MS, MINUTE_MS } from "../src/core/time.js";
import { SuspiciousDetector } from "../src/detect/suspicious/suspiciousDetector.js";
import { speedRule } from "./suspiciousRules.js";

// All detectors on, one thread, one pass. The peer is the plain rule that products ship (a Map, an object a user), which
// judges nothing but the speed between two requests, and forgets everything after each batch.
//   npm run bench -- suspicious [users ...]

const START = Date.UTC(2026, 2, 2);
const BATCH = 1 << 18;
const CITIES = 500;
const NAME_BYTES = 9;

/** Batches of requests of `users` people in 500 cities over four days; one in twenty logs in. Made one at a time. */
function* batches(users: number, total: number, seed: number): Generator<Events> {
  const random = new Random(seed);
  const places = new PlaceTable();
  for (let c = 0; c < CITIES; c++) {
    const [lat, lon] = [random.next() * 120 - 60, random.next() * 360 - 180];
    const country = String.fromCharCode(65 + ((c / 26) % 26), 65 + (c % 26));
    places.add({
      country,
      region: "",
      regionCode: "",
      city: `c${c}`,
      lat,
      lon,
      accuracyKm: 25,
      precision: "city",
      timeZone: "",
    });
  }
  const paths = Dictionary.from(["", "/", "/items", "/search", "/docs", "/app", "/login"]);
  const methods = Dictionary.from(["", "GET", "POST"]);
  const services = Dictionary.from(["", "api", "web"]);
  const networks = new NetworkTable();
  for (let done = 0; done < total; done += BATCH) {
    const n = Math.min(BATCH, total - done);
    const codes = () => new Uint32Array(n);
    const user = {
      length: n,
      low: codes(),
      high: codes(),
      bytes: new Uint8Array(n * NAME_BYTES),
      starts: codes(),
      ends: codes(),
    };
    const client = { length: n, family: new Uint8Array(n).fill(4), value: codes(), words: new Uint32Array(0) };
    const [place, path, method, service] = [codes(), codes(), codes(), codes()];
    const [timeMs, bytes, status] = [
      new Float64Array(n),
      new Float64Array(n).fill(2_000),
      new Uint16Array(n).fill(200),
    ];
    for (let i = 0; i < n; i++) {
      const u = done + i < users ? done + i : random.int(users); // everybody once, then as it comes
      const login = random.next() < 0.05;
      timeMs[i] = START + ((done + i) / total) * 4 * DAY_MS;
      client.value[i] = 0x0b000000 + u;
      place[i] = 1 + ((Math.imul(u, 0x9e3779b1) >>> 0) % CITIES);
      path[i] = login ? 6 : 1 + random.int(5);
      method[i] = login ? 2 : 1;
      service[i] = 1 + (u & 1);
      if (login && random.next() < 0.08) status[i] = 401;
      if (!login && random.next() < 0.3) continue; // nobody is named
      nameUser(user, i, u);
    }
    const dimensions = new Map([
      ["path", { codes: path, dictionary: paths }],
      ["method", { codes: method, dictionary: methods }],
      ["service", { codes: service, dictionary: services }],
    ]);
    yield {
      length: n,
      timeMs,
      client,
      place,
      network: codes(),
      status,
      latencyMs: new Float32Array(n).fill(9),
      bytes,
      user,
      dimensions,
      places,
      networks,
    };
  }
}

function nameUser(
  user: { low: Uint32Array; high: Uint32Array; bytes: Uint8Array; starts: Uint32Array; ends: Uint32Array },
  i: number,
  u: number,
): void {
  const at = i * NAME_BYTES;
  user.bytes[at] = 0x75;
  for (let k = 1, rest = u; k < NAME_BYTES; k++, rest = Math.floor(rest / 10)) user.bytes[at + k] = 48 + (rest % 10);
  user.starts[i] = at;
  user.ends[i] = at + NAME_BYTES;
  user.low[i] = hashLow(user.bytes, at, at + NAME_BYTES);
  user.high[i] = hashHigh(user.bytes, at, at + NAME_BYTES);
}

/** Moves the last eight rows of a batch's user 5 to the far side of the world: what the detector must find. */
function steal(batch: Events): void {
  const [from, n] = [batch.length - 8, batch.length];
  for (let i = from; i < n; i++) {
    nameUser(batch.user as Parameters<typeof nameUser>[0], i, 5);
    batch.place[i] =
      i < from + 2
        ? 1 + ((Math.imul(5, 0x9e3779b1) >>> 0) % CITIES)
        : 1 + farthest(batch.places, 1 + ((Math.imul(5, 0x9e3779b1) >>> 0) % CITIES));
    batch.status[i] = 200;
    batch.timeMs[i] = batch.timeMs[from]! + (i - from) * 3 * MINUTE_MS;
  }
}

function farthest(places: PlaceTable, home: number): number {
  let best = 0;
  for (let c = 0; c < CITIES; c++) {
    const away = (p: number): number =>
      Math.abs(places.lat[p]! - places.lat[home]!) + Math.abs(Math.abs(places.lon[p]! - places.lon[home]!) - 180) * -1;
    if (away(c + 1) > away(best + 1)) best = c;
  }
  return best;
}

/** Processor time, so that what else the machine does counts less. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const results: Record<string, unknown>[] = [];
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 1_000_000, 10_000_000];
for (const users of sizes) {
  const total = Math.max(2_000_000, Math.min(20_000_000, users * 2));
  const detector = new SuspiciousDetector();
  let [ms, peerMs, peerEvents, events] = [0, 0, 0, 0];
  for (const batch of batches(users, total, 1)) {
    if (events + batch.length >= total) steal(batch);
    const began = cpuMs();
    detector.push(batch);
    ms += cpuMs() - began;
    events += batch.length;
    const peerBegan = cpuMs();
    speedRule(batch);
    peerMs += cpuMs() - peerBegan;
    peerEvents += batch.length;
  }
  const began = cpuMs();
  detector.finish();
  const found = detector.findings();
  const findingsMs = cpuMs() - began;
  assert.deepEqual(
    found.filter((f) => f.severity !== "low" && f.severity !== "info").map((f) => f.users),
    [["u50000000"]],
    "the stolen account and nothing else",
  );
  const known = detector.users;
  const row = {
    users,
    known: known.size,
    events,
    millionEventsPerSecond: Math.round(events / ms / 10) / 100,
    timesThePlainRule: peerMs > 0 ? Math.round((peerMs / peerEvents / (ms / events)) * 100) / 100 : null,
    storeMegabytes: Math.round(known.store.byteLength / 1e6),
    bytesPerUser: Math.round(known.store.byteLength / known.size),
    findingsMs: Math.round(findingsMs),
  };
  console.log(row);
  results.push(row);
}
mkdirSync("bench/results", { recursive: true });
const about = { cpu: cpus()[0]?.model, node: process.version, results };
writeFileSync("bench/results/suspicious.json", `${JSON.stringify(about, null, 2)}\n`);
