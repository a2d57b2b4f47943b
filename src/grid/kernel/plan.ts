import { type BaseCells, baseCells, type FramedPoint, SAMPLE_RESOLUTION } from "./baseCells.js";
import { ASK_H3, BLOCK_POINTS, newBlock } from "./block.js";
import { degreeTable } from "./degreeTables.js";
import { type DigitStep, digitStep } from "./digits.js";
import { type FaceGrid, faceGrid } from "./faceGrid.js";
import { FACE_STRIDE, FACES, icosahedron } from "./icosahedron.js";
import { takeDigits } from "./takeDigits.js";
import { toFaceCoordinates } from "./toFaceCoordinates.js";
import { toUnitVectors } from "./toUnitVectors.js";

/** A step over some resolutions, and the place of its digits in the index as a factor. */
export interface StepAt {
  readonly step: DigitStep;
  readonly unit: number;
}

/** Everything that the kernel knows of one resolution. */
export interface ResolutionPlan {
  /** The faces, with axes that give 2a - b and 2b - a in the coordinates of the resolution. */
  readonly faces: Float64Array;
  /** √7 to the power of the resolution. */
  readonly scale: number;
  /** From the finest digits to the coarsest. */
  readonly steps: readonly StepAt[];
}

/** The kernel's tables. Nothing in them is copied from H3: they follow from geometry and from h3-js's answers. */
export interface CellTables {
  readonly degrees: Float64Array;
  readonly grid: FaceGrid;
  readonly bases: BaseCells;
  /** By resolution. */
  readonly plans: readonly ResolutionPlan[];
}

export function cellTables(): CellTables {
  const { faces } = icosahedron();
  const degrees = degreeTable();
  const grid = faceGrid(faces);
  const kinds = { 1: digitStep(1), 2: digitStep(2), 4: digitStep(4) } as const;
  const plans = Array.from({ length: 16 }, (_, resolution): ResolutionPlan => {
    const scale = 7 ** (resolution / 2);
    return { faces: facesAt(faces, resolution), scale, steps: stepsOf(resolution, kinds) };
  });
  const bases = baseCells((lats, lons) => frame(lats, lons, degrees, grid, plans[SAMPLE_RESOLUTION]!));
  return { degrees, grid, bases, plans };
}

function facesAt(faces: Float64Array, resolution: number): Float64Array {
  const scaled = faces.slice();
  const scale = 7 ** Math.floor(resolution / 2);
  for (let at = 0; at < FACES * FACE_STRIDE; at += FACE_STRIDE) {
    for (let axis = 0; axis < 3; axis++) {
      let a = scale * faces[at + 3 + axis]!;
      let b = scale * faces[at + 6 + axis]!;
      // Odd resolutions are turned by the argument of 2 - ω: (a + bω)(2 - ω) = 2a + b + (3b - a)ω.
      if (resolution % 2 === 1) [a, b] = [2 * a + b, 3 * b - a];
      scaled[at + 3 + axis] = 2 * a - b;
      scaled[at + 6 + axis] = 2 * b - a;
    }
  }
  return scaled;
}

function stepsOf(resolution: number, kinds: Readonly<Record<1 | 2 | 4, DigitStep>>): StepAt[] {
  const steps: StepAt[] = [];
  let left = resolution;
  const add = (levels: 1 | 2 | 4): void => {
    steps.push({ step: kinds[levels], unit: 8 ** (15 - left) });
    left -= levels;
  };
  if (left % 2 === 1) add(1);
  if (left % 4 === 2) add(2);
  while (left > 0) add(4);
  return steps;
}

/** What the first three stages make of sample points, a block at a time; without those that are too near to an edge. */
function frame(
  lats: Float64Array,
  lons: Float64Array,
  degrees: Float64Array,
  grid: FaceGrid,
  plan: ResolutionPlan,
): FramedPoint[] {
  const block = newBlock();
  const points: FramedPoint[] = [];
  for (let from = 0; from < lats.length; from += BLOCK_POINTS) {
    const count = Math.min(BLOCK_POINTS, lats.length - from);
    toUnitVectors(lats, lons, from, count, degrees, grid.codes, block);
    toFaceCoordinates(count, plan.faces, plan.scale, grid, block);
    plan.steps.forEach(({ step }, k) => {
      takeDigits(count, step, block, block.residues[k]!);
    });
    for (let i = 0; i < count; i++) {
      const face = block.face[i]!;
      if (face >= ASK_H3) continue;
      const digits = plan.steps.toReversed().flatMap(({ step }, k) => {
        const all = step.digits[block.residues[plan.steps.length - 1 - k]![i]!]!;
        return Array.from({ length: step.levels }, (_, level) => (all >>> (3 * (step.levels - 1 - level))) & 7);
      });
      points.push({ lat: lats[from + i]!, lon: lons[from + i]!, face, a: block.a[i]!, b: block.b[i]!, digits });
    }
  }
  return points;
}
