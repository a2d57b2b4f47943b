import { getHexagonEdgeLengthAvg } from "h3-js";
import { cellResolution, parentHigh, parentLow } from "./cellParent.js";
import { denseCells } from "./denseCells.js";
import { checkLength, checkResolution, checkRoom, gridError } from "./errors.js";

export interface AdaptiveCellOptions {
  /** The least count of a cell: of every cell that comes out, none shows less. 0 keeps every cell as fine as its accuracy allows. */
  readonly minCount: number;
  /** The coarsest resolution to merge to, 0 to 15; what stays below `minCount` there gets the null cell. Default 0. */
  readonly coarsest?: number;
  /** Accuracy radius of each row; no cell of a row is narrower than that. NaN and absent are "as fine as given". */
  readonly accuracyKm?: ArrayLike<number>;
}

/** Cells of several resolutions, each with what was counted in it. */
export interface AdaptiveCells {
  /** Halves of the distinct cells, ascending; the null cell, first if it occurs, holds what was too little to show. */
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly counts: Float64Array;
  /** Row in `low` and `high` of each row given. */
  readonly ids: Uint32Array;
}

/**
 * Gives every row the finest cell that the data supports: its own where there is enough traffic and the location is
 * known well enough, else the nearest parent that gathers `minCount` from what its children could not show.
 *
 * Every row is counted once. A coarse cell beside finer ones within it stands for the rest of its area.
 *
 * @param low - lower halves of each row's cell at the finest resolution wanted; cells may differ in resolution
 * @param high - upper halves
 * @param counts - what to add up, at least 0
 *
 * Throws `length-mismatch`, `bad-resolution`, `bad-min-count`.
 */
export function adaptiveCells(
  low: Uint32Array,
  high: Uint32Array,
  counts: ArrayLike<number>,
  options: AdaptiveCellOptions,
): AdaptiveCells {
  const { minCount, coarsest = 0, accuracyKm } = options;
  checkLength("high", high.length, low.length);
  checkLength("counts", counts.length, low.length);
  if (accuracyKm !== undefined) checkRoom("accuracyKm", accuracyKm.length, low.length);
  checkResolution(coarsest);
  if (!(minCount >= 0)) throw gridError("bad-min-count", { minCount });
  const [l, h] = [low.slice(), high.slice()];
  if (accuracyKm !== undefined) coarsenToAccuracy(l, h, accuracyKm, coarsest);
  for (let resolution = 15; resolution >= coarsest; resolution--)
    mergeSmall(l, h, counts, minCount, resolution, coarsest);
  const cells = denseCells(l, h);
  const sums = new Float64Array(cells.low.length);
  cells.ids.forEach((id, row) => {
    sums[id]! += counts[row]!;
  });
  return { ...cells, counts: sums };
}

/** The finest resolution whose cells reach, from centre to corner, at least as far as the accuracy radius. */
export function resolutionForAccuracy(accuracyKm: number): number {
  if (Number.isNaN(accuracyKm)) return 15;
  return Math.max(
    0,
    CELL_RADII_KM.findLastIndex((radiusKm) => radiusKm >= accuracyKm),
  );
}

/** By resolution; an edge of a hexagon is as long as its corners are from its centre. */
const CELL_RADII_KM = Array.from({ length: 16 }, (_, resolution) => getHexagonEdgeLengthAvg(resolution, "km"));

function coarsenToAccuracy(low: Uint32Array, high: Uint32Array, accuracyKm: ArrayLike<number>, coarsest: number): void {
  for (let row = 0; row < low.length; row++) {
    const resolution = Math.max(coarsest, resolutionForAccuracy(accuracyKm[row]!));
    if (high[row] === 0 || cellResolution(high[row]!) <= resolution) continue;
    high[row] = parentHigh(high[row]!, resolution);
    low[row] = parentLow(low[row]!, resolution);
  }
}

/** Replaces the cells of a resolution that count too little by their parents; at the coarsest, by the null cell. */
function mergeSmall(
  low: Uint32Array,
  high: Uint32Array,
  counts: ArrayLike<number>,
  minCount: number,
  resolution: number,
  coarsest: number,
): void {
  const rows = Uint32Array.from(low.keys()).filter(
    (row) => high[row] !== 0 && cellResolution(high[row]!) === resolution,
  );
  if (rows.length === 0) return;
  const cells = denseCells(
    rows.map((row) => low[row]!),
    rows.map((row) => high[row]!),
  );
  const sums = new Float64Array(cells.low.length);
  rows.forEach((row, i) => {
    sums[cells.ids[i]!]! += counts[row]!;
  });
  rows.forEach((row, i) => {
    if (sums[cells.ids[i]!]! >= minCount) return;
    low[row] = resolution === coarsest ? 0 : parentLow(low[row]!, resolution - 1);
    high[row] = resolution === coarsest ? 0 : parentHigh(high[row]!, resolution - 1);
  });
}
