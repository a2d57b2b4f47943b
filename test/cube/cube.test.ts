import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import { LATENCY_BINS } from "../../src/cube/measures/latencyStore.js";
import type { Segment } from "../../src/cube/segments/segment.js";
import { arbitraryEvent, arbitraryEvents, TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { naiveGroups, plainGroups } from "../support/naiveGroups.js";
import { eventsOf, type PlainEvent, TEST_PLACES } from "../support/randomEvents.js";
import { runs } from "../support/runs.js";

const options = { bucketSeconds: 3600, resolution: 4, dimensions: ["service"] };
const digest = (column: ArrayLike<number>): string =>
  createHash("md5")
    .update(column as Uint32Array | Float64Array)
    .digest("hex");
const DAY = 86_400_000;
const binOf = (ms: number): number => LATENCY_BINS.binOf(ms);

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

test("a cube has the groups that a Map finds, with every measure", () => {
  fc.assert(
    fc.property(arbitraryEvents, (plain) => {
      const cube = Cube.from(eventsOf(plain), options);
      expect(plainGroups(cube)).toEqual(naiveGroups(plain, cube.bucketMs, binOf));
    }),
    { numRuns: runs(60) },
  );
});

test("how events come in batches, and with which dictionaries, makes no difference", () => {
  fc.assert(
    fc.property(arbitraryEvents, fc.array(fc.nat(60), { maxLength: 8 }), (plain, sizes) => {
      const batches: PlainEvent[][] = [];
      let at = 0;
      for (const size of [...sizes, plain.length]) batches.push(plain.slice(at, (at += size)));
      const cube = Cube.from(
        batches.map((batch, i) => eventsOf(batch, i)),
        options,
      );
      expect(plainGroups(cube)).toEqual(naiveGroups(plain, cube.bucketMs, binOf));
    }),
    { numRuns: runs(60) },
  );
});

test("a cube that is read between batches goes on as if it had not been", () => {
  fc.assert(
    fc.property(arbitraryEvents, fc.array(fc.nat(60), { maxLength: 8 }), fc.boolean(), (drawn, sizes, sorted) => {
      const plain = sorted ? drawn.toSorted((a, b) => a.timeMs - b.timeMs) : drawn;
      const cube = new Cube(options);
      let at = 0;
      for (const size of [...sizes, plain.length]) {
        cube.add(eventsOf(plain.slice(at, (at += size)), at % 5));
        expect(cube.groups.count.reduce((total, n) => total + n, 0)).toBe(Math.min(at, plain.length));
      }
      expect(plainGroups(cube)).toEqual(naiveGroups(plain, cube.bucketMs, binOf));
    }),
    { numRuns: runs(60) },
  );
});

test("batches of any size, in order of time or not, are counted alike", () => {
  const random = new Random(7);
  const drawn = fc.sample(arbitraryEvent, { seed: 7, numRuns: 500 });
  const plain = Array.from({ length: 45_000 }, () => ({
    ...random.pick(drawn),
    timeMs: TEST_ORIGIN_MS + random.int(3 * 86_400_000),
  }));
  const wanted = naiveGroups(plain, 3_600_000, binOf);
  for (const ordered of [plain, plain.toSorted((a, b) => a.timeMs - b.timeMs)])
    for (const rows of [45_000, 9000]) {
      const batches = Array.from({ length: Math.ceil(plain.length / rows) }, (_, i) =>
        eventsOf(ordered.slice(i * rows, (i + 1) * rows), i % 3),
      );
      expect(plainGroups(Cube.from(batches, options))).toEqual(wanted);
    }
});

test.each([
  ["of the same time", (ms: number): number => ms],
  ["that go on in time but for one", (ms: number, b: number): number => (ms + (b === 3 ? 0 : b) * DAY) / 8],
])("large batches %s are summed in pieces as if they were one", { timeout: 60_000 }, (_name, timeOf) => {
  const random = new Random(13);
  const drawn = fc.sample(arbitraryEvent, { seed: 13, numRuns: 500 });
  const batches = Array.from({ length: 6 }, (_, b) =>
    Array.from({ length: 40_000 }, () => ({
      ...random.pick(drawn),
      timeMs: TEST_ORIGIN_MS + Math.floor(timeOf(random.int(DAY), b)),
    })),
  );
  const keeping = { bucketSeconds: 10, dimensions: ["service"] };
  const mine = Cube.from(
    batches.map((batch, b) => eventsOf(batch, b % 3)),
    keeping,
  );
  const columns = ({ codes, latencies, clients, users, ...groups }: Segment) => [
    ...[groups.bucket, groups.place, ...codes, groups.count, groups.errors, groups.clientErrors, groups.denied],
    ...[groups.bytes, latencies.count, latencies.start, clients.start, users.start],
  ];
  expect(mine.segment.length).toBeGreaterThan(2 ** 16);
  expect(columns(mine.segment).map(digest)).toEqual(
    columns(Cube.from(eventsOf(batches.flat()), keeping).segment).map(digest),
  );
});

test("batches of the same time are joined before too many wait", { timeout: 60_000 }, () => {
  const random = new Random(17);
  const seconds = DAY / 1000;
  const plain = fc.sample(arbitraryEvent, { seed: 17, numRuns: 60_000 });
  const events = eventsOf(plain);
  const cube = new Cube({ bucketSeconds: 1, measures: [] });
  const counts = new Uint32Array(seconds * TEST_PLACES.length);
  let most = 0;
  for (let b = 0; b < 52; b++) {
    const second = Float64Array.from(plain, () => random.int(seconds));
    for (const [i, at] of second.entries()) counts[at * TEST_PLACES.length + plain[i]!.place]!++;
    cube.add({ ...events, timeMs: second.map((at) => TEST_ORIGIN_MS + at * 1000) });
    most = Math.max(most, cube.memoryBytes);
  }
  const { length, bucket, place, count } = cube.segment;
  const { places } = cube;
  const placeOf = Array.from({ length: places.length }, (_, row) =>
    TEST_PLACES.findIndex(([, , city]) => city === places.cities.values[places.city[row]!]),
  );
  const found = new Uint32Array(counts.length);
  for (let g = 0; g < length; g++) found[bucket[g]! * TEST_PLACES.length + placeOf[place[g]!]!] = count[g]!;
  expect(digest(found)).toEqual(digest(counts));
  expect(length).toBe(counts.filter((n) => n > 0).length);
  // What may wait, the cube, a batch and the memory that it is built in; all batches apart would be 160 MB and more.
  expect(most).toBeLessThan(135e6);
});

test("groups beside crowded ones are exact, whatever their size", () => {
  const random = new Random(11);
  // Users and latencies of each place: some beyond what is kept exactly, some alike, some all different.
  const shapes = [
    [6000, 9000, 1],
    [100, 130, 1],
    [5, 5000, 0],
    [3000, 200, 3],
    [40, 40, 1],
    [1, 127, 0.01],
    [300, 129, 0],
  ] as const;
  const plain = shapes.flatMap(([users, requests, spread], i) =>
    Array.from({ length: requests }, (_, k) =>
      event({
        place: i + 1,
        user: `u${k < users ? k : random.int(users)}`,
        latencyMs: k % 50 === 7 ? Number.NaN : 20 * Math.exp(spread * random.normal()),
      }),
    ),
  );
  const cube = Cube.from(eventsOf(plain), options);
  const exact = ([, group]: [string, { users: number }]): boolean => group.users <= 4096;
  const [mine, wanted] = [[...plainGroups(cube)], [...naiveGroups(plain, cube.bucketMs, binOf)]];
  expect(mine.filter(exact)).toEqual(wanted.filter(exact));
  expect(mine).toHaveLength(7);
});

test("groups are sorted by bucket, place and codes", () => {
  const plain = Array.from({ length: 300 }, (_, i) =>
    event({ timeMs: TEST_ORIGIN_MS + ((i * 7919) % 50) * 3_600_000, place: i % 8, service: ["", "a", "b"][i % 3]! }),
  );
  const { groups } = Cube.from([eventsOf(plain.slice(0, 100)), eventsOf(plain.slice(100), 3)], options);
  for (let g = 1; g < groups.length; g++) {
    const key = (k: number) => [groups.bucket[k]!, groups.place[k]!, groups.codes[0]![k]!];
    const [a, b] = [key(g - 1), key(g)];
    const differs = a.findIndex((value, i) => value !== b[i]);
    expect(differs).toBeGreaterThanOrEqual(0);
    expect(a[differs]).toBeLessThan(b[differs]!);
  }
});

test("times, window and origin", () => {
  const plain = [0, 10, 20, 30].map((hour) => event({ timeMs: TEST_ORIGIN_MS + hour * 3_600_000 + 5 }));
  const cube = Cube.from(eventsOf([...plain, event({ timeMs: Number.NaN })]), {
    ...options,
    fromMs: TEST_ORIGIN_MS + 3_600_000,
    toMs: TEST_ORIGIN_MS + 25 * 3_600_000,
  });
  expect([cube.originMs, cube.bucketCount]).toEqual([TEST_ORIGIN_MS + 10 * 3_600_000, 11]);
  expect([cube.firstTimeMs, cube.lastTimeMs]).toEqual([plain[1]!.timeMs, plain[2]!.timeMs]);
  expect([cube.outside, cube.groups.length]).toEqual([3, 2]);
});

test("unlocated events are kept in place row 0", () => {
  const cube = Cube.from(eventsOf([event({ place: 0 }), event(), event({ place: 0 })]), options);
  expect([...cube.groups.place]).toEqual([0, 1]);
  expect([...cube.groups.count]).toEqual([2, 1]);
  expect([cube.places.cellHigh[0], cube.places.countries.value(cube.places.country[0]!)]).toEqual([0, ""]);
  expect(cube.places.cellHigh[1]).not.toBe(0);
});

test("what counts as an error is the user's to say", () => {
  const plain = [200, 404, 429, 500].map((status) => event({ status }));
  const by = (errors: readonly number[] | ((status: number) => boolean)) =>
    Cube.from(eventsOf(plain), { ...options, errors }).groups;
  expect(by([404, 429]).errors[0]).toBe(2);
  expect(by((status) => status >= 400).errors[0]).toBe(3);
  expect([by([]).errors[0], by([]).clientErrors[0], by([]).denied[0]]).toEqual([0, 2, 1]);
});

test("a cube keeps only the measures asked for", () => {
  const cube = Cube.from(eventsOf([event()]), { ...options, measures: [] });
  const bins = new Uint32Array(cube.latencyBins.count);
  cube.latencyInto(0, bins);
  expect([
    cube.groups.count[0],
    cube.groups.bytes[0],
    cube.segment.latencies.count[0],
    bins.some((n) => n > 0),
  ]).toEqual([1, 0, 0, false]);
  expect(cube.topClients([0])).toEqual([]);
});

test("values beyond the limit of a dimension count as other, or are refused", () => {
  const plain = Array.from({ length: 50 }, (_, i) => event({ service: `s${i}` }));
  const cube = Cube.from(eventsOf(plain), { ...options, maxValues: 10 });
  const { dictionary, overflowed } = cube.dimensions[0]!;
  expect([dictionary.size, overflowed, cube.groups.length]).toEqual([12, true, 11]);
  expect(cube.groups.count[10]).toBe(40);
  expect(dictionary.value(cube.groups.codes[0]![10]!)).toBe("(other)");
  expect(() => Cube.from(eventsOf(plain), { ...options, maxValues: 10, overflow: "error" })).toThrow(
    expect.objectContaining({ code: "too-many-values" }),
  );
});

test("a service that is called other is told apart from the values beyond the limit, which reading may have met before", () => {
  const plain = ["other", "(other)", "a", "b", "c"].map((service) => event({ service }));
  const { dimensions, groups } = Cube.from(eventsOf(plain), { ...options, maxValues: 2 });
  const { dictionary, overflowed } = dimensions[0]!;
  expect(dictionary.values).toEqual(["", "other", "(other)", "a"]);
  expect([overflowed, [...groups.codes[0]!], [...groups.count]]).toEqual([true, [1, 2, 3], [1, 3, 1]]);
});

test("a cube that grows beyond its memory says so", () => {
  const plain = Array.from({ length: 5000 }, (_, i) => event({ service: `s${i}` }));
  const cube = Cube.from(eventsOf(plain), options);
  expect(cube.memoryBytes).toBeGreaterThan(5000 * 50);
  expect(() => Cube.from(eventsOf(plain), { ...options, maxBytes: 100_000 })).toThrow(
    expect.objectContaining({ code: "cube-too-large" }),
  );
});

test.each([
  [{ bucketSeconds: 0 }],
  [{ bucketSeconds: 0.0001 }],
  [{ resolution: 16 }],
  [{ resolution: 3.5 }],
  [{ dimensions: ["a", "a"] }],
  [{ errors: [1000] }],
  [{ fromMs: 5, toMs: 5 }],
  [{ maxValues: 0 }],
  [{ measures: ["heat" as "users"] }],
])("options %j are refused", (bad) => {
  expect(() => new Cube(bad)).toThrow(expect.objectContaining({ code: "bad-cube-option" }));
});

test("a span of too many buckets is refused with advice", () => {
  expect(() => Cube.from(eventsOf([event(), event({ timeMs: 0 })]), { bucketSeconds: 1 })).toThrow(/fromMs/);
});

test("an empty cube answers", () => {
  const cube = Cube.from([]);
  expect([cube.groups.length, cube.bucketCount, cube.originMs, cube.firstTimeMs]).toEqual([0, 0, 0, Number.NaN]);
});

test("the busiest clients of a crowded group come with a bound that holds", () => {
  const plain = Array.from({ length: 9000 }, (_, i) =>
    event({ client: i % 10 === 0 ? 77 : 1000 + i, status: i % 20 === 0 ? 500 : 200, timeMs: TEST_ORIGIN_MS + i }),
  );
  const batches = [plain.slice(0, 5000), plain.slice(5000, 5100), plain.slice(5100)].map((batch) => eventsOf(batch));
  const top = Cube.from(batches, options).topClients([0])[0]!;
  expect(top.address).toBe("0.0.0.77");
  expect(top.count).toBeLessThanOrEqual(900);
  expect(top.count + top.errorBound).toBeGreaterThanOrEqual(900);
  expect(top.errorBound).toBeLessThanOrEqual(9000 / 257);
  expect(top.errors).toBeGreaterThan(400);
});
