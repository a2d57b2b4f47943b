import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { addressText } from "../../src/core/addressColumn.js";
import { nameText } from "../../src/core/nameColumn.js";
import { readBatches } from "../../src/read/readBatches.js";
import { readEvents } from "../../src/read/readEvents.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";
import { nowhere } from "./support/nowhere.js";
import { rowsOf } from "./support/rowsOf.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-read-"));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const NDJSON = [
  '{"ts":1772409600615,"ip":"81.2.69.142","status":200,"latency_ms":83.1,"user":"u1034","service":"api","path":"/v1/items?x=1","bytes":5120}',
  '{"ts":1772409600.615,"ip":"2001:db8::7","status":"503","latency_s":0.25,"user":"ü","service":"web","bytes":0}',
  '{"ts":"2026-03-02T01:00:00.615+01:00","ip":"10.0.0.1","user":null}',
].join("\n");

const EXPECTED = [
  {
    timeMs: 1772409600615,
    ip: "81.2.69.142",
    status: 200,
    latencyMs: 83.1,
    bytes: 5120,
    user: "u1034",
    service: "api",
    path: "/v1/items",
    route: "/v1/items",
  },
  {
    timeMs: 1772409600615,
    ip: "2001:db8::7",
    status: 503,
    latencyMs: 250,
    bytes: 0,
    user: "ü",
    service: "web",
    path: "",
    route: "",
  },
  {
    timeMs: 1772409600615,
    ip: "10.0.0.1",
    status: 0,
    latencyMs: null,
    bytes: null,
    user: "",
    service: "",
    path: "",
    route: "",
  },
];

test("NDJSON fields become columns, whatever the unit of the time", async () => {
  const events = await readEvents(file("a.ndjson", NDJSON), { locator: nowhere() });
  expect(rowsOf(events)).toEqual(EXPECTED);
  expect(events.report).toMatchObject({
    events: 3,
    rejected: 0,
    unlocated: 3,
    format: "ndjson",
    fromMs: 1772409600615,
  });
});

test("a file, its gzip, its bytes, a Node stream, a web stream and an iterable are read alike", async () => {
  const chunk = (text: string, size: number) => text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
  async function* pieces() {
    yield* chunk(NDJSON, 7);
  }
  for (const source of [
    file("b.ndjson.gz", gzipSync(NDJSON)),
    new TextEncoder().encode(NDJSON),
    Readable.from(chunk(NDJSON, 11)),
    new Blob([NDJSON]).stream(),
    pieces(),
  ])
    expect(rowsOf(await readEvents(source, { locator: nowhere() }))).toEqual(EXPECTED);
});

test("objects are read like the lines that print them", () => {
  const objects = NDJSON.split("\n").map((line) => JSON.parse(line) as object);
  const events = eventsFromObjects(objects, { locator: nowhere() });
  expect(rowsOf(events)).toEqual(EXPECTED);
  expect(eventsFromObjects([{ ts: 1 }, 5 as never], { locator: nowhere() }).report.reasons).toEqual({
    "no-address": 1,
    "not-an-event": 1,
  });
});

test("combined lines are read, with users of spaces and offsets of the clock", async () => {
  const lines = [
    '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326 "http://a/" "Mozilla/4.08 \\"x\\""',
    '::1 - two words [10/Oct/2000:20:55:36 +0000] "\\x16\\x03" 400 - "-" "-"',
  ].join("\r\n");
  const events = await readEvents(file("c.log", lines), { locator: nowhere() });
  expect(events.report.format).toBe("combined");
  const time = Date.parse("2000-10-10T20:55:36Z");
  expect(rowsOf(events)).toEqual([
    {
      timeMs: time,
      ip: "127.0.0.1",
      status: 200,
      latencyMs: null,
      bytes: 2326,
      user: "frank",
      method: "GET",
      path: "/apache_pb.gif",
      route: "/apache_pb.gif",
      referrer: "http://a/",
      user_agent: 'Mozilla/4.08 \\"x\\"',
    },
    {
      timeMs: time,
      ip: "::1",
      status: 400,
      latencyMs: null,
      bytes: null,
      user: "two words",
      method: "",
      path: "",
      route: "",
      referrer: "",
      user_agent: "",
    },
  ]);
});

test("lines that are no events are counted by reason and kept with file and line number", async () => {
  const good = NDJSON.split("\n")[0]!;
  const path = file(
    "d.ndjson",
    [
      good,
      "{oops",
      good,
      '{"ts":1,"ip":"1.2.3"}',
      "",
      '{"ip":"1.2.3.4"}',
      '{"ts":"x","ip":"1.2.3.4"}',
      good,
      good,
    ].join("\n"),
  );
  const { report } = await readEvents(path, { locator: nowhere() });
  expect(report).toMatchObject({ events: 4, rejected: 4, skipped: 1, lines: 9 });
  expect(report.reasons).toEqual({ "not-an-event": 1, "bad-address": 1, "no-time": 1, "bad-time": 1 });
  expect(report.samples[1]).toEqual({ file: path, line: 4, reason: "bad-address", text: '{"ts":1,"ip":"1.2.3"}' });
});

test("what is no log fails with a code that says why", async () => {
  const code = (source: string) =>
    readEvents(source, { locator: nowhere() }).then(
      () => "read",
      (error) => error.code,
    );
  expect(await code(join(folder, "missing.log"))).toBe("file-not-found");
  expect(await code(folder)).toBe("is-directory");
  expect(await code(file("empty.log", ""))).toBe("empty-input");
  expect(await code(file("blank.log", "\n\n"))).toBe("empty-input");
  expect(
    await code(
      file(
        "binary.log",
        new Uint8Array(1000).map((_, i) => i * 7),
      ),
    ),
  ).toBe("binary-input");
  expect(await code(file("prose.log", "once upon a time\nthere was a log\n"))).toBe("unknown-format");
  expect(await code(file("cut.gz", gzipSync(NDJSON.repeat(100)).subarray(0, 200)))).toBe("truncated-input");
  expect(await code(file("garbage.ndjson", `${NDJSON}\n${"{oops\n".repeat(20)}`))).toBe("mostly-rejected");
});

test("a line of megabytes is rejected and the next is read", async () => {
  const lines = [NDJSON, `{"ts":1,"ip":"1.2.3.4","path":"${"x".repeat(3_000_000)}"}`, NDJSON].join("\n");
  const { report } = await readEvents(file("long.ndjson", lines), { locator: nowhere() });
  expect(report).toMatchObject({ events: 6, rejected: 1, lines: 7 });
  expect(report.samples[0]).toMatchObject({ line: 4, reason: "line-too-long" });
});

test("batches hold at most the rows asked for and share their dictionaries", async () => {
  const path = file("batches.ndjson", `${NDJSON}\n`.repeat(50));
  const sizes: number[] = [];
  const dictionaries = new Set<unknown>();
  for await (const batch of readBatches(path, { locator: nowhere(), batchRows: 64 })) {
    sizes.push(batch.length);
    dictionaries.add(batch.dimensions.get("service")!.dictionary);
    expect(addressText(batch.client, 0)).not.toBe("");
    expect(nameText(batch.user, 0)).toMatch(/^(u1034|ü|)$/);
  }
  expect(sizes).toEqual([64, 64, 22]);
  expect(dictionaries.size).toBe(1);
});

test.skipIf(!hasSharedData("logs/apache_combined_10k.log"))("10,000 real combined lines are all read", async () => {
  const events = await readEvents(sharedData("logs/apache_combined_10k.log"), { locator: nowhere() });
  expect(events.report).toMatchObject({ events: 10_000, rejected: 0, fromMs: Date.parse("2015-05-17T10:05:00Z") });
  const addresses = new Set(Array.from({ length: events.length }, (_, row) => addressText(events.client, row)));
  expect(addresses.size).toBe(1753);
});
