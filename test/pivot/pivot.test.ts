import fc from "fast-check";
import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { LATENCY_BINS } from "../../src/cube/measures/latencyStore.js";
import { pivot } from "../../src/pivot/pivot.js";
import { arbitraryEvents, TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { eventsOf, type PlainEvent, TEST_PLACES } from "../support/randomEvents.js";
import { runs } from "../support/runs.js";

const HOUR_MS = 3_600_000;
const options = { bucketSeconds: 3600, resolution: 4, dimensions: ["service", "version"] };

const event = (change: Partial<PlainEvent> = {}): PlainEvent => ({
  timeMs: TEST_ORIGIN_MS,
  place: 1,
  status: 200,
  latencyMs: 10,
  bytes: 100,
  client: 1,
  user: "ann",
  service: "api",
  version: "4.2",
  ...change,
});
const cubeOf = (plain: readonly PlainEvent[]): Cube => Cube.from(eventsOf(plain), options);
const rowsOf = (plain: readonly PlainEvent[], question: Parameters<typeof pivot>[1]): object[] =>
  pivot(cubeOf(plain), question).objects();

const KEYS: Readonly<Record<string, (e: PlainEvent) => string | number>> = {
  country: (e) => TEST_PLACES[e.place]![0],
  city: (e) => TEST_PLACES[e.place]![2],
  service: (e) => e.service,
  version: (e) => e.version,
  hour: (e) => new Date(e.timeMs).getUTCHours(),
  day: (e) => new Date(e.timeMs).toISOString().slice(0, 10),
};

/** What the table must be, from a Map. */
function naivePivot(plain: readonly PlainEvent[], by: readonly string[]): Map<string, object> {
  const groups = new Map<string, PlainEvent[]>();
  for (const e of plain) {
    const key = by.map((name) => KEYS[name]!(e)).join("|");
    groups.set(key, [...(groups.get(key) ?? []), e]);
  }
  return new Map(
    [...groups].map(([key, events]) => {
      const latencies = events.map((e) => Math.fround(e.latencyMs)).filter((ms) => !Number.isNaN(ms));
      latencies.sort((a, b) => a - b);
      const rank = Math.max(1, Math.ceil(0.9 * latencies.length - 1e-9));
      const errors = events.filter((e) => e.status >= 500).length;
      const answered = events.filter((e) => e.status > 0).length;
      return [
        key,
        {
          count: events.length,
          share: events.length / plain.length,
          errors,
          error_rate: answered > 0 ? errors / answered : null,
          denied: events.filter((e) => [401, 403, 429].includes(e.status)).length,
          bytes: events.reduce((total, e) => total + (Number.isNaN(e.bytes) ? 0 : e.bytes), 0),
          p90: latencies.length > 0 ? LATENCY_BINS.valueOf(LATENCY_BINS.binOf(latencies[rank - 1]!)) : null,
          clients: new Set(events.filter((e) => e.client !== null).map((e) => e.client)).size,
          users: new Set(events.filter((e) => e.user !== "").map((e) => e.user)).size,
        },
      ];
    }),
  );
}

const MEASURES = ["count", "share", "errors", "error_rate", "denied", "bytes", "p90", "clients", "users"];

test("every pivot equals that of a Map, however the log is split over cubes", () => {
  const by = fc.shuffledSubarray(Object.keys(KEYS), { maxLength: 3 });
  fc.assert(
    fc.property(arbitraryEvents, by, fc.nat(200), (plain, by, cut) => {
      const cube = Cube.from([eventsOf(plain.slice(0, cut)), eventsOf(plain.slice(cut), 2)], options);
      const found = new Map<string, object>();
      for (const row of pivot(cube, { by, measures: MEASURES }).objects() as Record<string, unknown>[]) {
        const measures = Object.fromEntries(MEASURES.map((name) => [name, row[name]]));
        found.set(by.map((name) => row[name]).join("|"), measures);
      }
      expect(found).toEqual(naivePivot(plain, by));
    }),
    { numRuns: runs(80) },
  );
});

test("a condition leaves out what does not meet it", () => {
  fc.assert(
    fc.property(arbitraryEvents, (plain) => {
      const kept = plain.filter((e) => TEST_PLACES[e.place]![0] !== "DE" && e.service === "api");
      const where = { country: { not: "DE" }, service: "api" };
      const [row] = rowsOf(plain, { where, measures: ["count", "users"] }) as Record<string, number>[];
      expect(row?.count ?? 0).toBe(kept.length);
    }),
    { numRuns: runs(30) },
  );
});

test("columns cross rows, and empty cells are zero where zero is meant", () => {
  const plain = [event(), event({ place: 3, status: 500 }), event({ timeMs: TEST_ORIGIN_MS + HOUR_MS })];
  expect(rowsOf(plain, { by: ["hour"], columns: ["country"] })).toEqual([
    { hour: 0, BR: 1, DE: 1 },
    { hour: 1, BR: 0, DE: 1 },
  ]);
  expect(rowsOf(plain, { by: ["hour"], columns: ["country"], measures: ["errors", "p50"] })[1]).toMatchObject({
    errors_BR: 0,
    p50_BR: null,
  });
  expect(rowsOf(plain, { by: ["hour"], columns: ["country"], totals: true })).toEqual([
    { hour: 0, BR: 1, DE: 1, total: 2 },
    { hour: 1, BR: 0, DE: 1, total: 1 },
    { hour: "total", BR: 1, DE: 2, total: 3 },
  ]);
});

test("numeric keys sort as numbers, weekdays as the week goes", () => {
  const plain = ["10", "9", "100"].map((service) => event({ service }));
  expect(rowsOf(plain, { by: ["service"] }).map((row) => (row as { service: string }).service)).toEqual([
    "9",
    "10",
    "100",
  ]);
  const days = [6, 0, 2].map((day) => event({ timeMs: TEST_ORIGIN_MS + day * 24 * HOUR_MS }));
  expect(rowsOf(days, { by: ["weekday"] }).map((row) => (row as { weekday: string }).weekday)).toEqual([
    "Mon",
    "Wed",
    "Sun",
  ]);
});

test("filling shows the hours without requests", () => {
  const rows = rowsOf([event()], { by: ["country", "hour"], measures: ["count", "p95"], fill: true });
  expect(rows).toHaveLength(24);
  expect(rows[5]).toEqual({ country: "DE", hour: 5, count: 0, p95: null });
});

test("what the cube counts as other values is one row with the rest, apart from a service that is called other", () => {
  const plain = ["a", "a", "a", "other", "other", "b", "c", "d"].map((service) => event({ service }));
  const cube = Cube.from(eventsOf(plain), { dimensions: ["service"], maxValues: 3 });
  const by = (top?: number) => pivot(cube, { by: ["service"], ...(top && { top }) }).objects();
  expect(by(2)).toEqual([
    { service: "a", count: 3 },
    { service: "other", count: 2 },
    { service: "(other)", count: 3 },
  ]);
  expect(by()).toEqual([
    { service: "a", count: 3 },
    { service: "b", count: 1 },
    { service: "other", count: 2 },
    { service: "(other)", count: 2 },
  ]);
});

test("the top values come first and the rest is summed", () => {
  const plain = [3, 3, 3, 1, 1, 5, 6, 7].map((place) => event({ place }));
  expect(rowsOf(plain, { by: ["country"], top: 2, totals: true })).toEqual([
    { country: "BR", count: 3 },
    { country: "DE", count: 2 },
    { country: "other", count: 3 },
    { country: "total", count: 8 },
  ]);
});

test("subtotals count distinct users once", () => {
  const plain = [event(), event({ place: 2 }), event({ place: 3, user: "bob" })];
  const rows = rowsOf(plain, { by: ["country", "city"], measures: ["count", "users"], subtotals: true, totals: true });
  expect(rows).toEqual([
    { country: "BR", city: "São Paulo", count: 1, users: 1 },
    { country: "BR", city: "total", count: 1, users: 1 },
    { country: "DE", city: "Berlin", count: 1, users: 1 },
    { country: "DE", city: "Frankfurt", count: 1, users: 1 },
    { country: "DE", city: "total", count: 2, users: 1 },
    { country: "total", city: "total", count: 3, users: 2 },
  ]);
});

test("rates are per minute of the time a row stands for, quiet hours included", () => {
  const plain = [0, 1, 24, 25, 47].map((hour) => event({ timeMs: TEST_ORIGIN_MS + hour * HOUR_MS }));
  expect(rowsOf(plain, { measures: ["rate"] })).toEqual([{ rate: 5 / (48 * 60) }]);
  expect(rowsOf(plain, { by: ["hour"], measures: ["rate"] })[0]).toEqual({ hour: 0, rate: 2 / 120 });
  expect(rowsOf(plain, { by: ["day"], measures: ["rate"] })[1]).toEqual({ day: "2026-03-03", rate: 3 / 1440 });
  const from = "2026-03-03";
  expect(rowsOf(plain, { from, where: { hour: [0, 1] }, measures: ["rate"] })).toEqual([{ rate: 2 / 120 }]);
});

test("local time is that of the place: its zone, else its coordinates", () => {
  // Berlin is an hour ahead in early March, New York five behind, Kolkata five and a half ahead, Tokyo (no zone given) nine.
  const plain = [1, 4, 6, 7, 0].map((place) => event({ place, timeMs: TEST_ORIGIN_MS + 12 * HOUR_MS }));
  const rows = rowsOf(plain, { by: ["country", "hour"], timeZone: "local" });
  expect(rows.map((row) => Object.values(row).slice(0, 2))).toEqual([
    ["", null],
    ["DE", 13],
    ["IN", 17],
    ["JP", 21],
    ["US", 7],
  ]);
  const zoned = rowsOf([event({ timeMs: TEST_ORIGIN_MS + 23 * HOUR_MS })], { by: ["weekday"], timeZone: "Asia/Tokyo" });
  expect(zoned).toEqual([{ weekday: "Tue", count: 1 }]);
});

test("local time follows the change of clocks", () => {
  // Clocks in Berlin went from 02:00 to 03:00 on 29 March 2026, 01:00 UTC.
  const change = Date.UTC(2026, 2, 29);
  const plain = [0, 1].map((hour) => event({ timeMs: change + hour * HOUR_MS }));
  expect(rowsOf(plain, { by: ["hour"], timeZone: "local" })).toEqual([
    { hour: 1, count: 1 },
    { hour: 3, count: 1 },
  ]);
});

test("the privacy floor merges small rows upward and withholds what is left", () => {
  const many = (place: number, clients: number, from: number): PlainEvent[] =>
    Array.from({ length: clients }, (_, i) => event({ place, client: from + i }));
  const plain = [...many(1, 6, 100), ...many(2, 2, 200), ...many(4, 3, 300), ...many(5, 2, 400), ...many(7, 1, 500)];
  const rows = rowsOf(plain, { by: ["country", "city"], measures: ["count", "clients"], minClients: 5, totals: true });
  expect(rows).toEqual([
    { country: "DE", city: "Frankfurt", count: 6, clients: 6 },
    { country: "US", city: "other", count: 5, clients: 5 },
    { country: "total", city: "total", count: 11, clients: 11 },
  ]);
});

test("no row of a floored pivot stands for fewer clients, and nothing is invented", () => {
  fc.assert(
    fc.property(arbitraryEvents, fc.integer({ min: 1, max: 6 }), (plain, minClients) => {
      const question = { by: ["country", "service"], measures: ["count", "clients"], minClients };
      const rows = rowsOf(plain, question) as { count: number; clients: number }[];
      for (const row of rows) expect(row.clients).toBeGreaterThanOrEqual(minClients);
      expect(rows.reduce((total, row) => total + row.count, 0)).toBeLessThanOrEqual(plain.length);
    }),
    { numRuns: runs(40) },
  );
});

test("a dimension of the user's own is made of places", () => {
  const market = {
    name: "market",
    of: (p: { country: string }) => (["DE", "JP"].includes(p.country) ? "core" : "rest"),
  };
  expect(rowsOf([event(), event({ place: 7 }), event({ place: 3 })], { by: [market] })).toEqual([
    { market: "core", count: 2 },
    { market: "rest", count: 1 },
  ]);
});

test("cells roll up to coarser ones, countries to continents", () => {
  const plain = [event(), event({ place: 3 }), event({ place: 0 })];
  const [none, ...cells] = rowsOf(plain, { by: ["cell:2"] }) as { "cell:2": string }[];
  expect(none!["cell:2"]).toBe("");
  for (const cell of cells) expect(cell["cell:2"]).toMatch(/^82[0-9a-f]{5}ffffffff$/);
  expect(rowsOf(plain, { by: ["continent"] }).map((row) => Object.values(row)[0])).toEqual(["", "EU", "SA"]);
});

test("tables are arquero's, and go out as CSV, JSON and Arrow", () => {
  const table = pivot(cubeOf([event(), event({ place: 3 })]), { by: ["country"], measures: ["count", "error_rate"] });
  expect(table.toCSV()).toMatch(
    /^country,count,error_rate,error_rate_low,error_rate_high\nBR,1,0,0,0\.7934506856\d+\nDE,1/,
  );
  expect(table.columnNames()).toEqual(["country", "count", "error_rate", "error_rate_low", "error_rate_high"]);
  expect(JSON.parse(table.toJSON({ type: "rows" }))).toHaveLength(2);
  expect(table.toArrowIPC({ format: "file" }).subarray(0, 6)).toEqual(new TextEncoder().encode("ARROW1"));
});

test.each([
  [{ by: ["contry"] }, "no-such-dimension"],
  [{ measures: ["p"] }, "no-such-measure"],
  [{ measures: ["constructor"] }, "no-such-measure"],
  [{ measures: [] }, "bad-pivot-option"],
  [{ by: ["country"], columns: ["country"] }, "bad-pivot-option"],
  [{ by: ["cell:9"] }, "bad-pivot-option"],
  [{ top: 0 }, "bad-pivot-option"],
  [{ timeZone: "Mars/Olympus" }, "bad-pivot-option"],
  [{ from: "yesterday" }, "bad-time"],
])("the question %j is refused with %s", (question, code) => {
  expect(() => pivot(cubeOf([event()]), question)).toThrow(expect.objectContaining({ code }));
});

test("a measure that the cube does not keep is refused", () => {
  const cube = Cube.from(eventsOf([event()]), { ...options, measures: [] });
  expect(() => pivot(cube, { measures: ["p95"] })).toThrow(expect.objectContaining({ code: "measure-not-kept" }));
});

test("a pivot of an empty cube is an empty table", () => {
  expect(pivot(Cube.from([]), { by: ["country", "time"] }).numRows()).toBe(0);
});
