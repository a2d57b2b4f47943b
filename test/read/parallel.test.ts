import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { ipv6Text } from "../../src/core/addressColumn.js";
import type { Events } from "../../src/core/events.js";
import { nameText } from "../../src/core/nameColumn.js";
import { ColumnPool } from "../../src/core/pools/columnPool.js";
import { LineMemory } from "../../src/core/pools/lineMemory.js";
import { Session } from "../../src/core/pools/session.js";
import { WorkerPool } from "../../src/core/pools/workerPool.js";
import { Random } from "../../src/core/random.js";
import { readCube } from "../../src/cube/readCube.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { pivot } from "../../src/pivot/pivot.js";
import { concatEvents } from "../../src/read/columns/concatEvents.js";
import { EventColumns } from "../../src/read/columns/eventColumns.js";
import { formatOf } from "../../src/read/format/formats.js";
import { chunkBounds } from "../../src/read/parallel/chunkBounds.js";
import { PART_LINES_BYTES } from "../../src/read/parallel/chunkLoader.js";
import { ChunkReader } from "../../src/read/parallel/chunkReader.js";
import { ChunkReducer } from "../../src/read/parallel/chunkReducer.js";
import { ChunkScheduler, type PartsOptions } from "../../src/read/parallel/chunkScheduler.js";
import { workerUrl } from "../../src/read/parallel/workerUrl.js";
import { readBatches } from "../../src/read/readBatches.js";
import { readEvents } from "../../src/read/readEvents.js";
import { writeMmdb } from "../locate/writeMmdb.js";
import { nowhere } from "./support/nowhere.js";
import { rowsOf } from "./support/rowsOf.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-parallel-"));
const opened: number[] = [];
afterAll(() => {
  for (const fd of opened) closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** Lines of every kind: plain, escaped, IPv6, rejected, blank, long, with carriage returns. */
function* lines(seed: number): Generator<string> {
  const random = new Random(seed);
  for (let i = 0; ; i++) {
    const kind = random.int(100);
    const ip =
      kind < 20
        ? ipv6Text(0x20010db8, random.uint32(), 0, random.uint32())
        : `192.0.${random.int(256)}.${random.int(256)}`;
    const user = kind % 3 === 0 ? "" : `,"user":"u${random.int(5000)}${kind === 7 ? "\\u00fc" : ""}"`;
    const filler = kind === 9 ? `,"filler":"${"x".repeat(random.int(3000))}"` : "";
    if (kind === 1) yield "";
    else if (kind === 2) yield `{"ts":${i},"ip":"nowhere"}`;
    else if (kind === 3) yield "{broken";
    else
      yield `{"ts":${1_772_409_600_000 + i},"ip":"${ip}","status":${200 + random.int(300)}${user},"path":"/a/${random.int(300)}"${filler}}${kind === 4 ? "\r" : ""}`;
  }
}

function textOf(bytes: number, seed: number): string {
  const parts: string[] = [];
  let size = 0;
  for (const line of lines(seed)) {
    parts.push(line);
    size += line.length + 1;
    if (size > bytes) break;
  }
  return parts.join("\n");
}

test("parts cut anywhere, put together, are the whole", () => {
  const path = join(folder, "parts.ndjson");
  const text = textOf(60_000, 1);
  writeFileSync(path, text);
  const fd = openSync(path, "r");
  const read = (cuts: readonly number[]) => {
    const reader = readerOf(fd, false);
    return cuts.slice(1).map((end, id) => reader.read({ id, start: cuts[id]!, end }));
  };
  const times = (parts: ReturnType<typeof read>): number[] => parts.flatMap((part) => [...part.columns!.timeMs]);
  const whole = read([0, text.length]);
  const random = new Random(2);
  for (let round = 0; round < 40; round++) {
    const cuts = Array.from({ length: random.int(8) }, () => random.int(text.length)).sort((a, b) => a - b);
    const parts = read([0, ...cuts, text.length]);
    expect(times(parts)).toEqual(times(whole));
    expect(parts.reduce((sum, part) => sum + part.lines, 0)).toBe(whole[0]!.lines);
    expect(parts.reduce((sum, part) => sum + (part.reasons["bad-address"] ?? 0), 0)).toBe(
      whole[0]!.reasons["bad-address"],
    );
  }
  closeSync(fd);
});

test("a line too long for a part is told of once, and the lines around it are read", () => {
  const path = join(folder, "long.ndjson");
  const line = (ts: number, filler = 0): string => `{"ts":${ts},"ip":"192.0.2.1","x":"${"y".repeat(filler)}"}\n`;
  const text = `${line(1)}${line(2, 5_000_000)}${line(3)}`;
  writeFileSync(path, text);
  const fd = openSync(path, "r");
  const reader = readerOf(fd, false);
  const cuts = [0, 10, 1_000_000, 2_000_000, 5_000_060, text.length];
  const parts = cuts.slice(1).map((end, id) => reader.read({ id, start: cuts[id]!, end }));
  expect(parts.flatMap((part) => [...part.columns!.timeMs])).toEqual([1000, 3000]);
  expect(parts.reduce((sum, part) => sum + (part.reasons["line-too-long"] ?? 0), 0)).toBe(1);
  closeSync(fd);
});

test("parts cover a file of any size, few of them idle at its end", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 36 }), fc.integer({ min: 2, max: 256 }), (size, threads) => {
      const bounds = [...chunkBounds(size, threads)];
      const sizes = bounds.slice(1).map((end, i) => end - bounds[i]!);
      expect([bounds[0], bounds.at(-1)]).toEqual([0, size]);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      expect(sizes.at(-1)).toBeLessThanOrEqual(1 << 22);
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    }),
    { numRuns: 30 },
  );
});

describe.skipIf(workerUrl("readWorker.cjs") === undefined)("threads (after npm run build)", () => {
  test("give what one thread gives, wherever parts are cut", { timeout: 60_000 }, async () => {
    const path = join(folder, "cuts.ndjson");
    const text = textOf(400_000, 5);
    writeFileSync(path, text);
    const whole = columnsOf(await readEvents(path, { locator: nowhere(), maxDimensionValues: 200 }));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 200, size: "max" });
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(cuts, fc.integer({ min: 2, max: 4 }), fc.boolean(), async (inside, threads, reuse) => {
        const bounds = Float64Array.from([0, ...inside.sort((a, b) => a - b), text.length]);
        expect(columnsOf(await readCut(path, { bounds, threads, reuse }, seen))).toEqual(whole);
      }),
      { numRuns: 15 },
    );
    expect(seen.size).toBeGreaterThan(1);
  });

  test("end at once when nobody takes their parts", async () => {
    const path = join(folder, "left.ndjson");
    const text = textOf(100_000, 6);
    writeFileSync(path, text);
    const bounds = Float64Array.from({ length: 101 }, (_, i) => Math.floor((i / 100) * text.length));
    const pool = new ChunkScheduler(partsOf(path, { bounds, threads: 2, reuse: true }));
    await pool.part(0);
    // By now the other thread has read as far ahead as it may, and waits.
    await setTimeout(200);
    await pool.close();
  });

  test("give exactly what one thread gives", { timeout: 60_000 }, async () => {
    const path = join(folder, "log.ndjson");
    writeFileSync(path, textOf(27_000_000, 3));
    const options = { locator: nowhere(), maxDimensionValues: 200 };
    const one = await readEvents(path, options);
    const two = await readEvents(path, { ...options, workers: 2, minWorkerBytes: 0 });
    expect(two.report).toEqual(one.report);
    expect(columnsOf(two)).toEqual(columnsOf(one));
    const some = (events: Events): unknown => rowsOf(events).filter((_, row) => row % 997 === 0);
    expect(some(two)).toEqual(some(one));
  });

  test("find the places and networks that one thread finds", { timeout: 60_000 }, async () => {
    const path = join(folder, "located.ndjson");
    writeFileSync(path, textOf(5_000_000, 7));
    const networks = Array.from({ length: 200 }, (_, i) => ({
      cidr: i % 2 === 0 ? `192.0.${i}.0/24` : `2001:db8:${(i * 300).toString(16)}::/48`,
      name: `net ${i}`,
      country: i % 3 === 0 ? "DE" : "FR",
    }));
    const locator = await openLocator({ networks });
    const one = await readEvents(path, { locator });
    for (const reuse of [false, true]) {
      const batches: Events[] = [];
      for await (const batch of readBatches(path, { locator, workers: 2, minWorkerBytes: 0, reuse }))
        batches.push(reuse ? concatEvents([batch], locator) : batch);
      const two = concatEvents(batches, locator);
      expect(new Set(two.network).size).toBeGreaterThan(100);
      expect(columnsOf(two)).toEqual(columnsOf(one));
    }
  });

  test("compile what IPv6 addresses need once one of them meets one, and not before", { timeout: 60_000 }, async () => {
    const four = join(folder, "4.mmdb");
    const six = join(folder, "6.mmdb");
    const city = (name: string) => ({ country_code: "DE", city: name, latitude: 50, longitude: 8 });
    writeFileSync(four, writeMmdb({ ipVersion: 4, networks: [["192.0.0.0/17", city("Bonn")]] }));
    writeFileSync(six, writeMmdb({ networks: [["2001:db8::/33", city("Köln")]] }));
    const line = (i: number, ip: string) => `{"ts":${1_772_409_600_000 + i},"ip":"${ip}","status":200}\n`;
    const plain = Array.from({ length: 60_000 }, (_, i) => line(i, `192.0.${i % 256}.${i % 255}`)).join("");
    const late = Array.from({ length: 60_000 }, (_, i) => line(i, `2001:db8:${(i % 65_536).toString(16)}::1`)).join("");
    const open = () => openLocator({ databases: [four, six], deferIpv6: true });
    const session = new Session();
    const options = { session, workers: 3, minWorkerBytes: 0 };
    for (const [name, text] of Object.entries({ plain, late: plain + late, again: late })) {
      const path = join(folder, `ipv6-${name}.ndjson`);
      writeFileSync(path, text);
      const locator = await open();
      const two = await readEvents(path, { ...options, locator });
      expect(locator.tableSoFar().lacksIpv6, name).toBe(name === "plain");
      expect(columnsOf(two)).toEqual(columnsOf(await readEvents(path, { locator: await open() })));
      const cubes = [options, {}].map(async (by) => {
        const { cube } = await readCube(path, { ...by, locator: await open(), cube: { bucketSeconds: 60 } });
        return pivot(cube, { by: ["city", "time"], measures: ["count", "clients"] }).objects();
      });
      expect(await cubes[0]).toEqual(await cubes[1]);
    }
    await session.close();
  });

  test("are kept for the next file, unless they were left in the midst of one", { timeout: 60_000 }, async () => {
    const paths = [9, 10].map((seed) => join(folder, `kept${seed}.ndjson`));
    for (const [i, path] of paths.entries()) writeFileSync(path, textOf(9_000_000, 9 + i));
    const locator = await openLocator({ networks: [{ cidr: "192.0.2.0/24", country: "DE" }] });
    const session = new Session();
    const options = { locator, session, workers: 2, minWorkerBytes: 0 };
    for (let round = 0; round < 3; round++) {
      const events = await readEvents(paths, options);
      expect(columnsOf(events)).toEqual(columnsOf(await readEvents(paths, { locator })));
      expect(session.threads.idle).toBe(1);
    }
    const { cube } = await readCube(paths, { ...options, cube: { bucketSeconds: 60 } });
    expect(cube.groups.length).toBeGreaterThan(10);
    // The threads that make cubes run other code.
    expect(session.threads.idle).toBe(2);
    for await (const _ of readBatches(paths, options)) break;
    expect(session.threads.idle).toBe(1);
    await session.close();
    expect(session.threads.idle).toBe(0);
    expect((await readEvents(paths[0]!, options)).length).toBeGreaterThan(1000);
    expect(session.threads.idle).toBe(0);
  });

  test("use the memory of batches again, and give what they gave without", { timeout: 60_000 }, async () => {
    const path = join(folder, "reuse.ndjson");
    writeFileSync(path, textOf(9_000_000, 4));
    const whole = await readEvents(path, { locator: nowhere() });
    for (const workers of [1, 2]) {
      const locator = nowhere();
      const options = { locator, workers, minWorkerBytes: 0, reuse: true, batchRows: 10_000 };
      const copies: Events[] = [];
      for await (const batch of readBatches(path, options)) copies.push(concatEvents([batch], locator));
      expect(copies.length).toBeGreaterThan(2);
      expect(columnsOf(concatEvents(copies, locator))).toEqual(columnsOf(whole));
    }
  });

  test("refuse what is no log, and end when they are told to", async () => {
    const path = join(folder, "garbage.ndjson");
    writeFileSync(path, `${'{"ts":1,"ip":"192.0.2.1"}\n'}${`{garbage ${"x".repeat(300)}}\n`.repeat(90_000)}`);
    await expect(readEvents(path, { locator: nowhere(), workers: 2, minWorkerBytes: 0 })).rejects.toMatchObject({
      code: "mostly-rejected",
    });
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error("enough"));
    await expect(
      readEvents(path, { locator: nowhere(), workers: 2, minWorkerBytes: 0, signal: abort.signal, onProgress }),
    ).rejects.toThrow("enough");
  });
});

const kept = new WorkerPool();
afterAll(() => kept.close());

function readerOf(fd: number, routes: boolean): ChunkReader {
  const memory = { columns: new ColumnPool(), lines: new LineMemory(PART_LINES_BYTES) };
  const format = formatOf("ndjson");
  return new ChunkReader({
    fd,
    format,
    decode: {},
    routes,
    locator: nowhere(),
    keepsEvents: true,
    keepsNames: true,
    ...memory,
  });
}

interface Cut {
  readonly bounds: Float64Array;
  readonly threads: number;
  readonly reuse: boolean;
}

function partsOf(path: string, cut: Cut): PartsOptions {
  const fd = openSync(path, "r");
  opened.push(fd);
  const reader = readerOf(fd, true);
  const data = {
    ...{ file: path, format: "ndjson", routes: true, lacksIpv6: false },
    ...{ keepsEvents: true, keepsNames: true },
  };
  return { url: workerUrl("readWorker.cjs")!, kept, data, reader, ...cut };
}

/** The events of a file that threads read in the given parts; `seen` are the threads that had some. */
async function readCut(path: string, cut: Cut, seen: Set<number>): Promise<Events> {
  const locator = nowhere();
  const columns = new EventColumns({ capacity: 1, maxValues: 200, routes: true });
  const adopter = new ChunkReducer(columns, locator, false);
  const batches: Events[] = [];
  const pool = new ChunkScheduler(partsOf(path, cut));
  for (let id = 0; id < pool.count; id++) {
    const { part, thread } = await pool.part(id);
    // The others need a while to start.
    if (id === 0) await setTimeout(150);
    seen.add(thread);
    adopter.adoptValues(part, thread);
    const events = adopter.adopt(part, part.columns!, thread);
    batches.push(cut.reuse || thread > 0 ? concatEvents([events], locator) : events);
  }
  await pool.close();
  return concatEvents(batches, locator);
}

function columnsOf(events: Events): unknown {
  const bytes = (column: Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array): string =>
    Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString("base64").slice(0, 1e6);
  const { user, client } = events;
  return {
    length: events.length,
    columns: [
      ...[events.timeMs, events.place, events.network, client.family, client.value, client.words],
      ...[events.status, events.latencyMs, events.bytes, user.low, user.high],
    ].map(bytes),
    users: events.length < 10_000 ? Array.from({ length: events.length }, (_, row) => nameText(user, row)) : [],
    dimensions: [...events.dimensions].map(([name, { codes, dictionary }]) => [name, bytes(codes), dictionary.values]),
  };
}
