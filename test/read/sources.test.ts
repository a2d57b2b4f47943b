import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import { table } from "arquero";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { addressText } from "../../src/core/addressColumn.js";
import type { Events } from "../../src/core/events.js";
import { readBatches } from "../../src/read/readBatches.js";
import { readEvents } from "../../src/read/readEvents.js";
import { eventsFromTable } from "../../src/read/records/eventsFromTable.js";
import { tailFile } from "../../src/read/source/tailFile.js";
import { nowhere } from "./support/nowhere.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-sources-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const line = (i: number): string => `{"ts":${1_772_409_600 + i},"ip":"192.0.2.${i}"}\n`;
const THREE = line(1) + line(2) + line(3);
const addresses = (events: Events): string[] =>
  Array.from({ length: events.length }, (_, row) => addressText(events.client, row));
const read = async (source: string | string[]) => addresses(await readEvents(source, { locator: nowhere() }));
const code = (source: string) =>
  readEvents(source, { locator: nowhere() }).then(
    () => "read",
    (error) => error.code as string,
  );
const EXPECTED = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];

// THREE compressed by the command line tools zstd 1.5 and bzip2 1.0, since Node writes neither everywhere.
const ZSTD = "KLUv/QRYvQEApAJ7InRzIjoxNzcyNDA5NjAxLCJpcCI6IjE5Mi4wLjIuMSJ9CjIyMzMifQoEAKAT4B3o2EynyB6Txag=";
const BZIP2 =
  "QlpoOTFBWSZTWffkixsAADHZgAAQEAV9sAAgTAogAEjP9IkGm01PUwj1Q0A0DTRk+KOjRGISZHECgkka2CR3oYoT+FhTCClBE8ORHIHxdyRThQkPfkixsA==";

test("gzip, zstandard, bzip2 and brotli are undone, in one piece or several", async () => {
  expect(await read(file("a.gz", gzipSync(THREE)))).toEqual(EXPECTED);
  expect(await read(file("b.gz", Buffer.concat([gzipSync(line(1)), gzipSync(line(2) + line(3))])))).toEqual(EXPECTED);
  expect(await read(file("c.zst", Buffer.from(ZSTD, "base64")))).toEqual(EXPECTED);
  expect(await read(file("d.bz2", Buffer.from(BZIP2, "base64")))).toEqual(EXPECTED);
  expect(await read(file("e.br", brotliCompressSync(THREE)))).toEqual(EXPECTED);
});

test("compressed data that is cut off or damaged is an error, not an answer", async () => {
  const long = Array.from({ length: 5000 }, (_, i) => line(i % 250)).join("");
  expect(await code(file("cut.gz", gzipSync(long).subarray(0, 1000)))).toBe("truncated-input");
  expect(await code(file("cut.br", brotliCompressSync(long).subarray(0, 100)))).toBe("truncated-input");
  const damaged = gzipSync(long);
  damaged.fill(255, 500, 600);
  expect(["corrupt-input", "truncated-input"]).toContain(await code(file("bad.gz", damaged)));
  const zstd = Buffer.from(ZSTD, "base64");
  expect(["corrupt-input", "truncated-input"]).toContain(
    await code(file("cut.zst", zstd.subarray(0, zstd.length - 8))),
  );
  const bzip2 = Buffer.from(BZIP2, "base64");
  expect(["corrupt-input", "truncated-input"]).toContain(
    await code(file("cut.bz2", bzip2.subarray(0, bzip2.length - 20))),
  );
});

test("a pattern stands for its files, the oldest of a rotated log first", async () => {
  file("access.log", line(3));
  file("access.log.1", line(2));
  file("access.log.2.gz", gzipSync(line(1)));
  expect(await read(join(folder, "access.log*"))).toEqual(EXPECTED);
  expect(await code(join(folder, "nothing*.log"))).toBe("file-not-found");
});

test("several sources are one log, whatever their formats and their order in time", async () => {
  const combined = file("f.log", '192.0.2.9 - - [02/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5\n');
  const events = await readEvents([file("g.ndjson", THREE), combined], { locator: nowhere() });
  expect(addresses(events)).toEqual([...EXPECTED, "192.0.2.9"]);
  expect(events.report.formats).toEqual({ [join(folder, "g.ndjson")]: "ndjson", [combined]: "combined" });
});

test("UTF-16 with and without its mark, and UTF-8 with one, are read", async () => {
  const wide = Buffer.from(`\ufeff${THREE}`, "utf16le");
  expect(await read(file("h.log", wide))).toEqual(EXPECTED);
  expect(await read(file("i.log", wide.subarray(2)))).toEqual(EXPECTED);
  expect(await read(file("j.log", Buffer.from(wide).swap16()))).toEqual(EXPECTED);
  expect(await read(file("k.log", `\ufeff${THREE}`))).toEqual(EXPECTED);
});

test("bytes that are no UTF-8, and blocks of zeros that a crash left, cost no more than their lines", async () => {
  const text = Buffer.concat([
    Buffer.from(line(1)),
    Buffer.alloc(5000),
    Buffer.from(`\n${line(2).replace("}", ',"user":"x\x80"}')}`, "latin1"),
    Buffer.from(line(3)),
  ]);
  const events = await readEvents(file("l.log", Buffer.concat([Buffer.from(line(0).repeat(9000)), text])), {
    locator: nowhere(),
  });
  expect(addresses(events).slice(9000)).toEqual(EXPECTED);
  expect(events.report).toMatchObject({ rejected: 1, reasons: { "not-an-event": 1 } });
});

test("a signal ends the reading, also of a stream that waits", async () => {
  const abort = new AbortController();
  async function* waiting() {
    yield new TextEncoder().encode(THREE);
    await sleep(60_000, undefined, { ref: false });
  }
  const reading = readEvents(waiting(), { locator: nowhere(), signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 50);
  await expect(reading).rejects.toThrow("enough");
});

test("a tail follows what is appended, through rotation and truncation", { timeout: 20_000 }, async () => {
  const path = file("live.log", line(1));
  const abort = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const chunk of tailFile(path, { from: "start", pollMs: 10, signal: abort.signal }))
      seen.push(Buffer.from(chunk).toString());
  })();
  const until = async (text: string) => {
    for (let i = 0; i < 500 && !seen.join("").includes(text); i++) await sleep(10);
  };
  await until(line(1));
  appendFileSync(path, line(2));
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, line(3));
  writeFileSync(path, line(4));
  await until(line(4));
  truncateSync(path);
  await sleep(100);
  appendFileSync(path, line(5));
  await until(line(5));
  abort.abort();
  await following;
  expect(seen.join("")).toBe([1, 2, 3, 4, 5].map(line).join(""));
});

test("arquero tables, Arrow IPC and Parquet are read by their columns' names", async () => {
  const columns = {
    ts: [1_772_409_600_000, 1_772_409_601_000],
    ip: ["192.0.2.1", "2001:db8::1"],
    status: [200, 503],
    latency_ms: [12.5, 80],
  };
  const check = (events: Events): void => {
    expect(addresses(events)).toEqual(columns.ip);
    expect([...events.timeMs]).toEqual(columns.ts);
    expect([...events.status]).toEqual(columns.status);
    expect([...events.latencyMs]).toEqual(columns.latency_ms);
  };
  check(eventsFromTable(table(columns), { locator: nowhere() }));
  const arrow = tableFromArrays(columns);
  check(eventsFromTable(arrow, { locator: nowhere() }));
  const ipc = tableToIPC(arrow, { format: "file" });
  check(await readEvents(file("m.arrow", ipc!), { locator: nowhere() }));
  const columnData = Object.entries(columns).map(
    ([name, data]) => ({ name, data, type: typeof data[0] === "string" ? "STRING" : "DOUBLE" }) as never,
  );
  const parquet = file("n.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
  check(await readEvents(parquet, { locator: nowhere() }));
  expect(await code(file("cut.parquet", new Uint8Array(parquetWriteBuffer({ columnData })).subarray(0, 60)))).toBe(
    "corrupt-input",
  );
});

test("a value that a log calls like the other values is told apart from them, and from what it becomes", async () => {
  const ids = ["(other)", "other", '"(other)"', "(other)", "x", "y"];
  const lines = ids.map((id, i) => `${JSON.stringify({ ts: 1_772_409_600 + i, ip: "192.0.2.1", id })}\n`).join("");
  const batches = readBatches(new TextEncoder().encode(lines), { locator: nowhere(), maxDimensionValues: 4 });
  for await (const batch of batches) {
    const { dictionary, codes } = batch.dimensions.get("id")!;
    expect(dictionary.values).toEqual(["", '"(other)"', "other", '""(other)""', "x", "(other)"]);
    expect([...codes]).toEqual([1, 2, 3, 1, 4, 5]);
  }
});

test("an unbounded number of values is bounded, and told", async () => {
  const lines = Array.from(
    { length: 500 },
    (_, i) => `{"ts":${1_772_409_600 + i},"ip":"192.0.2.1","id":"x${i}","path":"/a/${i}"}\n`,
  ).join("");
  const batches = readBatches(new TextEncoder().encode(lines), { locator: nowhere(), maxDimensionValues: 100 });
  for await (const batch of batches) {
    expect(batch.dimensions.get("id")!.dictionary.size).toBe(102);
    expect(batch.dimensions.get("id")!.dictionary.values.at(-1)).toBe("(other)");
    // Identifiers in paths do not use up the routes.
    expect(batch.dimensions.get("route")!.dictionary.values).toEqual(["", "/a/{id}"]);
  }
  expect(batches.report.warnings).toHaveLength(2);
});
