import fc from "fast-check";
import { expect, test } from "vitest";
import { isGeopivotError } from "../../../src/core/errors.js";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, MINUTE_MS } from "../../../src/core/time.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { SuspiciousDetector } from "../../../src/detect/suspicious/suspiciousDetector.js";
import { UserHistory } from "../../../src/detect/suspicious/users/userHistory.js";
import * as R from "../../../src/detect/suspicious/users/userRecord.js";
import { UserRecordStore } from "../../../src/detect/suspicious/users/userRecordStore.js";
import { eventsOf, type Request } from "./eventsOf.js";
import { berlin, inOrder, lagos, newYork, quietDays, START, tokyo, visit } from "./quietWorld.js";

const historyOf = (requests: readonly Request[]): UserHistory => {
  const detector = new SuspiciousDetector();
  detector.push(eventsOf(requests));
  detector.finish();
  return detector.users;
};

/** Every record in words that mean the same in any table: locations by name, sorted by user. */
function plain(history: UserHistory): unknown[] {
  const rows: unknown[] = [];
  history.store.forEach((block, at) => {
    const slots = [...Array(R.SLOT_COUNT).keys()].map((k) => {
      const slot = at + R.SLOTS + k * R.SLOT_WORDS;
      const location = block[slot]!;
      return [
        history.locations.cities.value(history.locations.city[location]!),
        ...block.slice(slot + 1, slot + R.SLOT_WORDS),
      ];
    });
    const countries = [...Array(8).keys()].map((k) =>
      history.locations.countries.value((block[at + R.COUNTRIES + (k >> 2)]! >>> (8 * (k & 3))) & 255),
    );
    const word = (w: number): number => block[at + w]!;
    rows.push([
      word(R.KEY_LOW),
      word(R.KEY_HIGH),
      word(R.FIRST_SEEN),
      word(R.LAST_SEEN),
      word(R.EVENTS),
      countries.sort(),
      slots.sort(),
    ]);
  });
  return rows.map((row) => JSON.stringify(row)).sort();
}

test("the store finds what a Map finds, through growth and eviction", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1_000 })),
        { maxLength: 300 },
      ),
      fc.integer({ min: 0, max: 1_000 }),
      (users, cutoff) => {
        const store = new UserRecordStore();
        const seen = new Map<string, number>();
        for (const [low, high, seconds] of users) {
          const row = store.findOrAdd(low * 4_096, high); // few slots of the index, so that they collide
          store.block(row)[store.offset(row) + R.LAST_SEEN] = seconds;
          seen.set(`${low * 4_096} ${high}`, seconds);
        }
        store.evict(cutoff);
        for (const [key, seconds] of seen) {
          const [low, high] = key.split(" ").map(Number);
          expect(store.find(low!, high!) >= 0).toBe(seconds >= cutoff);
        }
        expect(store.size).toBe([...seen.values()].filter((s) => s >= cutoff).length);
      },
    ),
  );
});

test("a full store forgets those not seen for longest", () => {
  const store = new UserRecordStore(1_000);
  for (let u = 1; u <= 5_000; u++) {
    const row = store.findOrAdd(u, u);
    store.block(row)[store.offset(row) + R.LAST_SEEN] = u;
  }
  expect(store.size).toBeLessThanOrEqual(1_000);
  expect(store.find(5_000, 5_000)).toBeGreaterThanOrEqual(0);
  expect(store.find(1, 1)).toBe(-1);
  const equal = new UserRecordStore(100);
  for (let u = 1; u <= 500; u++) equal.findOrAdd(u, u);
  expect(equal.size).toBeGreaterThan(50); // all last seen at once: still a tenth at a time
});

test("a saved history is the same when it is loaded, and goes on like the one that was saved", () => {
  const quiet = quietDays(21, 4);
  const at = START + 4 * DAY_MS;
  const stolen = [
    visit(at, "u7", "20.0.0.7", berlin),
    ...[1, 2, 3].map((k) => visit(at + k * 2 * MINUTE_MS, "u7", "50.0.0.9", tokyo)),
  ];
  const users = UserHistory.load(historyOf(quiet).save());
  expect(plain(users)).toEqual(plain(historyOf(quiet)));
  const found = findSuspicious(eventsOf(stolen), { users });
  expect(found).toMatchObject([{ subtype: "impossible-travel", severity: "high" }]);
  expect(found[0]!.evidence!.from).toMatchObject({ daysSeen: expect.any(Number) });
});

test("histories of different users merge into the history of all", () => {
  const quiet = quietDays(22, 2);
  const [left, right] = [0, 1].map((half) =>
    historyOf(quiet.filter((r) => Number(r.user?.slice(1) ?? 0) % 2 === half)),
  );
  left!.merge(right!);
  expect(plain(left!)).toEqual(plain(historyOf(quiet)));
});

test("merging is the same in either order, and joins what both know of a user", () => {
  const random = new Random(5);
  const some = (seed: number): Request[] =>
    [...Array(60).keys()].map((k) =>
      visit(
        START + seed * DAY_MS + k * 50 * MINUTE_MS,
        `u${random.int(5)}`,
        `9.0.0.${random.int(9)}`,
        random.pick([berlin, tokyo, newYork, lagos]),
      ),
    );
  const [a, b] = [inOrder(some(0)), inOrder(some(3))];
  const ab = historyOf(a);
  ab.merge(historyOf(b));
  const ba = historyOf(b);
  ba.merge(historyOf(a));
  expect(plain(ab)).toEqual(plain(ba));
  expect(ab.size).toBe(5);
});

test.each([
  ["nothing", (_: Uint8Array) => new Uint8Array(0)],
  ["a cut file", (b: Uint8Array) => b.slice(0, -1)],
  ["another format", (b: Uint8Array) => b.map((x, i) => (i === 15 ? 0x58 : x))],
  ["a place that is not there", (b: Uint8Array) => b.fill(0xff, b.length - 64, b.length)],
])("%s is refused as a saved history", (_, damage) => {
  const bytes = historyOf([visit(START, "ada", "9.0.0.1", berlin)]).save();
  expect(() => UserHistory.load(damage(bytes))).toThrow(expect.toSatisfy((e) => isGeopivotError(e, "bad-user-store")));
});

test("users not seen for a month are forgotten", () => {
  const detector = new SuspiciousDetector();
  detector.push(
    eventsOf([
      visit(START, "old", "9.0.0.1", berlin),
      ...[...Array(80).keys()].map((d) => visit(START + d * (DAY_MS / 2), "new", "9.0.0.2", berlin)),
    ]),
  );
  expect(detector.users.size).toBe(1);
});
