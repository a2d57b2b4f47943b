import fc from "fast-check";
import { expect, test } from "vitest";
import { EventColumns } from "../../src/read/columns/eventColumns.js";
import { knownField } from "../../src/read/fields/knownFields.js";
import { RowWriter } from "../../src/read/fields/rowWriter.js";
import { JsonKernel } from "../../src/read/json/jsonKernel.js";
import { JsonLine } from "../../src/read/json/jsonLine.js";
import { JsonRow } from "../../src/read/json/jsonRow.js";
import { JsonScanner } from "../../src/read/json/jsonScanner.js";
import { runs } from "../support/runs.js";
import { parsed, Sink, scanned } from "./support/jsonOutcome.js";

const encoder = new TextEncoder();

/** Fields as they are written, of which values are put in the place of one. */
const PLAIN = {
  ts: "1772409600000",
  ip: '"192.0.2.1"',
  status: "200",
  latency_ms: "12.5",
  bytes: "1024",
  user: '"ann"',
  path: '"/a"',
  service: '"api"',
};
type Name = keyof typeof PLAIN;
const PLAIN_VALUES = Object.fromEntries(Object.entries(PLAIN).map(([name, value]) => [name, fc.constant(value)]));
const lineOf = (fields: Partial<Record<string, string>>): string =>
  `{${Object.entries(fields)
    .map(([name, value]) => `"${name}":${value}`)
    .join(",")}}`;

/** Expects lines with these values of a field, in the middle and at the end, to be read as `JSON.parse` reads them. */
function expectSame(name: Name, values: readonly string[]): void {
  const { [name]: plain, ...others } = PLAIN;
  for (const order of [
    (value: string) => ({ ...PLAIN, [name]: value }),
    (value: string) => ({ ...others, [name]: value }),
  ]) {
    for (let i = 0; i < values.length; i += 16) {
      const some = values.slice(i, i + 16);
      // The shape comes first, since the kernel reads what it has learned; values come twice, for it learns those, too.
      const lines = [plain, plain, ...some, plain, ...some].map((value) => lineOf(order(value)));
      const bytes = encoder.encode(lines.join("\n"));
      expect(scanned(bytes), lines.join("\n")).toEqual(parsed(bytes));
    }
  }
}

const digits = (count: number, first = 1): string => Array.from({ length: count }, (_, i) => (first + i) % 10).join("");
const lengths = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Numbers of every length, with a dot at every place, and what only looks like a number. */
const NUMBERS = [
  ...lengths(1, 18).flatMap((n) => [digits(n), digits(n, 9), "9".repeat(n), "0".repeat(n), `1${"0".repeat(n - 1)}`]),
  ...lengths(1, 17).flatMap((n) => lengths(0, n).map((at) => `${digits(n).slice(0, at)}.${digits(n).slice(at)}`)),
  ...lengths(1, 16).flatMap((n) => [`0.${digits(n)}`, `0.${"0".repeat(n)}`, `00.${digits(n)}`, `${digits(n)}.5.5`]),
  ...[
    "-1",
    "+1",
    "1e3",
    "1E3",
    "1.5e3",
    "1e",
    "1/2",
    "1:2",
    "0x1",
    "1,",
    "1 ",
    " 1",
    "1a",
    "null",
    "nul",
    "true",
    '""',
  ],
  ...['"-"', '"1"', "[1]", "{}", "[", "-", "--1", "1-", "NaN", "Infinity", "1_000"],
];

test.each<Name>(["latency_ms", "bytes", "ts", "status"])("numbers of every form in %s", (name) => {
  expectSame(name, NUMBERS);
});

test("every status, and its neighbours", () => {
  expectSame(
    "status",
    lengths(0, 1100).map((status) => `${status}`),
  );
});

test("times around every limit of their units", () => {
  const limits = [1e11, 1e12, 1e13, 1e14, 1e15, 253_402_300_799, 253_402_300_799_999, 2 ** 53, 1e17];
  const around = limits.flatMap((limit) => [-2, -1, 0, 1, 2].map((d) => BigInt(limit) + BigInt(d)));
  expectSame("ts", [...around.map(String), ...around.map((time) => `${time}.5`), ...around.map((time) => `0${time}`)]);
});

test("times of day with fractions of every length", () => {
  const fractions = [
    "",
    ".",
    ...lengths(1, 12).flatMap((n) => [`.${digits(n)}`, `.${"9".repeat(n)}`, `.${"0".repeat(n)}`]),
  ];
  const zones = ["Z", "z", "+00:00", "-07:30", "+18:59", "+19:00", "", "+01", "Y", ".5Z"];
  const clocks = [
    "00:00:00",
    "23:59:59",
    "24:00:00",
    "23:59:60",
    "25:00:00",
    "12:60:00",
    "12:00:61",
    "1:00:00",
    "12:00",
  ];
  const dates = ["2026-03-02", "2024-02-29", "2026-02-29", "1969-12-31", "2026-00-01", "2026-12-32"];
  expectSame("ts", [
    ...fractions.flatMap((fraction) => zones.map((zone) => `"2026-03-02T12:34:56${fraction}${zone}"`)),
    ...dates.flatMap((date) => clocks.map((clock) => `"${date}T${clock}.123Z"`)),
  ]);
});

test("addresses with octets of every form", () => {
  const octets = [
    "",
    "0",
    "1",
    "9",
    "00",
    "01",
    "10",
    "99",
    "001",
    "010",
    "099",
    "100",
    "255",
    "256",
    "999",
    "1255",
    "/",
    "1/",
  ];
  const texts = lengths(0, 3).flatMap((place) =>
    octets.flatMap((octet) =>
      ["1", "23", "255"].map((other) =>
        lengths(0, 3)
          .map((i) => (i === place ? octet : other))
          .join("."),
      ),
    ),
  );
  const others = [
    "1.2.3",
    "1.2.3.4.5",
    ".1.2.3",
    "1.2.3.",
    "1..2.3",
    "1234",
    "1.2.3.4:80",
    "1.2.3.4 ",
    " 1.2.3.4",
    "::1",
    "-",
    "1.2.3.00.",
    "1.2.3.4.",
    "1.2.3.4/",
  ];
  const lengthsOfOctets = lengths(0, 80).map((n) =>
    [27, 9, 3, 1].map((power) => digits((Math.floor(n / power) % 3) + 1)).join("."),
  );
  expectSame(
    "ip",
    [...texts, ...others, ...lengthsOfOctets].map((text) => `"${text}"`),
  );
});

test.each<Name>(["user", "service", "path"])(
  "strings of every length, with what ends plain text at every place, in %s",
  (name) => {
    const letters = `/${"abcdefghijklmnopqrstuvwxyz".repeat(2)}`;
    const ends = [
      "",
      '\\"',
      "\\\\",
      "\\/",
      "\\u0041",
      "\\n",
      "\\x",
      "\u00e9",
      "\u{1f600}",
      "\t",
      "\u0000",
      "\u007f",
      " ",
      "!",
      "?",
      "#",
    ];
    const texts = lengths(0, 34).flatMap((at) => ends.map((end) => `${letters.slice(0, at)}${end}`));
    const inside = [0, 1, 14, 15, 16, 17, 31, 32].flatMap((at) =>
      ends.flatMap((end) => [
        `${letters.slice(0, at)}${end}${letters.slice(at, at + 3)}`,
        `/${letters.slice(1, at)}${end}-${end}`,
      ]),
    );
    const long = [240, 253, 254, 255, 256, 257, 300].map((n) => `/${"x".repeat(n)}`);
    expectSame(
      name,
      [...texts, ...inside, ...long, "-", "--", "-a"].map((text) => `"${text}"`),
    );
  },
);

test("values of one field that are strings, numbers and null in turn", () => {
  const values = ['"a"', "1", "null", '""', '"-"', "true", "[]", "{}", '{"a":1}', "1.5", '"1"', "-1"];
  for (const name of Object.keys(PLAIN) as Name[]) {
    for (const first of values) {
      const lines = [first, first, ...values, ...values].map((value) => lineOf({ ...PLAIN, [name]: value }));
      const bytes = encoder.encode(lines.join("\n"));
      expect(scanned(bytes), lines.join("\n")).toEqual(parsed(bytes));
    }
  }
});

test("keys of every length that begin alike", () => {
  for (const size of lengths(1, 50)) {
    const key = "k".repeat(size);
    const otherWithin = `${key.slice(0, size / 2)}m${key.slice(size / 2 + 1)}`;
    const lines = [key, otherWithin, `${key}k`, `${key}l`, `${key}:`, ` ${key}`].flatMap((name) =>
      ["1", '"v"', " 1", ' "v"', "null"].map((value) => lineOf({ ...PLAIN, [name]: value, user: '"ann"' })),
    );
    const bytes = encoder.encode([...lines, ...lines].join("\n"));
    expect(scanned(bytes), lines.join("\n")).toEqual(parsed(bytes));
  }
});

test("lines that end where a piece of the kernel's memory ends", () => {
  for (const rest of lengths(0, 40)) {
    const first = lineOf({ ...PLAIN, user: `"${"u".repeat(rest + 1)}"` });
    const line = lineOf(PLAIN);
    const lines = [first, ...Array.from({ length: Math.ceil((1 << 16) / line.length) + 2 }, () => line)];
    const bytes = encoder.encode(lines.join("\n"));
    const { rows } = scanned(bytes);
    expect(rows).toHaveLength(lines.length);
    expect(new Set(rows.slice(1).map((row) => JSON.stringify(row)))).toHaveLength(1);
  }
});

test("random numbers, addresses and names are read as JSON.parse reads them", () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.nat(15))
    .map(([value, at]) => `${value}`.padStart(at + 1, "0").replace(new RegExp(`(?=.{${at}}$)`), at > 0 ? "." : ""));
  const name = fc
    .string({ unit: fc.constantFrom(...'ab/?# -\\"\u00e9\u0001'), maxLength: 36 })
    .map((text) => `"${text}"`);
  const line = fc.record({
    ts: fc.oneof(fc.integer({ min: 0, max: 2e12 }).map(String), decimal),
    ip: fc.ipV4().map((ip) => `"${ip}"`),
    status: fc.oneof(fc.integer({ min: 99, max: 1000 }).map(String), decimal),
    latency_ms: decimal,
    bytes: decimal,
    user: name,
    path: name.map((text) => text.replace('"', '"/')),
    service: name,
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 4, maxLength: 12 }), (rows) => {
      const lines = [PLAIN, PLAIN, ...rows, ...rows].map(lineOf);
      const bytes = encoder.encode(lines.join("\n"));
      expect(scanned(bytes)).toEqual(parsed(bytes));
    }),
    { numRuns: runs(1500), seed: 5 },
  );
});

test("doubles as programs print them, and decimals between two doubles", () => {
  const printed = fc.double({ min: 1e-6, max: 1e15, noNaN: true }).map(String);
  const decimal = fc
    .tuple(fc.bigInt({ min: 2n ** 53n, max: 10n ** 19n }), fc.nat(22))
    .map(([value, at]) => `${value}`.padStart(at + 1, "0").replace(new RegExp(`(?=.{${at}}$)`), at > 0 ? "." : ""));
  // Doubles near 9e14 are an eighth apart, those beyond 2^52 a half.
  const middle = fc.oneof(
    fc
      .tuple(fc.bigInt({ min: 2n ** 49n + 1n, max: 999_999_999_999_999n }), fc.nat(15))
      .map(([n, i]) => `${n}${`${i / 16}`.slice(1)}`),
    fc
      .tuple(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n }), fc.constantFrom("", ".25", ".5", ".75"))
      .map(([n, rest]) => `${n}${rest}`),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }).map(String),
  );
  const number = fc.oneof(printed, decimal, middle);
  const line = fc.record({
    ...PLAIN_VALUES,
    bytes: number,
    latency_ms: number,
    ts: fc.oneof(number, fc.constant(PLAIN.ts)),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 8, maxLength: 16 }), (rows) => {
      const bytes = encoder.encode([PLAIN, PLAIN, ...rows].map(lineOf).join("\n"));
      expect(scanned(bytes)).toEqual(parsed(bytes));
    }),
    { numRuns: runs(1000), seed: 6 },
  );
});

/** A kernel that has learned the shape of `line`, and what reads other lines by it: true if it reads them to their end. */
function kernelFor(line: string): (other: string) => boolean {
  const columns = new EventColumns({ capacity: 64, maxValues: 1000, routes: true });
  const row = new JsonRow(new RowWriter(columns, {}), knownField);
  const plain = new JsonLine(columns, row);
  const kernel = JsonKernel.over(plain.slots)!;
  const pad = (text: string): Uint8Array => encoder.encode(`${text}\n${" ".repeat(64)}`);
  const bytes = pad(line);
  // By JSON.parse first, for only a line that is JSON to its end may say what fields there are.
  new JsonScanner(columns, row, new Sink(), { kernelAfter: Number.POSITIVE_INFINITY }).scan(bytes, 0, line.length + 1);
  plain.begin(bytes);
  kernel.read(columns, bytes, 0, line.length + 1);
  plain.read(0);
  kernel.learnLine(bytes, 0);
  return (other) => {
    kernel.forgetBytes();
    const end = encoder.encode(other).length + 1;
    return kernel.read(columns, pad(other), 0, end) === end;
  };
}

test("what is plain is read by the kernel itself, and nothing else", () => {
  const reads = kernelFor(lineOf(PLAIN));
  const withValue = (name: Name, value: string) => reads(lineOf({ ...PLAIN, [name]: value }));
  const plain: [Name, string][] = [
    ["ts", "1772409600"],
    ["ts", "1772409600.123"],
    ["ts", "1772409600000.5"],
    ["ts", "999999999999"],
    ["ip", '"255.255.255.255"'],
    ["ip", '"0.0.0.0"'],
    ["latency_ms", "0"],
    ["latency_ms", "0.001"],
    ["latency_ms", "123456789012345"],
    ["latency_ms", "123456789.12345"],
    ["latency_ms", "0.012799999999999999"],
    ["latency_ms", "1234567890123456789"],
    ["ts", "1772409600000000000"],
    ["user", '"a-name-of-more-than-sixteen-bytes"'],
    ["user", '"-"'],
    ["path", '"/of/more/than/sixteen/bytes"'],
    ["path", '"/a?b"'],
    ["service", '""'],
  ];
  for (const [name, value] of plain) expect(withValue(name, value), `${name} ${value}`).toBe(true);
  const others: [Name, string][] = [
    ["ts", "0772409600000"],
    ["ts", '"1772409600000"'],
    ["ip", '"255.255.255.256"'],
    ["ip", '"::1"'],
    ["status", "099"],
    ["status", "200.0"],
    ["latency_ms", "1e3"],
    ["latency_ms", "12345678901234567890"],
    ["latency_ms", "900719925474099.1875"],
    ["user", '"\u00e9"'],
    ["path", '"a"'],
  ];
  for (const [name, value] of others) expect(withValue(name, value), `${name} ${value}`).toBe(false);
  expect(reads(lineOf({ ...PLAIN, more: "1" }))).toBe(false);
});
