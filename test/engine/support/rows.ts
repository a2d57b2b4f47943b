import fc from "fast-check";

/** A row of a table of requests, as JSON has it. */
export interface TableRow {
  readonly ts: string;
  readonly ip: string;
  readonly xff: string;
  readonly status: number;
  readonly latency_ms: number | null;
  readonly bytes: number | null;
  readonly user: string | null;
  readonly service: string;
  readonly path: string;
}

export const ROW_ORIGIN_MS = Date.UTC(2026, 2, 2);

const HOSTILE = [
  "'",
  "\\",
  "`",
  "\n\t\0",
  "');DROP TABLE x;--",
  "{a:String}",
  "ü😀",
  "\u0001",
  "\u2028",
  "-",
  " ",
  "%",
  "?",
];

const address = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 255 }))
      .map(([c, d]) => `5.0.${c}.${d}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "10.8.3.4",
      "10.0.0.1",
      "0.0.0.0",
      "240.0.0.1",
      "255.255.255.255",
      "192.0.2.1",
      "203.0.113.7",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "2a00::1",
      "2a00:0:1::3",
      "2a00:0:1::9",
      "2001:db8::5",
      "::",
      "::1",
      "fe80::1%eth0",
      "::ffff:5.0.1.101",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "2002:500:16c::",
      "2001:0:0:0:0:0:faff:fe93",
      "64:ff9b::5.0.1.108",
      "64:ff9b::500:16c",
      "::5.0.3.5",
      "::500:305",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("5.0.1.7:443", "[2a00::1]:443", "[2a00::1]", "5.0.1.7:_web", "2a00:0:1:0:0:0:0:3:443"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "-",
      "unknown",
      "5.0.1",
      "05.0.1.7",
      "5.0.1.7 ",
      "1.2.3.400",
      "::1.2.3.04",
      "example.org",
      ...HOSTILE,
    ),
  },
  { weight: 1, arbitrary: fc.ipV6() },
);

const text = fc.oneof(
  fc.constantFrom("", "api", "web", "Ä", ...HOSTILE),
  fc.string({ maxLength: 6, unit: "grapheme" }),
);

/** Any rows within three days. */
export const arbitraryRow: fc.Arbitrary<TableRow> = fc.record({
  ts: fc.integer({ min: ROW_ORIGIN_MS, max: ROW_ORIGIN_MS + 3 * 86_400_000 }).map((ms) => new Date(ms).toISOString()),
  ip: address,
  xff: fc.oneof(
    { weight: 3, arbitrary: fc.constant("") },
    { weight: 2, arbitrary: fc.array(address, { maxLength: 3 }).map((hops) => hops.join(", ")) },
  ),
  status: fc.constantFrom(0, 99, 100, 200, 200, 204, 301, 401, 403, 404, 429, 499, 500, 502, 503, 599, 999, 1000),
  latency_ms: fc.oneof(
    fc.constantFrom(null, 0, -0, -1, 1e-9, 12, 1e12, 1e39, 1e300, 0.1),
    fc.double({ min: 0.001, max: 100_000, noNaN: true }),
  ),
  bytes: fc.oneof(fc.constantFrom(null, -5), fc.integer({ min: 0, max: 2 ** 40 })),
  user: fc.oneof(fc.constantFrom("", null, "ann", "bob", "cäcilie"), text),
  service: text,
  path: fc.oneof(fc.constantFrom("", "/", "/users/123?x=1#y", "https://h.example/a/b?c", "/a b"), text),
});

export const arbitraryRows = fc.array(arbitraryRow, { maxLength: 250, size: "max" });
