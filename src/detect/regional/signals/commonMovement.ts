import { weightedMedian } from "../../../stats/medianLine.js";

/** Odds against a bucket in which all traffic moves together. */
const LOG_ODDS_AGAINST = Math.log(50);
/** In a bucket without one, what all traffic has in common moves by about 2% (1 / √2500). */
const STEADY_WEIGHT = 2500;
/** A group further than this from the common movement moves on its own, and has no say in it. */
const OWN_WAY = 3;
/** Relative standard deviation of a group around the common movement, beyond chance. */
const GROUP_SPREAD = 0.1;

/** Where the middle falls below this, it is asked who stands aside … */
const FALLEN = 0.7;
/** … and where that is so much of all, it is some regions that fell, and not everything. */
const ASIDE = 0.2;

/** Nothing at all is taken for so little: a factor of 0 would hide what there should have been. */
const STANDSTILL = 1e-4;

/**
 * The factor by which all traffic of a bucket moves at once: a lost collector, a flash crowd everywhere.
 *
 * The weighted median of the groups' ratios says roughly; groups that go their own way are left out, the rest say
 * exactly. Where most fell and a fifth of all clearly did not, several regions fell for reasons of their own: those that
 * stood aside say how all traffic moves. Where the rest does not clearly move, the factor stays near 1, so that chance is not taken for movement.
 *
 * @param observed - requests by group
 * @param expected - expected requests by group
 */
export function commonMovement(observed: Float64Array, expected: Float64Array): number {
  const ratios = observed.map((o, g) => o / expected[g]!);
  const middle = weightedMedian(ratios, expected);
  const aside = middle < FALLEN ? standingAside(observed, expected, middle) : null;
  if (aside !== null) return (aside.observed + STEADY_WEIGHT) / (aside.expected + STEADY_WEIGHT);
  let o = 0;
  let e = 0;
  for (let g = 0; g < observed.length; g++) {
    const m = expected[g]! * Math.max(middle, 0.02);
    if (expected[g]! <= 0 || Math.abs(observed[g]! - m) > OWN_WAY * deviation(m)) continue;
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

/** The groups that clearly did not fall with the others, where they are enough of all. */
function standingAside(observed: Float64Array, expected: Float64Array, middle: number) {
  let [all, o, e] = [0, 0, 0];
  for (let g = 0; g < observed.length; g++) {
    all += expected[g]!;
    const m = expected[g]! * Math.max(middle, 0.02);
    const isAside = observed[g]! > ((1 + middle) / 2) * expected[g]! && observed[g]! - m > OWN_WAY * deviation(m);
    if (!isAside) continue;
    o += observed[g]!;
    e += expected[g]!;
  }
  return e >= ASIDE * all && e > 0 ? { observed: o, expected: e } : null;
}

/** Standard deviation of a group of which so much is expected. */
const deviation = (m: number): number => Math.sqrt(m + 0.25 + GROUP_SPREAD * GROUP_SPREAD * m * m);
