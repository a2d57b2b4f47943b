import fc from "fast-check";
import { expect, test } from "vitest";
import { departure, type EvidenceKind, staysBelow } from "../../../src/detect/regional/scan/evidence.js";

const amount = fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true }));

test.each<EvidenceKind>(["drop", "errors", "latency"])(
  "%s: what is passed over unseen is surely below the level",
  (kind) => {
    let over = 0;
    let passed = 0;
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.double({ min: 0.5, max: 12, noNaN: true }),
        (observed, expected, extra, level) => {
          // Where sums are as expected to the last digits, rounding may leave no number: that is no departure either.
          const below = !(departure(kind, observed, expected, extra) > level);
          if (staysBelow(kind, observed, expected, level)) {
            over++;
            expect(below).toBe(true);
          } else if (!below) passed++;
        },
      ),
      { numRuns: 3000 },
    );
    // The bound does pass things over, and lets others through.
    expect(Math.min(over, passed)).toBeGreaterThan(100);
  },
);

test("the bound is tight where it can be: just above the level is let through, just below is not", () => {
  for (const [observed, expected] of [
    [3, 14],
    [0, 6],
    [400, 520],
  ] as const) {
    const d = departure("drop", observed, expected, 0);
    expect(staysBelow("drop", observed, expected, d - 1e-4)).toBe(false);
    expect(staysBelow("drop", observed, expected, d + 1e-4)).toBe(true);
  }
});
