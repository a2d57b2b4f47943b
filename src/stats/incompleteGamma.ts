import { logGamma } from "./logGamma.js";

/** Terms after which a series or a continued fraction is taken as it stands; it converges in about the root of a. */
const MAX_TERMS = 100_000;
const EPSILON = 1e-16;
const TINY = 1e-300;

/**
 * Natural logarithms of the regularized incomplete gamma functions P(a, x), below, and Q(a, x) = 1 - P(a, x), above.
 * Whichever is the smaller keeps full relative precision however small it is.
 *
 * @param a - shape, positive
 * @param x - at least 0
 */
export function logIncompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (x <= 0) return { lower: Number.NEGATIVE_INFINITY, upper: 0 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 0, upper: Number.NEGATIVE_INFINITY };
  const front = a * Math.log(x) - x - logGamma(a);
  if (x < a + 1) {
    const lower = Math.min(0, front + Math.log(lowerSeries(a, x)));
    return { lower, upper: logOneMinusExp(lower) };
  }
  const upper = Math.min(0, front + Math.log(upperFraction(a, x)));
  return { lower: logOneMinusExp(upper), upper };
}

/** log(1 - e^v) for v <= 0 without losing digits at either end (Mächler 2012). */
export function logOneMinusExp(v: number): number {
  return v > -Math.LN2 ? Math.log(-Math.expm1(v)) : Math.log1p(-Math.exp(v));
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MAX_TERMS; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * EPSILON) break;
  }
  return sum;
}

/** Lentz's method for the continued fraction of Γ(a, x) (Numerical Recipes 6.2.7). */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < MAX_TERMS; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < TINY) d = TINY;
    c = b + an / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < EPSILON * 4) break;
  }
  return h;
}
