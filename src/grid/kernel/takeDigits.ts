import type { Block } from "./block.js";
import type { DigitStep } from "./digits.js";

/** Largest size of a whole coordinate, and more; a multiple of 7 and 49 that makes quotients non-negative, so that `| 0` rounds down. */
const BIAS = 49 * 131072;

/**
 * Third stage: takes the finest digits off the coordinates of every point, which become those of the parent.
 *
 * @param residues - receives, for each point, the row of the step's tables that holds its digits
 */
export function takeDigits(count: number, step: DigitStep, block: Block, residues: Uint16Array): void {
  const { a: as, b: bs } = block;
  const { modulus, carryA, carryB } = step;
  // A step over an even number of resolutions divides by 7 or 49, one over a single resolution by 2 - ω = 7 / (3 + ω).
  const [aa, ab, ba, bb] = step.levels === 1 ? ([3, -1, 1, 2] as const) : ([1, 0, 0, 1] as const);
  const shift = BIAS / modulus;
  const inverse = 1 / modulus;
  for (let i = 0; i < count; i++) {
    const a = as[i]!;
    const b = bs[i]!;
    // Half a residue more keeps the product with the inverse off whole numbers.
    const quotientA = (((a + BIAS + 0.5) * inverse) | 0) - shift;
    const quotientB = (((b + BIAS + 0.5) * inverse) | 0) - shift;
    const at = Math.imul(modulus, (a - Math.imul(modulus, quotientA)) | 0) + ((b - Math.imul(modulus, quotientB)) | 0);
    residues[i] = at;
    as[i] = Math.imul(aa, quotientA) + Math.imul(ab, quotientB) + carryA[at]!;
    bs[i] = Math.imul(ba, quotientA) + Math.imul(bb, quotientB) + carryB[at]!;
  }
}

/** Fifth stage: adds the step's digits, turned as the base cell asks, to every point's; `unit` is their place in the index. */
export function addDigits(count: number, step: DigitStep, unit: number, block: Block, residues: Uint16Array): void {
  const { turn, digits } = block;
  const table = step.digits;
  const size = step.modulus * step.modulus;
  for (let i = 0; i < count; i++) digits[i]! += unit * table[turn[i]! * size + residues[i]!]!;
}
