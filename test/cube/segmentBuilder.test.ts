import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { SegmentBuilder } from "../../src/cube/build/segmentBuilder.js";
import { CUBE_MEASURES } from "../../src/cube/cubeOptions.js";
import { ClientCodes } from "../../src/cube/keys/clientCodes.js";
import type { EncodedEvents } from "../../src/cube/keys/encodedEvents.js";
import { timeBlocks } from "../../src/cube/keys/timeBlocks.js";
import { LATENCY_BINS } from "../../src/cube/measures/latencyStore.js";
import { statusFlags } from "../../src/cube/measures/statusFlags.js";
import type { Segment } from "../../src/cube/segments/segment.js";
import { NO_BIN } from "../../src/stats/logBins.js";
import { runs } from "../support/runs.js";

const BUCKET_MS = 60_000;
const FIRST_BUCKET = 29_000_000;

/** How a batch is made up. */
interface Shape {
  readonly seed: number;
  readonly rows: number;
  readonly buckets: number;
  /** Times in order; nearly so; nearly so but for a few of long ago; in no order. */
  readonly order: "sorted" | "jittered" | "stragglers" | "shuffled";
  readonly places: number;
  readonly values: number;
  /** So many times more places are claimed to be possible than there are, which makes keys sparse, or too many. */
  readonly claimed: number;
  readonly clients: number;
  readonly users: number;
}

const arbitraryShape: fc.Arbitrary<Shape> = fc.record({
  seed: fc.nat(),
  rows: fc.constantFrom(1, 511, 513, 4000, 20_000),
  buckets: fc.constantFrom(1, 2, 7, 40, 600),
  order: fc.constantFrom("sorted", "jittered", "stragglers", "shuffled"),
  places: fc.constantFrom(1, 5, 300, 3000),
  values: fc.constantFrom(1, 3),
  claimed: fc.constantFrom(1, 1, 20, 5000),
  clients: fc.constantFrom(2, 40, 3000),
  users: fc.constantFrom(2, 40, 1500),
});

function batchOf(shape: Shape): EncodedEvents {
  const random = new Random(shape.seed);
  const { rows, places, values } = shape;
  const spanMs = shape.buckets * BUCKET_MS;
  const moment = (i: number): number => {
    if (shape.order === "shuffled" || (shape.order === "stragglers" && random.next() < 0.001)) return random.next();
    return (i + 0.5) / rows + (shape.order === "sorted" ? 0 : 0.002 * (random.next() - 0.5));
  };
  const timeMs = Float64Array.from(
    { length: rows },
    (_, i) => FIRST_BUCKET * BUCKET_MS + Math.min(Math.max(0, moment(i)), 0.999999) * spanMs,
  );
  const blocks = timeBlocks(timeMs, rows);
  const firstBucket = Math.floor(blocks.firstTimeMs / BUCKET_MS);
  const integers = (of: () => number): Uint32Array => Uint32Array.from({ length: rows }, of);
  // Some places and clients have most of the events.
  const skewed = (n: number): number => Math.floor(n * random.next() ** 3);
  const placeCount = places * shape.claimed;
  return {
    length: rows,
    bucketMs: BUCKET_MS,
    firstBucket,
    sizes: [Math.floor(blocks.lastTimeMs / BUCKET_MS) - firstBucket + 1, placeCount, values],
    timeMs,
    blocks,
    place: integers(() => skewed(places)),
    rowOfPlace: Uint32Array.from({ length: places }, (_, id) => 1 + id * shape.claimed),
    codes: [integers(() => random.int(values))],
    status: Uint16Array.from({ length: rows }, () => random.pick([200, 200, 200, 404, 403, 500])),
    bytes: Float64Array.from({ length: rows }, () => (random.next() < 0.1 ? Number.NaN : random.int(1e6))),
    latencyMs: Float32Array.from({ length: rows }, () => (random.next() < 0.1 ? Number.NaN : 2 ** random.int(9))),
    client: integers(() => skewed(shape.clients)),
    userLow: integers(() => random.int(shape.users)),
    userHigh: integers(() => random.int(2)),
  };
}

type Group = ReturnType<typeof newGroup>;
const newGroup = (key: readonly number[]) => ({
  ...{ key, count: 0, errors: 0, clientErrors: 0, denied: 0, bytes: 0, latencies: new Map<number, number>() },
  ...{ clients: new Map<number, number[]>(), users: new Set<string>() },
});

/** The groups that a Map finds, in the order in which a segment has them. */
function naive(events: EncodedEvents): Group[] {
  const groups = new Map<string, Group>();
  for (let i = 0; i < events.length; i++) {
    const bucket = Math.floor(events.timeMs[i]! / BUCKET_MS) - events.firstBucket;
    const key = [bucket, events.rowOfPlace[events.place[i]!]! - 1, events.codes[0]![i]!];
    const group = groups.get(key.join()) ?? newGroup(key);
    groups.set(key.join(), group);
    const failed = events.status[i] === 500 ? 1 : 0;
    group.count++;
    group.errors += failed;
    if (events.status[i] === 404 || events.status[i] === 403) group.clientErrors++;
    if (events.status[i] === 403) group.denied++;
    if (events.bytes[i]! > 0) group.bytes += events.bytes[i]!;
    const bin = LATENCY_BINS.binOf(events.latencyMs[i]!);
    if (bin !== NO_BIN) group.latencies.set(bin, (group.latencies.get(bin) ?? 0) + 1);
    const [count = 0, errors = 0] = group.clients.get(events.client[i]!) ?? [];
    if (events.client[i] !== 0) group.clients.set(events.client[i]!, [count + 1, errors + failed]);
    const user = `${events.userLow[i]},${events.userHigh[i]}`;
    if (user !== "0,0") group.users.add(user);
  }
  const order = (a: Group, b: Group): number => {
    const differs = a.key.findIndex((part, p) => part !== b.key[p]);
    return a.key[differs]! - b.key[differs]!;
  };
  return [...groups.values()].sort(order);
}

/** The groups of a segment, in the same form. */
function plain(segment: Segment): Group[] {
  return Array.from({ length: segment.length }, (_, g) => {
    const { latencies, clients, users } = segment;
    const group = newGroup([segment.bucket[g]!, segment.place[g]!, segment.codes[0]![g]!]);
    const words = latencies.words.subarray(latencies.start[g]!, latencies.start[g + 1]!);
    const list = words.length === segment.latencies.count[g];
    for (let i = 0; i < words.length; i += list ? 1 : 3) {
      const weight = list ? 1 : words[i + 1]! + 65536 * words[i + 2]!;
      group.latencies.set(words[i]!, (group.latencies.get(words[i]!) ?? 0) + weight);
    }
    for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++)
      group.clients.set(clients.code[i]!, [clients.count[i]!, clients.errors[i]!]);
    for (let i = users.start[g]!; i < users.start[g + 1]!; i++) group.users.add(`${users.low[i]},${users.high[i]}`);
    return {
      ...group,
      ...{ count: segment.count[g]!, errors: segment.errors[g]!, clientErrors: segment.clientErrors[g]! },
      ...{ denied: segment.denied[g]!, bytes: segment.bytes[g]! },
    };
  });
}

const options = {
  meaning: statusFlags([500]),
  measures: new Set(CUBE_MEASURES),
  dimensions: 1,
  own: [],
};

test.each([false, true])(
  "a builder finds the groups that a Map finds, batch after batch, however sparse and ordered; scalar: %s",
  (scalar) => {
    fc.assert(
      fc.property(fc.array(arbitraryShape, { minLength: 1, maxLength: 3 }), (shapes) => {
        const builder = new SegmentBuilder({ ...options, clients: new ClientCodes(), scalar });
        for (const events of shapes.map(batchOf)) expect(plain(builder.build(events))).toEqual(naive(events));
      }),
      { numRuns: runs(25) },
    );
  },
);

test("the kernel's segments are those of the plain loops, where groups are crowded, too", () => {
  const crowded = fc.record({
    shape: arbitraryShape,
    clients: fc.constantFrom(3000, 20_000),
    users: fc.constantFrom(1500, 20_000),
    places: fc.constantFrom(1, 2, 5),
  });
  fc.assert(
    fc.property(fc.array(crowded, { minLength: 1, maxLength: 3 }), (shapes) => {
      const [kernel, loops] = [false, true].map(
        (scalar) => new SegmentBuilder({ ...options, clients: new ClientCodes(), scalar }),
      );
      for (const { shape, ...crowd } of shapes) {
        const events = batchOf({ ...shape, ...crowd, rows: 20_000 });
        expect(kernel!.build(events)).toEqual(loops!.build(events));
      }
    }),
    { numRuns: runs(8) },
  );
});
