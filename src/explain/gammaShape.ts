import { logGamma } from "../stats/logGamma.js";

/** Shapes that are tried: from margins whose slices have nothing in common to those that differ by a few percent. */
const [LEAST, MOST] = [1 / 2, 512];

/**
 * How far groups differ in rate beyond chance: the shape of the gamma distribution (of mean 1) of their ratios to what is
 * usual, by the likelihood of the negative binomial counts that follow from it; infinite where they do not differ.
 *
 * @param seen - events by group
 * @param usual - events that are usual, by group
 */
export function gammaShape(seen: Float64Array, usual: Float64Array): number {
  let best = { shape: Number.POSITIVE_INFINITY, likelihood: 0 };
  for (let shape = LEAST; shape <= MOST; shape *= 2) {
    // Against that of Poisson counts.
    let likelihood = 0;
    for (let group = 0; group < seen.length; group++) {
      const [count, mean] = [seen[group]!, usual[group]!];
      if (!(mean > 0)) continue;
      const both = shape + count;
      likelihood += mean - both * Math.log1p(mean / shape);
      if (count > 0) likelihood += logGamma(both) - logGamma(shape) - count * Math.log(shape);
    }
    if (likelihood > best.likelihood) best = { shape, likelihood };
  }
  return best.shape;
}
