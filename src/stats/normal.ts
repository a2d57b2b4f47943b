import { logIncompleteGamma } from "./incompleteGamma.js";

const LOG_2 = Math.LN2;

/** Natural logarithm of P(Z >= z) for a standard normal Z; precise however far out. */
export function logNormalUpperTail(z: number): number {
  const { lower, upper } = logIncompleteGamma(0.5, (z * z) / 2);
  return z >= 0 ? upper - LOG_2 : Math.log1p(Math.exp(lower)) - LOG_2;
}

/** P(Z >= z) for a standard normal Z. */
export function normalUpperTail(z: number): number {
  return Math.exp(logNormalUpperTail(z));
}

/** P(Z <= z) for a standard normal Z. */
export function normalLowerTail(z: number): number {
  return normalUpperTail(-z);
}

/**
 * The z with P(Z <= z) = p: Acklam's rational approximation (2003), then one step of Halley's method, which leaves a
 * relative error near 1e-15. Minus infinity at 0, plus infinity at 1, NaN outside.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  const start = p < 0.02425 ? tailStart(Math.sqrt(-2 * Math.log(p))) : centreStart(p - 0.5);
  const error = (normalLowerTail(start) - p) * Math.sqrt(2 * Math.PI) * Math.exp((start * start) / 2);
  return start - error / (1 + (start * error) / 2);
}

function tailStart(q: number): number {
  const top =
    ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  return (
    top / ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
  );
}

function centreStart(q: number): number {
  const r = q * q;
  const top =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const bottom =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return (top * q) / bottom;
}
