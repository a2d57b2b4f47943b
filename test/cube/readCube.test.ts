import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ipv6Text } from "../../src/core/addressColumn.js";
import { nameText } from "../../src/core/nameColumn.js";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import type { CubeOptions } from "../../src/cube/cubeOptions.js";
import { type ReadCubeOptions, readCube } from "../../src/cube/readCube.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { workerUrl } from "../../src/read/parallel/workerUrl.js";
import { readBatches } from "../../src/read/readBatches.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-readcube-"));
afterAll(() => rmSync(folder, { recursive: true }));

const START_MS = Date.UTC(2026, 2, 2);
const BYTES = 14_000_000;

/** A log of every kind of line, whose places, values and clients go on becoming more; `times` gives each line's. */
function writeLog(name: string, times: (i: number) => number): string {
  const random = new Random(7);
  const parts: string[] = [];
  for (let i = 0, size = 0; size < BYTES; i++) {
    const kind = random.int(100);
    const known = 1 + Math.floor(size / 100_000);
    const ip =
      kind < 20
        ? ipv6Text(0x20010db8, random.int(known) << 16, 0, random.int(5))
        : `10.${random.int(known)}.${random.int(4)}.${random.int(250)}`;
    const user = kind % 3 === 0 ? "" : `,"user":"u${random.int(3000)}"`;
    const service = i > 20_000 ? `,"service":"s${random.int(known)}"` : "";
    const path = `/p/${random.int(2 * known)}-${"x".repeat(random.int(60))}`;
    const line =
      kind === 1
        ? '{"ts":1,"ip":"nowhere"}'
        : `{"ts":${times(i)},"ip":"${ip}","status":${200 + random.int(320)},"latency_ms":${random.int(900) / 4}${user}${service},"path":"${path}"}`;
    parts.push(line);
    size += line.length + 1;
  }
  const file = join(folder, name);
  writeFileSync(file, parts.join("\n"));
  return file;
}

const inOrder = writeLog("order.ndjson", (i) => START_MS + i * 700);
const shuffled = writeLog("shuffled.ndjson", (i) => START_MS + ((i * 7919) % 100_003) * 900);

/** Several networks have each place, so that different place ids share a row. */
const locator = await openLocator({
  networks: Array.from({ length: 250 }, (_, i) => [
    { cidr: `10.${i}.0.0/16`, name: `net ${i}`, country: "DE", city: `c${i % 90}`, lat: 50 + (i % 90) / 20, lon: 9 },
    {
      cidr: `2001:db8:${i.toString(16)}::/48`,
      name: `six ${i % 50}`,
      country: "FR",
      city: `f${i % 40}`,
      lat: 45,
      lon: 2,
    },
  ]).flat(),
});

async function byBatches(file: string, options: CubeOptions) {
  const { dimensions = [] } = options;
  const batches = readBatches(file, { locator, dimensions, maxDimensionValues: 100 });
  const cube = new Cube(options);
  for await (const batch of batches) cube.add(batch);
  return { cube, report: batches.report };
}

function read(file: string, workers: number, cube: CubeOptions, more: Partial<ReadCubeOptions> = {}) {
  let isFirst = true;
  const onProgress = () => {
    // The other threads need a while to start.
    if (isFirst && workers > 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    isFirst = false;
  };
  return readCube(file, { locator, maxDimensionValues: 100, workers, minWorkerBytes: 0, cube, onProgress, ...more });
}

/** Everything that a cube answers, what is long as a hash; what a group lists, in an order of its own. */
function contents(cube: Cube) {
  const { groups, places } = cube;
  const columns = [groups.bucket, groups.place, ...groups.codes, groups.count, groups.errors, groups.clientErrors];
  const { latencies, users } = cube.segment;
  return {
    numbers: [...columns, groups.denied, groups.bytes, cube.segment.latencies.count].map((column) =>
      hashed([...column]),
    ),
    times: [cube.firstTimeMs, cube.lastTimeMs, cube.originMs, cube.bucketCount, cube.outside],
    dimensions: cube.dimensions.map(({ name, dictionary, overflowed }) => ({
      ...{ name, overflowed, values: dictionary.values },
    })),
    places: [places.country, places.city, places.lat, places.cellLow].map((column) => [
      ...column.slice(0, places.length),
    ]),
    names: [places.countries.values, places.cities.values, places.regions.values],
    latencies: lists(latencies.start, latencies.words),
    users: lists(users.start, users.low),
    clients: hashed(
      Array.from({ length: groups.length }, (_, g) => cube.topClients([g], 5000)).map((clients) =>
        clients.map(({ address, count, errors }) => `${address} ${count} ${errors}`).sort(),
      ),
    ),
  };
}

function lists(start: Uint32Array, values: Uint16Array | Uint32Array): string {
  const sorted = (g: number): string => [...values.slice(start[g]!, start[g + 1]!).sort()].join();
  return hashed(Array.from({ length: start.length - 1 }, (_, g) => sorted(g)));
}

function hashed(value: readonly unknown[]): string {
  return `${value.length} ${createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16)}`;
}

const everything: CubeOptions = { bucketSeconds: 3600, dimensions: ["service", "status_class", "network", "missing"] };
const many: CubeOptions = { bucketSeconds: 7200, dimensions: ["path"], maxValues: 60, measures: ["clients"] };
const window: CubeOptions = { fromMs: START_MS + 10_000_000, toMs: START_MS + 30_000_000, dimensions: ["status"] };

test("one thread gives the cube of all batches", async () => {
  const { cube, report } = await byBatches(inOrder, window);
  const one = await read(inOrder, 1, window);
  expect(contents(one.cube)).toEqual(contents(cube));
  expect(one.report).toEqual(report);
}, 60_000);

test.each([
  [
    "combined",
    (name: string, i: number) =>
      `10.1.${i % 4}.${i % 250} - ${name} [02/Mar/2026:00:00:10 +0000] "GET / HTTP/1.1" 200 5`,
  ],
  ["csv", (name: string, i: number) => (i === 0 ? "ts,ip,user" : `1772409600,10.1.${i % 4}.${i % 250},"${name}"`)],
  [
    "ndjson",
    (name: string, i: number) => `{"ts":1772409600,"ip":"10.1.${i % 4}.${i % 250}","user":"${name}","n":[${i}]}`,
  ],
])("users of a %s log are counted where nobody reads their names", async (format, lineOf) => {
  const random = new Random(3);
  const name = (): string => (random.int(4) === 0 ? "-" : `user-${"x".repeat(random.int(40))}-${random.int(300)}`);
  const file = join(folder, `users.${format}`);
  writeFileSync(file, Array.from({ length: 5000 }, (_, i) => `${lineOf(name(), i)}\n`).join(""));
  const { cube, report } = await readCube(file, { locator, cube: {} });
  expect(report.events).toBeGreaterThan(4990);
  expect(cube.segment.users.low.length).toBeGreaterThan(1000);
  expect(contents(cube)).toEqual(contents((await byBatches(file, {})).cube));
});

describe.skipIf(workerUrl("cubeWorker.cjs") === undefined)("threads (after npm run build)", () => {
  test.each([
    ["in order", inOrder, everything],
    ["in no order", shuffled, everything],
    ["with more values than are kept apart", inOrder, many],
    ["with events outside its window", inOrder, window],
  ])("give the cube of a log %s that one thread gives", { timeout: 120_000 }, async (_, file, options) => {
    const one = await byBatches(file, options);
    const expected = contents(one.cube);
    for (const workers of [2, 3]) {
      const { cube, report } = await read(file, workers, options);
      expect(report).toEqual(one.report);
      expect(contents(cube)).toEqual(expected);
    }
  });

  test("show all events in their order", { timeout: 60_000 }, async () => {
    const seen = async (workers: number) => {
      let rows = 0;
      const times: number[] = [];
      const services: string[] = [];
      const users: string[] = [];
      const onBatch: ReadCubeOptions["onBatch"] = ({ timeMs, user, dimensions, length }) => {
        const first = -rows & 63;
        rows += length;
        for (let i = first; i < length; i += 64) times.push(timeMs[i]!);
        for (let i = first; i < length; i += 64) users.push(nameText(user, i));
        const { codes, dictionary } = dimensions.get("service") ?? { codes: [], dictionary: undefined };
        for (let i = first; i < length; i += 64) services.push(dictionary?.value(codes[i]!) ?? "");
      };
      const { cube } = await read(shuffled, workers, everything, { onBatch });
      expect(users.filter((name) => /^u\d+$/.test(name)).length).toBeGreaterThan(users.length / 2);
      return { rows, times, services, users, cube: contents(cube) };
    };
    expect(await seen(2)).toEqual(await seen(1));
  });

  test("choose what to keep by the first events", { timeout: 60_000 }, async () => {
    let asked = 0;
    const cube: ReadCubeOptions["cube"] = (first) => {
      asked++;
      expect(Array.from({ length: 50 }, (_, row) => nameText(first!.user, row)).join()).toMatch(/u\d+,,?u\d+/);
      return { bucketSeconds: 3600, dimensions: first?.dimensions.has("path") ? ["service"] : [] };
    };
    const chosen = await read(inOrder, 2, {}, { cube });
    expect(asked).toBe(1);
    const given = await byBatches(inOrder, { bucketSeconds: 3600, dimensions: ["service"] });
    expect(contents(chosen.cube)).toEqual(contents(given.cube));
  });

  test("tell what a cube cannot hold", { timeout: 60_000 }, async () => {
    const tooMany = { dimensions: ["path"], maxValues: 3, overflow: "error" } as const;
    await expect(read(inOrder, 2, tooMany)).rejects.toMatchObject({ code: "too-many-values" });
    await expect(read(inOrder, 2, { bucketSeconds: 0.001 })).rejects.toMatchObject({ code: "too-many-buckets" });
    await expect(read(inOrder, 2, { maxBytes: 1000 })).rejects.toMatchObject({ code: "cube-too-large" });
    await expect(read(inOrder, 2, { resolution: 99 })).rejects.toMatchObject({ code: "bad-cube-option" });
  });
});
