import fc from "fast-check";
import { expect, test } from "vitest";
import { AmountEvidence } from "../../src/explain/amountEvidence.js";
import { type Evidence, sumOf } from "../../src/explain/evidence.js";
import { RatioEvidence } from "../../src/explain/ratioEvidence.js";

const count = fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 3000 }));
const leaf = fc.record({
  real: count,
  predicted: count,
  trials: fc.integer({ min: 1, max: 5000 }),
  isIn: fc.boolean(),
});
const leaves = fc.array(leaf, { minLength: 2, maxLength: 40 });
type Leaf = { real: number; predicted: number; trials: number; isIn: boolean };

const evidences: [string, (rows: readonly Leaf[], share: number) => Evidence][] = [
  [
    "amounts",
    (rows) =>
      new AmountEvidence(
        rows.map((row) => row.real),
        rows.map((row) => row.predicted),
      ),
  ],
  ["ratios", (rows) => ratios(rows)],
  [
    "ratios by a forecast that says how sure it is",
    (rows, share) => ratios(rows, { variance: rows.map((row) => share * row.predicted), common: share / 10 }),
  ],
];

function ratios(rows: readonly Leaf[], uncertainty?: ConstructorParameters<typeof RatioEvidence>[6]): Evidence {
  const trials = rows.map((row) => row.trials);
  const before = [...trials].reverse();
  const [real, predicted] = [rows.map((row) => row.real), rows.map((row) => row.predicted)];
  return new RatioEvidence(real, trials, predicted, before, 1, 1, uncertainty);
}

test.each(evidences)("no slice within a slice gains more than the bound by which it is pruned: %s", (_, make) => {
  fc.assert(
    fc.property(leaves, fc.double({ min: 0, max: 1, noNaN: true }), (rows, share) => {
      const evidence = make(rows, share);
      evidence.calibrate(new Uint8Array(rows.length).fill(1));
      const whole = sumOf(evidence.columns, Uint32Array.from(rows.keys()));
      const bound = evidence.bounds(whole, evidence.noise)[0]!;
      const part = Uint32Array.from([...rows.keys()].filter((at) => rows[at]!.isIn));
      for (const within of [part, ...[...rows.keys()].map((at) => Uint32Array.of(at))])
        expect(evidence.gain(sumOf(evidence.columns, within), 0)).toBeLessThanOrEqual(bound * (1 + 1e-9) + 1e-9);
    }),
    { numRuns: 400 },
  );
});
