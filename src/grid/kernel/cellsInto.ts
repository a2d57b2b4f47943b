import { latLngToCell } from "h3-js";
import { cellHalves } from "../cellText.js";
import { ASK_H3, BLOCK_POINTS, type Block, NO_POINT, newBlock } from "./block.js";
import type { CellTables } from "./plan.js";
import { addDigits, takeDigits } from "./takeDigits.js";
import { toBaseCells } from "./toBaseCells.js";
import { toFaceCoordinates } from "./toFaceCoordinates.js";
import { toUnitVectors } from "./toUnitVectors.js";

/**
 * Writes the H3 cell of every point: bit for bit h3-js's. Returns how many rows hold no point on Earth; they get (0, 0).
 *
 * @param tables - of `cellTables`
 * @param resolution - trusted to be an integer from 0 to 15
 * @param low - lower halves; length at least `lats.length`, likewise `high`
 */
export function cellsInto(
  tables: CellTables,
  lats: Float64Array,
  lons: Float64Array,
  resolution: number,
  low: Uint32Array,
  high: Uint32Array,
): number {
  const { degrees, grid, bases, plans } = tables;
  const { faces, scale, steps } = plans[resolution]!;
  const block = newBlock(Math.min(BLOCK_POINTS, lats.length));
  let missing = 0;
  for (let from = 0; from < lats.length; from += BLOCK_POINTS) {
    const count = Math.min(BLOCK_POINTS, lats.length - from);
    toUnitVectors(lats, lons, from, count, degrees, grid.codes, block);
    toFaceCoordinates(count, faces, scale, grid, block);
    for (let k = 0; k < steps.length; k++) takeDigits(count, steps[k]!.step, block, block.residues[k]!);
    toBaseCells(count, bases, steps, block);
    block.digits.fill(8 ** (15 - resolution) - 1, 0, count);
    for (let k = 0; k < steps.length; k++) {
      addDigits(count, steps[k]!.step, steps[k]!.unit, block, block.residues[k]!);
    }
    writeIndexes(count, resolution, block, from, low, high);
    missing += answerRest(lats, lons, resolution, count, block, from, low, high);
  }
  return missing;
}

/** Last stage: mode, resolution, base cell and digits → the halves of the index. */
function writeIndexes(
  count: number,
  resolution: number,
  block: Block,
  from: number,
  low: Uint32Array,
  high: Uint32Array,
): void {
  const { base, digits } = block;
  const head = 0x08000000 | (resolution << 20);
  for (let i = 0; i < count; i++) {
    const upper = (digits[i]! * (1 / 4294967296)) | 0;
    high[from + i] = head | (base[i]! << 13) | upper;
    low[from + i] = digits[i]! - upper * 4294967296;
  }
}

/** The rows that the stages left: those that only h3-js can tell, and those without a point. */
function answerRest(
  lats: Float64Array,
  lons: Float64Array,
  resolution: number,
  count: number,
  block: Block,
  from: number,
  low: Uint32Array,
  high: Uint32Array,
): number {
  let missing = 0;
  for (let i = 0; i < count; i++) {
    const face = block.face[i]!;
    if (face !== ASK_H3 && face !== NO_POINT) continue;
    const row = from + i;
    const cell = face === ASK_H3 ? cellHalves(latLngToCell(lats[row]!, lons[row]!, resolution)) : NO_CELL;
    if (face === NO_POINT) missing++;
    [low[row], high[row]] = cell;
  }
  return missing;
}

const NO_CELL = [0, 0] as const;
