import { weightedMedian } from "../../../stats/medianLine.js";

/** Odds against a bucket in which all traffic moves together. */
const LOG_ODDS_AGAINST = Math.log(50);
/** In a bucket without one, what all traffic has in common moves by about 2% (1 / √2500). */
const STEADY_WEIGHT = 2500;
/** A group further than this from the common movement moves on its own, and has no say in it. */
const OWN_WAY = 3;
/** Relative standard deviation of a group around the common movement, beyond chance. */
const GROUP_SPREAD = 0.1;

/** Nothing at all is taken for so little: a factor of 0 would hide what there should have been. */
const STANDSTILL = 1e-4;

/**
 * The factor by which all traffic of a bucket moves at once: a lost collector, a flash crowd everywhere.
 *
 * The weighted median of the groups' ratios says roughly; groups that go their own way are left out, the rest say
 * exactly. Where the rest does not clearly move, the factor stays near 1, so that chance is not taken for movement.
 *
 * @param observed - requests by group
 * @param expected - expected requests by group
 */
export function commonMovement(observed: Float64Array, expected: Float64Array): number {
  const ratios = observed.map((o, g) => o / expected[g]!);
  const middle = weightedMedian(ratios, expected);
  let o = 0;
  let e = 0;
  for (let g = 0; g < observed.length; g++) {
    const m = expected[g]! * Math.max(middle, 0.02);
    const sd = Math.sqrt(m + 0.25 + GROUP_SPREAD * GROUP_SPREAD * m * m);
    if (expected[g]! <= 0 || Math.abs(observed[g]! - m) > OWN_WAY * sd) continue;
    o += observed[g]!;
    e += expected[g]!;
  }
  if (e < 20) return 1;
  const ratio = o / e;
  const gain = (o > 0 ? o * Math.log(ratio) : 0) + e - o;
  // A movement of 5% is within what the spread of groups leaves open, however large the counts.
  const evidence = gain / (1 + e * 0.0025) - 0.5 * Math.log(e) - LOG_ODDS_AGAINST;
  const moved = 1 / (1 + Math.exp(-evidence));
  const steady = (o + STEADY_WEIGHT) / (e + STEADY_WEIGHT);
  return Math.max(STANDSTILL, moved * ratio + (1 - moved) * steady);
}
