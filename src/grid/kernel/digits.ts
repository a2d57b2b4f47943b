/**
 * A cell's digits from its place on the face, by arithmetic in the plane's whole numbers a + bω, ω = e^(2πi/3).
 *
 * A cell of resolution r at z is a child of the cell at z' when z = π z' + u, where π is 2 - ω for odd r and 3 + ω for
 * even r (both of norm 7) and u is 0 or one of the six units. These seven are all residues modulo π, so u, which is the
 * digit, follows from z's residue alone, and z' by an exact division. (2 - ω)(3 + ω) = 7: over two resolutions the
 * residues are those modulo 7, over four those modulo 49, and a table of 49² entries tells four digits at once.
 */

/** H3's digit of each unit, counter-clockwise from 1: 1, 1 + ω, ω, -1, ω², -ω. */
const UNIT_DIGITS = [4, 6, 2, 3, 1, 5] as const;
const UNITS = [[1, 0], [1, 1], [0, 1], [-1, 0], [-1, -1], [0, -1]] as const; // biome-ignore format: one line shows the six

/** The tables of a step over one, two or four resolutions. Index: (a mod m) × m + (b mod m), for its modulus m. */
export interface DigitStep {
  readonly levels: 1 | 2 | 4;
  /** 7 for one or two resolutions, 49 for four. */
  readonly modulus: 7 | 49;
  /** The digits turned by 0 to 5 times 60°, three bits each, the finest lowest. Index: turn × modulus² + index above. */
  readonly digits: Uint16Array;
  /** What the residue itself becomes after the step, to be added to what the quotient becomes. */
  readonly carryA: Int8Array;
  readonly carryB: Int8Array;
}

/** The step from an odd resolution up one (`levels` 1), or from an even one up two or four. */
export function digitStep(levels: 1 | 2 | 4): DigitStep {
  const modulus = levels === 4 ? 49 : 7;
  const size = modulus * modulus;
  const step = {
    levels,
    modulus,
    digits: new Uint16Array(6 * size),
    carryA: new Int8Array(size),
    carryB: new Int8Array(size),
  } as const;
  for (let at = 0; at < size; at++) {
    let z: readonly [number, number] = [Math.floor(at / modulus), at % modulus];
    for (let level = 0; level < levels; level++) {
      const up = levelUp(z, (level + levels) % 2 === 1);
      for (let turn = 0; turn < 6; turn++) step.digits[turn * size + at]! |= turned(up.digit, turn) << (3 * level);
      z = up.parent;
    }
    step.carryA[at] = z[0];
    step.carryB[at] = z[1];
  }
  return step;
}

/** The digit of a cell below its parent, and the parent. `odd` tells the cell's resolution. */
function levelUp(
  [a, b]: readonly [number, number],
  odd: boolean,
): { digit: number; parent: readonly [number, number] } {
  for (const [digit, ua, ub] of RESIDUES) {
    const [x, y] = [a - ua, b - ub];
    // Division by 2 - ω is multiplication by its conjugate 3 + ω over 7, and the other way round.
    const [p, q] = odd ? [3 * x - y, x + 2 * y] : [2 * x + y, 3 * y - x];
    if (p % 7 === 0 && q % 7 === 0) return { digit, parent: [p / 7, q / 7] };
  }
  throw new Error("unreachable: the seven digits are all residues");
}

const RESIDUES = [[0, 0, 0] as const, ...UNITS.map(([a, b], i) => [UNIT_DIGITS[i]!, a, b] as const)];

/** A digit turned counter-clockwise by a number of times 60°. */
export function turned(digit: number, turn: number): number {
  return digit === 0 ? 0 : UNIT_DIGITS[(UNIT_DIGITS.indexOf(digit as 1) + turn) % 6]!;
}
