import fc from "fast-check";
import { type PlainEvent, TEST_PLACES } from "./randomEvents.js";

/** A Monday, 00:00 UTC. */
export const TEST_ORIGIN_MS = Date.UTC(2026, 2, 2);

/** Any request within three days, with absent values, few clients and users, and both address families. */
export const arbitraryEvent: fc.Arbitrary<PlainEvent> = fc.record({
  timeMs: fc.integer({ min: TEST_ORIGIN_MS, max: TEST_ORIGIN_MS + 3 * 86_400_000 }),
  place: fc.integer({ min: 0, max: TEST_PLACES.length - 1 }),
  status: fc.constantFrom(0, 200, 200, 204, 301, 401, 403, 404, 429, 499, 500, 502, 503, 599),
  latencyMs: fc.oneof(
    fc.constant(Number.NaN),
    fc.constant(0),
    fc.constant(12),
    fc.double({ min: 0.001, max: 100_000, noNaN: true }),
  ),
  bytes: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 2 ** 40 })),
  client: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 20 }),
    fc.constantFrom(0xffffffff, 0xf0000000),
    fc.integer({ min: 1, max: 5 }).map((n): `v6-${number}` => `v6-${n}`),
  ),
  user: fc.constantFrom("", "ann", "bob", "cäcilie", "dan"),
  service: fc.constantFrom("", "api", "web"),
  version: fc.constantFrom("4.2", "4.3"),
});

/** Up to a few hundred of them; without a size, fast-check would hardly draw more than ten. */
export const arbitraryEvents = fc.array(arbitraryEvent, { maxLength: 200, size: "max" });
