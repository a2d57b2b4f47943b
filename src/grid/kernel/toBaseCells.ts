import { type BaseCells, UNKNOWN } from "./baseCells.js";
import { ASK_H3, type Block, NO_POINT } from "./block.js";
import type { StepAt } from "./plan.js";

/** Fourth stage: the coordinates of resolution 0 that the third left → base cell and turn. */
export function toBaseCells(count: number, bases: BaseCells, steps: readonly StepAt[], block: Block): void {
  const { face: faceOf, a: as, b: bs, base, turn } = block;
  const { cell, pentagon, turn: turns } = bases;
  for (let i = 0; i < count; i++) {
    turn[i] = 0;
    const face = faceOf[i]!;
    if (face === ASK_H3 || face === NO_POINT) continue;
    const row = 25 * face + 5 * as[i]! + bs[i]! + 12;
    const first = pentagon[row] === 0 ? 1 : firstDigit(i, steps, block);
    const found = turns[8 * row + first]!;
    base[i] = cell[row]!;
    if (found === UNKNOWN) faceOf[i] = ASK_H3;
    else turn[i] = found;
  }
}

/** The coarsest digit of a point that is not 0, in the face's frame; 0 if all are. */
function firstDigit(row: number, steps: readonly StepAt[], block: Block): number {
  for (let k = steps.length - 1; k >= 0; k--) {
    const digits = steps[k]!.step.digits[block.residues[k]![row]!]!;
    if (digits !== 0) return (digits >>> (3 * Math.floor((31 - Math.clz32(digits)) / 3))) & 7;
  }
  return 0;
}
