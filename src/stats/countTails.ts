import { logIncompleteBeta } from "./incompleteBeta.js";
import { logIncompleteGamma } from "./incompleteGamma.js";

/** Natural logarithm of P(X <= count) for a Poisson X. `count` is an integer, `mean` at least 0. */
export function logPoissonLowerTail(count: number, mean: number): number {
  return count < 0 ? Number.NEGATIVE_INFINITY : logIncompleteGamma(count + 1, mean).upper;
}

/** Natural logarithm of P(X >= count) for a Poisson X. */
export function logPoissonUpperTail(count: number, mean: number): number {
  return count <= 0 ? 0 : logIncompleteGamma(count, mean).lower;
}

/** P(X <= count) for a Poisson X. */
export function poissonLowerTail(count: number, mean: number): number {
  return Math.exp(logPoissonLowerTail(count, mean));
}

/** P(X >= count) for a Poisson X. */
export function poissonUpperTail(count: number, mean: number): number {
  return Math.exp(logPoissonUpperTail(count, mean));
}

/** Natural logarithm of P(X <= count) of `trials` that succeed with `probability` each. */
export function logBinomialLowerTail(count: number, trials: number, probability: number): number {
  if (count < 0) return Number.NEGATIVE_INFINITY;
  return count >= trials ? 0 : logIncompleteBeta(count + 1, trials - count, probability).upper;
}

/** Natural logarithm of P(X >= count) of `trials` that succeed with `probability` each. */
export function logBinomialUpperTail(count: number, trials: number, probability: number): number {
  if (count <= 0) return 0;
  return count > trials ? Number.NEGATIVE_INFINITY : logIncompleteBeta(count, trials - count + 1, probability).lower;
}

/**
 * Natural logarithm of P(X <= count) for a count of the given mean and variance: negative binomial where the variance
 * exceeds the mean (of size mean² / (variance - mean)), Poisson where it does not.
 */
export function logCountLowerTail(count: number, mean: number, variance: number): number {
  if (mean <= 0) return 0;
  const size = (mean * mean) / (variance - mean);
  if (!(variance > mean) || size > 1e9) return logPoissonLowerTail(count, mean);
  return count < 0
    ? Number.NEGATIVE_INFINITY
    : logIncompleteBeta(size, count + 1, size / (size + mean), mean / (size + mean)).lower;
}

/** Natural logarithm of P(X >= count) for a count of the given mean and variance; see {@link logCountLowerTail}. */
export function logCountUpperTail(count: number, mean: number, variance: number): number {
  if (count <= 0) return 0;
  if (mean <= 0) return Number.NEGATIVE_INFINITY;
  const size = (mean * mean) / (variance - mean);
  if (!(variance > mean) || size > 1e9) return logPoissonUpperTail(count, mean);
  return logIncompleteBeta(size, count, size / (size + mean), mean / (size + mean)).upper;
}

/**
 * The smallest count with P(X <= count) >= p for a count of the given mean and variance: by bisection, between bounds
 * that double.
 */
export function countQuantile(p: number, mean: number, variance: number): number {
  if (mean <= 0 || p <= 0) return 0;
  const target = Math.log(p);
  let high = Math.max(4, Math.ceil(2 * mean));
  while (logCountLowerTail(high, mean, variance) < target && high < 1e15) high *= 2;
  let low = -1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (logCountLowerTail(middle, mean, variance) >= target) high = middle;
    else low = middle;
  }
  return high;
}
