import { type EvidenceKind, logLikelihoodRatio } from "./evidence.js";

/** How much evidence against an incident, in nats, ends it; less is a lull. */
const END_OF_IT = 6;

/**
 * The buckets an incident lasts, given its zone's evidence bucket by bucket: those over which the sum of log likelihood
 * ratios, at the strength that it has over the present extent, is largest.
 *
 * @param observed - by bucket, the first being that of the earliest start allowed
 * @param expected - by bucket
 * @param from - present extent, first bucket
 * @param to - present extent, last bucket; the extent found overlaps the present one
 */
export function extentOf(
  kind: EvidenceKind,
  observed: Float64Array,
  expected: Float64Array,
  from: number,
  to: number,
): { readonly from: number; readonly to: number } {
  const gains = gainsAt(kind, observed, expected, from, to);
  let first = from;
  let last = to;
  // From the strongest bucket of the present extent outwards, as long as the sum does not fall far below its best.
  let core = from;
  for (let t = from; t <= to; t++) if (gains[t]! > gains[core]!) core = t;
  [first, last] = [core, core];
  for (let t = core + 1, sum = 0, best = 0; t < gains.length && sum > best - END_OF_IT; t++) {
    sum += gains[t]!;
    if (sum > best) [best, last] = [sum, t];
  }
  for (let t = core - 1, sum = 0, best = 0; t >= 0 && sum > best - END_OF_IT; t--) {
    sum += gains[t]!;
    if (sum > best) [best, first] = [sum, t];
  }
  return { from: first, to: last };
}

function gainsAt(
  kind: EvidenceKind,
  observed: Float64Array,
  expected: Float64Array,
  from: number,
  to: number,
): Float64Array {
  let o = 0;
  let e = 0;
  for (let t = from; t <= to; t++) {
    o += observed[t]!;
    e += expected[t]!;
  }
  const gains = new Float64Array(observed.length);
  if (logLikelihoodRatio(kind, o, e) <= 0) return gains;
  const shift = o / e;
  // A strength of its own for the buckets to come: half of what was seen, lest a strong start hide a weaker rest.
  const ratio = kind === "drop" ? Math.min(0.9, Math.max(0.02, (shift + 0.2) / 1.2)) : Math.max(1.5, shift * 0.7);
  for (let t = 0; t < gains.length; t++) {
    if (kind === "latency") gains[t] = 0.8 * shift * observed[t]! - (0.64 * shift * shift * expected[t]!) / 2;
    else gains[t] = observed[t]! * Math.log(ratio) + expected[t]! * (1 - ratio);
  }
  return gains;
}
