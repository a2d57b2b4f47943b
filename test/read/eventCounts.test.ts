import { expect, test } from "vitest";
import type { Events } from "../../src/core/events.js";
import { countEvents } from "../../src/read/columns/eventCounts.js";

const counts = (times: readonly number[], places: readonly number[]) =>
  countEvents({ length: times.length, timeMs: Float64Array.from(times), place: Uint32Array.from(places) } as Events);

test("events are counted, and those without a place; times that are none do not count", () => {
  expect(counts([5, 3, 9], [1, 0, 0])).toEqual({ events: 3, unlocated: 2, fromMs: 3, toMs: 9 });
  expect(counts([5, Number.NaN, 3, 9], [1, 1, 1, 0])).toEqual({ events: 4, unlocated: 1, fromMs: 3, toMs: 9 });
  const none = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  expect(counts([Number.NaN], [0])).toEqual({ events: 1, unlocated: 1, ...none });
  expect(counts([], [])).toEqual({ events: 0, unlocated: 0, ...none });
});
