import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import type { Events } from "../../src/core/events.js";
import { Session } from "../../src/core/pools/session.js";
import { Random } from "../../src/core/random.js";
import { readCube } from "../../src/cube/readCube.js";
import type { Locator } from "../../src/locate/locator.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { PART_LINES_BYTES } from "../../src/read/parallel/chunkLoader.js";
import { workerUrl } from "../../src/read/parallel/workerUrl.js";
import { readBatches } from "../../src/read/readBatches.js";
import type { ReadOptions } from "../../src/read/readOptions.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-kept-"));
afterAll(() => rmSync(folder, { recursive: true }));
const opened: Locator[] = [];
afterAll(() => Promise.all(opened.map((locator) => locator.close())));

async function locatorOf(): Promise<Locator> {
  const locator = await openLocator({
    databases: [],
    networks: [
      { cidr: "192.0.2.0/25", country: "DE", asn: 64500, name: "one" },
      { cidr: "2001:db8::/33", country: "FR" },
    ],
  });
  opened.push(locator);
  return locator;
}

const address = (random: Random): string =>
  random.next() < 0.1 ? `2001:db8:${random.int(40_000).toString(16)}::1` : `192.0.2.${random.int(256)}`;

/** Lines that have all fields, some, or nearly none: what is not written must not be what another log had there. */
const kinds: Record<string, (random: Random, i: number) => string> = {
  full: (random, i) =>
    `{"ts":${1_772_409_600_000 + 50 * i},"ip":"${address(random)}","status":${200 + random.int(300)},"latency_ms":${random.int(900)},"bytes":${random.int(5000)},"user":"user-${random.int(5000)}","path":"/a/${random.int(50)}","host":"h${random.int(9)}"}`,
  sparse: (random, i) => {
    const some = [`"status":404`, `"latency_ms":12.5`, `"user":"u${random.int(9)}"`, `"pop":"fra"`, `"path":"/x"`];
    const fields = some.filter(() => random.next() < 0.4);
    return `{${[`"ts":${1_772_409_600_000 + 50 * i}`, `"ip":"${address(random)}"`, ...fields].join(",")}}`;
  },
  bare: (random, i) => `{"ip":"${address(random)}","ts":${1_772_409_600_000 + 50 * i}}`,
  combined: (random) =>
    `192.0.2.${random.int(256)} - - [02/Mar/2026:00:00:${10 + random.int(50)} +0000] "GET /b/${random.int(9)} HTTP/1.1" 200 ${random.int(900)}`,
  broken: (random, i) => (i % 2 === 0 ? kinds.full!(random, i) : `{"ip":"192.0.2.1","ts":${i % 7 === 0 ? 17 : '"no"'}`),
};

function log(kind: string, lines: number): string {
  const random = new Random(lines);
  const path = join(folder, `${kind}-${lines}.log`);
  writeFileSync(path, Array.from({ length: lines }, (_, i) => `${kinds[kind]!(random, i)}\n`).join(""));
  return path;
}

/** More than a megabyte each, so that their lines lie in memory that kernels read; of different sizes. */
const logs = [
  log("full", 22_000),
  log("sparse", 40_000),
  log("bare", 30_000),
  log("combined", 18_000),
  log("broken", 24_000),
  log("full", 9000),
];
const options = (locator: Locator, session = new Session()): ReadOptions => ({
  ...{ locator, session, reuse: true, batchRows: 5000, maxRejectedShare: 1 },
});

/** Each batch of a log, as a digest. */
async function digests(path: string, read: ReadOptions): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of readBatches(path, read)) all.push(digestOf(batch));
  return all;
}

/** A digest of all that a batch says. */
function digestOf({ client, user, dimensions, ...batch }: Events): string {
  const hash = createHash("sha256");
  const numbers = [batch.timeMs, batch.place, batch.network, batch.status, batch.latencyMs, batch.bytes];
  const columns = [...numbers, client.family, client.value, client.words, user.low, user.high, user.starts, user.ends];
  const codes = [...dimensions.values()].map((dimension) => dimension.codes);
  for (const column of [...columns, user.bytes, ...codes]) hash.update(column).update("|");
  hash.update(JSON.stringify([...dimensions].map(([name, { dictionary }]) => [name, dictionary.values])));
  return hash.digest("hex");
}

/** What each log is to a locator that has read no other. */
const alone = await Promise.all(logs.map(async (path) => digests(path, options(await locatorOf()))));

test("a log reads the same whatever another log has left in the memory that is used again", async () => {
  expect(new Set(alone.flat()).size).toBe(alone.flat().length);
  const [locator, session] = [await locatorOf(), new Session()];
  const order = logs.map((_, i) => i);
  for (const i of [...order, ...order.toReversed()]) {
    expect(await digests(logs[i]!, options(locator, session))).toEqual(alone[i]);
    expect(session.memory.freeBytes).toBeGreaterThan(2 ** 20);
  }
});

test("memory is used again, and let go when the session is closed", async () => {
  const [locator, session] = [await locatorOf(), new Session()];
  const [day, next] = [logs[0]!, log("full", 22_300)];
  await readCube(day, { locator, session });
  const left = session.memory.freeBytes;
  for (const path of [day, next, day, next]) await readCube(path, { locator, session });
  expect(session.memory.freeBytes).toBe(left);
  await session.close();
  expect(session.memory.freeBytes).toBe(0);
  await readCube(day, { locator, session });
  expect(session.memory.freeBytes).toBe(0);
});

test("batches that are kept stay as they are", async () => {
  const [locator, session] = [await locatorOf(), new Session()];
  const batches: Events[] = [];
  for await (const batch of readBatches(logs[0]!, { ...options(locator, session), reuse: false })) batches.push(batch);
  for (const path of logs) await digests(path, options(locator, session));
  await readCube(logs[4]!, { locator, maxRejectedShare: 1 });
  expect(batches.map(digestOf)).toEqual(alone[0]);
});

test("a batch stays as it is for who asks for no other", async () => {
  const [locator, session] = [await locatorOf(), new Session()];
  for (const at of [0, 1]) {
    let i = 0;
    let last: Events | undefined;
    for await (const batch of readBatches(logs[0]!, options(locator, session))) {
      last = batch;
      if (i++ === at) break;
    }
    const before = digestOf(last!);
    for (const path of logs) await digests(path, options(locator, session));
    expect(digestOf(last!)).toBe(before);
  }
});

test("logs that are read at the same time have each their own memory", async () => {
  const [locator, session] = [await locatorOf(), new Session()];
  for (let round = 0; round < 2; round++)
    expect(await Promise.all(logs.map((path) => digests(path, options(locator, session))))).toEqual(alone);
});

test("what fails or is ended midway leaves nothing behind that others see", async () => {
  const [locator, session] = [await locatorOf(), new Session()];
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error("enough"));
  const aborted = digests(logs[0]!, { ...options(locator, session), signal: abort.signal, onProgress });
  await expect(aborted).rejects.toThrow("enough");
  const refused = digests(logs[4]!, { ...options(locator, session), maxRejectedShare: 0.1 });
  await expect(refused).rejects.toMatchObject({ code: "mostly-rejected" });
  expect(session.memory.freeBytes).toBeGreaterThan(2 ** 20);
  for (const [i, path] of logs.entries()) expect(await digests(path, options(locator, session))).toEqual(alone[i]);
});

test("reading the batches a second time goes on with memory of its own", async () => {
  const [locator, session] = [await locatorOf(), new Session()];
  const batches = readBatches(logs[0]!, options(locator, session));
  const firstTime: number[] = [];
  for await (const batch of batches) firstTime.push(batch.length);
  // Another log takes what lies free.
  const others = readBatches(logs[0]!, { ...options(locator, session), reuse: false })[Symbol.asyncIterator]();
  const other: Events = (await others.next()).value;
  const before = digestOf(other);
  const secondTime: number[] = [];
  for await (const batch of batches) secondTime.push(batch.length);
  expect(secondTime).toEqual(firstTime);
  expect(digestOf(other)).toBe(before);
});

describe.skipIf(workerUrl("cubeWorker.cjs") === undefined)("with threads (after npm run build)", () => {
  test("a thread that came too late for a part waits for the next log, though this one is gone", async () => {
    for (const lines of [36_001, 36_002]) {
      const [locator, session] = [await locatorOf(), new Session()];
      const path = log("full", lines);
      const { report } = await readCube(path, { locator, session, workers: 2, minWorkerBytes: 0 });
      rmSync(path);
      expect(report.events).toBe(lines);
      await setTimeout(500);
      expect(session.threads.idle).toBe(1);
    }
  });

  test("cubes are the same whatever was read before", { timeout: 60_000 }, async () => {
    const paths = [log("full", 100_000), log("sparse", 120_000)];
    const digest = async (path: string, workers: number, locator: Locator, session?: Session) => {
      const { cube } = await readCube(path, { locator, ...(session && { session }), workers, minWorkerBytes: 0 });
      return createHash("sha256").update(cube.save()).digest("hex");
    };
    // The order of clients in a group depends on where the log is cut.
    for (const workers of [2, 1]) {
      const [locator, session] = [await locatorOf(), new Session()];
      const expected: string[] = [];
      for (const path of paths) expected.push(await digest(path, workers, await locatorOf()));
      for (const i of [0, 1, 1, 0]) expect(await digest(paths[i]!, workers, locator, session)).toBe(expected[i]);
      const { memory } = session;
      const left = memory.freeBytes;
      if (workers > 1) memory.takeLines(PART_LINES_BYTES);
      expect(memory.freeBytes).toBe(workers > 1 ? left - PART_LINES_BYTES : left);
    }
  });
});
