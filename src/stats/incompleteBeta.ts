import { logOneMinusExp } from "./incompleteGamma.js";
import { logGamma } from "./logGamma.js";

const MAX_TERMS = 100_000;
const TINY = 1e-300;

/**
 * Natural logarithms of the regularized incomplete beta function I_x(a, b), below, and of 1 - I_x(a, b), above.
 * Whichever is the smaller keeps full relative precision however small it is.
 *
 * @param a - positive
 * @param b - positive
 * @param x - in [0, 1]
 * @param complement - 1 - x, for callers who know it more precisely than the subtraction does
 */
export function logIncompleteBeta(
  a: number,
  b: number,
  x: number,
  complement = 1 - x,
): { readonly lower: number; readonly upper: number } {
  if (x <= 0) return { lower: Number.NEGATIVE_INFINITY, upper: 0 };
  if (complement <= 0) return { lower: 0, upper: Number.NEGATIVE_INFINITY };
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement);
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(0, front + Math.log(fraction(a, b, x) / a));
    return { lower, upper: logOneMinusExp(lower) };
  }
  const upper = Math.min(0, front + Math.log(fraction(b, a, complement) / b));
  return { lower: logOneMinusExp(upper), upper };
}

/** Lentz's method for the continued fraction of the incomplete beta function (Numerical Recipes 6.4.5). */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 4e-16) break;
  }
  return h;
}

const guard = (v: number): number => (Math.abs(v) < TINY ? TINY : v);
