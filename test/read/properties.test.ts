import fc from "fast-check";
import { expect, test } from "vitest";
import { hashHigh, hashLow } from "../../src/core/hash.js";
import { routeOf } from "../../src/read/fields/routeOf.js";
import { timeBytes } from "../../src/read/fields/timeBytes.js";
import { zoneClock } from "../../src/read/fields/zoneClock.js";
import { skipValue, TOO_DEEP } from "../../src/read/json/skipJson.js";
import { readEvents } from "../../src/read/readEvents.js";
import { runs } from "../support/runs.js";
import { parsed, scanned } from "./support/jsonOutcome.js";
import { nowhere } from "./support/nowhere.js";
import { rowsOf } from "./support/rowsOf.js";

const encoder = new TextEncoder();

const key = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "ts",
      "ip",
      "status",
      "latency_ms",
      "latency_s",
      "user",
      "path",
      "bytes",
      "service",
      "time",
      "client.ip",
      "user.id",
      "request",
      "url",
      "route",
      "x_forwarded_for",
      "event.duration",
    ),
  },
  fc.constantFrom("a", "", "é", "\u{1f600}", 'q"', "__proto__", "1", "client", "user"),
);
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    1772409600615,
    1772409600,
    "2026-03-02T00:00:00Z",
    "192.0.2.1",
    "2001:db8::1",
    "192.0.2.1:80",
    200,
    "404",
    83.1,
    0,
    -0,
    -1,
    1e300,
    1e-7,
    12345678901234567000,
    "",
    "-",
    null,
    true,
    false,
    "/a/1?b#c",
    "https://h/p?q",
    "GET /x/9 HTTP/1.1",
    "u\u00fc",
    "tab\t",
    "nul\0",
    "\ud800",
    "0.5s",
    "203.0.113.9, 192.0.2.1",
  ),
  fc.double(),
  fc.integer(),
  fc.string({ maxLength: 40 }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    { weight: 5, arbitrary: scalar },
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(key, tie("any"), { maxKeys: 4 }),
  ),
})).any;
const object = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(key, value), { maxLength: 9 }))
  .map(([complete, fields]) =>
    Object.fromEntries([
      ...(complete ? [["ts", 1772409600615] as const, ["ip", "192.0.2.1"] as const] : []),
      ...fields,
    ]),
  );
const spaced = fc.constantFrom<number | undefined>(undefined, undefined, undefined, 1);

test("the scanner of bytes reads any objects as JSON.parse does", () => {
  const line = fc.tuple(object, spaced).map(([o, space]) => JSON.stringify(o, null, space).replaceAll("\n", ""));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
      // The kernel reads what it has learned, so the lines come twice.
      const bytes = encoder.encode([...lines, ...lines].join("\n"));
      const expected = parsed(bytes);
      expect(scanned(bytes)).toEqual(expected);
      expect(scanned(bytes, true)).toEqual(expected);
    }),
    { numRuns: runs(700), seed: 1 },
  );
});

test("the scanner of bytes reads damaged lines as JSON.parse does", () => {
  const damage = fc.array(
    fc.tuple(
      fc.nat(400),
      fc.constantFrom(0, 9, 13, 32, 34, 44, 45, 46, 47, 48, 58, 91, 92, 93, 101, 117, 123, 125, 128, 195, 255),
    ),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(object, damage), { minLength: 1, maxLength: 8 }), (lines) => {
      const bytes = Buffer.concat(
        lines.map(([o, changes]) => {
          const one = Buffer.from(`${JSON.stringify(o)}\n`);
          for (const [at, byte] of changes) one[at % (one.length - 1)] = byte;
          return one;
        }),
      );
      expect(scanned(bytes)).toEqual(parsed(bytes));
    }),
    { numRuns: runs(1500), seed: 2 },
  );
});

/** Values of one field, plain and not. */
const valuesOf = (plain: readonly unknown[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...plain) }, { weight: 1, arbitrary: scalar });
const FIELDS = {
  ts: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 2e12 }) },
    fc.double({ min: 0, max: 1e12, noNaN: true }),
    fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom("2024-02-29T24:00:00Z", "2026-02-29T01:02:03Z", "2100-02-29T00:00:00Z", "2100-03-01T00:00:00Z"),
    fc.constantFrom("2026-12-31t23:59:60.123456789+02:00", "2026-12-31 23:59:59.9994-07:30", "2026-13-01T00:00:00Z"),
  ),
  ip: fc.oneof({ weight: 5, arbitrary: fc.ipV4() }, fc.constantFrom("01.2.3.4", "1.2.3.256", "1.2.3", "::1", "")),
  status: valuesOf([200, 404, 99, 1000, 200.0, 200.5]),
  latency_ms: valuesOf([0, 0.5, 12.75, 1234567.125, 0.000001, 12345678901234, 123456789012345]),
  bytes: valuesOf([0, 1, 999999999, 1e15]),
  user: fc.oneof(fc.string({ unit: "grapheme-ascii", maxLength: 40 }), scalar),
  path: valuesOf(["/", "/a/1", "/a/2?b", "/a#b", `/${"long/".repeat(20)}`, `/${"x".repeat(300)}`, "", "-"]),
  service: valuesOf(["api", "a-service-with-a-long-name", "a-service-with-a-long-name-2"]),
  "http.route": valuesOf(["/a", "/b"]),
  time: valuesOf([1772409600615]),
  nested: fc.record({ a: scalar, b: scalar }),
};
const names = fc.subarray(Object.keys(FIELDS) as (keyof typeof FIELDS)[]).map((some) => new Set(["ts", "ip", ...some]));

test("the kernel reads lines of one shape as JSON.parse does", () => {
  const rows = fc.array(fc.record(FIELDS), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(rows, names, fc.boolean(), (objects, kept, isSpaced) => {
      const lineOf = (object: object): string => {
        const some = Object.fromEntries(Object.entries(object).filter(([name]) => kept.has(name)));
        return JSON.stringify(some, null, isSpaced ? 1 : 0).replaceAll("\n", "");
      };
      const bytes = encoder.encode(`${objects.map(lineOf).join("\n")}\n`.repeat(3));
      expect(scanned(bytes)).toEqual(parsed(bytes));
    }),
    { numRuns: runs(1500), seed: 4 },
  );
});

test("repeated keys, escapes in keys and deep nesting are read as JSON.parse does", () => {
  const lines = [
    '{"ts":1,"ip":"192.0.2.1","status":200,"status":null}',
    '{"ts":1,"ip":"192.0.2.1","status":200,"status":500}',
    '{"ts":1,"ip":"192.0.2.1","st\\u0061tus":200}',
    `{"ts":1,"ip":"192.0.2.1","a":${"[".repeat(100)}${"]".repeat(100)}}`,
    `{"ts":1,"ip":"192.0.2.1","a":${'{"b":'.repeat(40)}1${"}".repeat(40)}}`,
    `{"ts":1,"ip":"192.0.2.1","a":${"[".repeat(200_000)}}`,
    '{"ts":1,"ip":"192.0.2.1","user":12,"path":5,"service":1.50}',
    '{"ts" : 1 , "ip":"192.0.2.1" }',
    '{"ts":1,"ip":"192.0.2.1"}{"ts":1,"ip":"192.0.2.1"}',
    '{"ts":01,"ip":"192.0.2.1"}',
    '{"ts":1,"ip":"192.0.2.01"}',
    '{"ts":1,"ip":"192.0.2.1","latency_ms":1.}',
    '[{"ts":1,"ip":"192.0.2.1"},{"ts":2}]',
    '\ufeff{"ts":1,"ip":"192.0.2.1"}',
  ];
  for (const line of [...lines, lines.join("\n")])
    expect(scanned(encoder.encode(line)), line.slice(0, 80)).toEqual(parsed(encoder.encode(line)));
});

test("what is skipped as JSON is JSON, and nothing else", () => {
  const text = fc.oneof(
    value.map((v) => JSON.stringify(v) ?? "null"),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\tfnaelrus0123.eE+- '), maxLength: 12 }),
  );
  fc.assert(
    fc.property(text, (json) => {
      const bytes = new Uint8Array([...encoder.encode(json), 10, 0, 0, 0]);
      const end = skipValue(bytes, 0);
      const isWhole = end === bytes.length - 4;
      let isJson = true;
      try {
        JSON.parse(json);
      } catch {
        isJson = false;
      }
      if (json.trim() === json && end !== TOO_DEEP) expect(isWhole).toBe(isJson);
    }),
    { numRuns: runs(5000), seed: 3 },
  );
});

const event = fc.record({
  timeMs: fc.nat({ max: 30 * 86_400 }).map((s) => s * 1000),
  ip: fc.oneof(fc.ipV4(), fc.constantFrom("2001:db8::1", "2001:db8:0:1::ffff")),
  status: fc.integer({ min: 100, max: 599 }),
  latencyMs: fc.integer({ min: 0, max: 100_000 }),
  bytes: fc.nat(),
  user: fc.stringMatching(/^[a-z][a-z0-9.]{0,14}$/),
  method: fc.constantFrom("GET", "POST", "DELETE"),
  path: fc.stringMatching(/^\/[a-z0-9/._-]{0,30}$/),
});
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;
/** Events of a month of any possible year; what is far from all others would be left out as stray. */
const eventsOfMonth = fc
  .tuple(fc.integer({ min: 640_000_000, max: 4_000_000_000 }), fc.array(event, { minLength: 1, maxLength: 20 }))
  .map(([from, events]) => events.map((one) => ({ ...one, timeMs: from * 1000 + one.timeMs })));

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const clf = (timeMs: number): string => {
  const iso = new Date(timeMs).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
};
const W3C =
  "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem cs-username c-ip sc-status sc-bytes time-taken\n";
const WRITERS: Record<
  string,
  { write: (e: Event) => string; head?: string; format?: string; without?: readonly string[] }
> = {
  ndjson: {
    write: (e) =>
      JSON.stringify({
        ts: e.timeMs,
        ip: e.ip,
        status: e.status,
        latency_ms: e.latencyMs,
        bytes: e.bytes,
        user: e.user,
        method: e.method,
        path: e.path,
      }),
  },
  elastic: {
    write: (e) =>
      JSON.stringify({
        "@timestamp": new Date(e.timeMs).toISOString(),
        client: { ip: e.ip },
        http: { response: { status_code: e.status, body: { bytes: e.bytes } }, request: { method: e.method } },
        event: { duration: e.latencyMs * 1e6 },
        user: { id: e.user },
        url: { path: e.path },
      }),
  },
  combined: {
    write: (e) =>
      `${e.ip} - ${e.user} [${clf(e.timeMs)}] "${e.method} ${e.path} HTTP/1.1" ${e.status} ${e.bytes} "-" "-"`,
    format: "combined",
    without: ["latencyMs"],
  },
  nginx: {
    write: (e) =>
      `${e.ip} - ${e.user} [${clf(e.timeMs)}] "${e.method} ${e.path} HTTP/1.1" ${e.status} ${e.bytes} ${e.latencyMs / 1000}`,
    format: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $request_time',
  },
  apache: {
    write: (e) =>
      `${e.ip} ${e.user} [${clf(e.timeMs)}] ${e.method} ${e.path} ${e.status} ${e.bytes} ${e.latencyMs * 1000}`,
    format: "%a %u %t %m %U %>s %O %D",
  },
  csv: {
    head: "ts,ip,status,latency_ms,bytes,user,method,path\n",
    write: (e) => `${e.timeMs},${e.ip},${e.status},${e.latencyMs},${e.bytes},"${e.user}",${e.method},${e.path}`,
    format: "csv",
  },
  iis: {
    head: W3C,
    write: (e) =>
      `${new Date(e.timeMs).toISOString().slice(0, 19).replace("T", " ")} ${e.method} ${e.path} ${e.user} ${e.ip} ${e.status} ${e.bytes} ${e.latencyMs}`,
    format: "iis",
  },
};

test.each(Object.entries(WRITERS))(
  "events written as %s come back",
  async (_, { write, head = "", format = "auto", without = [] }) => {
    await fc.assert(
      fc.asyncProperty(eventsOfMonth, async (events) => {
        const text = head + events.map(write).join("\n");
        const read = await readEvents(encoder.encode(text), { locator: nowhere(), routes: false, format });
        const rows = rowsOf(read);
        expect(rows).toHaveLength(events.length);
        events.forEach((want, i) => {
          const { latencyMs, ...exact } = want;
          expect(rows[i]).toMatchObject(exact);
          // A connection that was handed over (101) lasts as long as its user stays.
          if (want.status === 101) expect(rows[i]!.latencyMs).toBeNull();
          else if (!without.includes("latencyMs")) expect(rows[i]!.latencyMs).toBeCloseTo(latencyMs, 6);
          const name = encoder.encode(want.user);
          expect([read.user.low[i], read.user.high[i]]).toEqual([
            hashLow(name, 0, name.length),
            hashHigh(name, 0, name.length),
          ]);
        });
      }),
      { numRuns: runs(40), seed: 4 },
    );
  },
);

test("plain combined lines and others are read as a regular expression reads them", async () => {
  // An address in the second place, with ident and user behind it, has a virtual host before it.
  const line =
    /^(?:[^\s"/|[]+ (?=(?:192\.0\.2\.1|2001:db8::1) \S+ [^[]))?(\S+) \S+ (.*?) \[([^\]]*)\] "((?:[^"\\]|\\.)*)" (\S{3})(?: (\S+))?(?: .*)?$/;
  const piece = fc.constantFrom(
    "192.0.2.1",
    "2001:db8::1",
    "-",
    "ann",
    "two words",
    "[02/Mar/2026:13:55:36 +0000]",
    "[02/Mar/2026:13:55:36 -0730]",
    "[31/Feb/2026:13:55:36 +0000]",
    '"GET /a/b?c HTTP/1.1"',
    '"-"',
    '"GET /\\"x HTTP/1.1"',
    "200",
    "2000",
    "abc",
    "12",
    "-5",
    '"ref"',
    '"agent"',
  );
  const good = fc.tuple(
    fc.ipV4(),
    fc.constantFrom("-", "ann", "é"),
    fc.constantFrom("02/Mar/2026:13:55:36 +0000", "03/Mar/2026:00:00:00 +0100"),
    fc.constantFrom("GET /a HTTP/1.1", "POST /b#c", "x", ""),
    fc.constantFrom("200", "404", "99"),
    fc.constantFrom("5", "-", "12x"),
  );
  const text = fc.oneof(
    good.map(
      ([ip, user, time, request, status, size]) =>
        `${ip} - ${user} [${time}] "${request}" ${status} ${size} "-" "agent"`,
    ),
    fc.array(piece, { minLength: 3, maxLength: 9 }).map((pieces) => pieces.join(" ")),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 12 }), async (lines) => {
      const options = { locator: nowhere(), format: "combined", maxRejectedShare: 1 };
      const read = await readEvents(encoder.encode(lines.join("\n")), options);
      const rows = rowsOf(read);
      const times = lines.flatMap((one) => {
        const match = line.exec(one);
        const bytes = encoder.encode(match?.[3] ?? "");
        const time = timeBytes(bytes, 0, bytes.length);
        return match !== null &&
          !Number.isNaN(time) &&
          /^[\d.]+$|^[0-9a-f:]+$/i.test(match[1]!) &&
          match[1] !== "-" &&
          /\d/.test(match[1]!) &&
          match[1]!.length > 5
          ? [
              [
                time,
                match[1],
                match[2] === "-" ? "" : match[2],
                /^[1-9]\d\d$/.test(match[5]!) ? Number(match[5]) : 0,
                /^\d+$/.test(match[6] ?? "") ? Number(match[6]) : null,
              ],
            ]
          : [];
      });
      expect(rows.map((row) => [row.timeMs, row.ip, row.user, row.status, row.bytes])).toEqual(times);
    }),
    { numRuns: runs(300), seed: 5 },
  );
});

test("times are those that Date tells", () => {
  const date = fc.date({ min: new Date(0), max: new Date(Date.UTC(2099, 0, 1)), noInvalidDate: true });
  const read = (text: string): number => timeBytes(encoder.encode(text), 0, encoder.encode(text).length);
  fc.assert(
    fc.property(date, fc.integer({ min: -720, max: 840 }), (time, offset) => {
      const sign = offset < 0 ? "-" : "+";
      const two = (n: number): string => String(n).padStart(2, "0");
      const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
      const local = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, 23);
      if (time.getTime() + offset * 60_000 < 0) return;
      expect(read(local + zone)).toBe(time.getTime());
      expect(read(local.replace("T", " ") + zone.replace(":", ""))).toBe(time.getTime());
      expect(read(time.toISOString())).toBe(time.getTime());
      if (time.getTime() > 1e11) expect(read(String(time.getTime()))).toBe(time.getTime());
      if (time.getTime() > 1e11) expect(read(`${time.getTime()}000000`)).toBeCloseTo(time.getTime(), 2);
    }),
  );
  for (const bad of [
    "",
    "yesterday",
    "2026-02-30T00:00:00Z",
    "2026-13-01",
    "2026-03-02T25:00:00Z",
    "2026-03-02T00:00:00+99:00",
    "-5",
    "1e400",
    "NaN",
    "2026-03-02T00:00:00.Z",
  ])
    expect(read(bad), bad).toBeNaN();
});

test("clocks of a zone without offsets become UTC, the first of two equal hours", () => {
  const berlin = zoneClock("Europe/Berlin");
  expect(new Date(berlin(Date.UTC(2024, 0, 1, 12))).toISOString()).toBe("2024-01-01T11:00:00.000Z");
  expect(new Date(berlin(Date.UTC(2024, 6, 1, 12))).toISOString()).toBe("2024-07-01T10:00:00.000Z");
  // Clocks went back at 03:00 on 27 October 2024, and forward at 02:00 on 31 March.
  expect(new Date(berlin(Date.UTC(2024, 9, 27, 2, 30))).toISOString()).toBe("2024-10-27T00:30:00.000Z");
  expect(new Date(berlin(Date.UTC(2024, 9, 27, 3, 30))).toISOString()).toBe("2024-10-27T02:30:00.000Z");
  expect(new Date(berlin(Date.UTC(2024, 2, 31, 3, 30))).toISOString()).toBe("2024-03-31T01:30:00.000Z");
  expect(() => zoneClock("Mars/Olympus")).toThrow(/time zone/);
});

test("paths become routes", () => {
  const routes: Record<string, string> = {
    "/users/123": "/users/{id}",
    "/users/123/orders/7f3c2a9e-1b2c-4d5e-8f90-123456789abc": "/users/{id}/orders/{id}",
    "/v1/items": "/v1/items",
    "/api/v2/x": "/api/v2/x",
    "/img/12345.png": "/img/{id}.png",
    "/c/507f1f77bcf86cd799439011": "/c/{id}",
    "/login": "/login",
    "/oauth2/token": "/oauth2/token",
    "/u/ann@example.com": "/u/{id}",
    "/2024-05-02/report": "/{id}/report",
  };
  for (const [path, route] of Object.entries(routes)) expect(routeOf(path), path).toBe(route);
});
