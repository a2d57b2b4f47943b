import type { Cube } from "../../cube/cube.js";
import { aggregateGroups } from "../../cube/segments/aggregateGroups.js";
import type { GroupKeys, Segment } from "../../cube/segments/segment.js";
import { mergedOf } from "../../cube/verbs/mergedOf.js";
import { toParents } from "../../grid/cellParent.js";
import { type DenseCells, denseCells } from "../../grid/denseCells.js";
import { cellOutlines } from "../../grid/outlines/cellOutlines.js";
import { cellColumns } from "./cellColumns.js";
import { cellLabels } from "./cellLabels.js";
import { framesOfGroups, type ReportFrames } from "./reportFrames.js";
import type { ReportLevel } from "./reportModel.js";

/** The coarsest cells, which the whole world is drawn with: some 290 km across. */
const COARSEST = 2;
/** How many resolutions a report has at most. */
const MOST_LEVELS = 4;

/**
 * The cube's cells and some of their parents, coarsest first: counts add up, latencies are quantiles of all requests
 * together, clients are counted once. Each level is summed from the next finer one. Empty where nothing is located.
 */
export function reportLevels(cube: Cube, frames: ReportFrames): ReportLevel[] {
  let sums = finestSums(cube, frames);
  if (sums.cells.low.length === 0) return [];
  const levels: ReportLevel[] = [];
  for (const resolution of resolutions(cube.resolution)) {
    sums = parentSums(cube, frames, sums, resolution);
    levels.push(levelOf(cube, frames, sums, resolution));
  }
  return levels.reverse();
}

/** The cube's resolution and coarser ones, evenly apart, finest first. */
function resolutions(finest: number): number[] {
  if (finest <= COARSEST) return [finest];
  const count = Math.min(MOST_LEVELS, finest - COARSEST + 1);
  const step = (finest - COARSEST) / (count - 1);
  return Array.from({ length: count }, (_, i) => Math.round(finest - i * step));
}

/** The traffic of some cells, frame by frame. */
interface CellSums {
  readonly cells: Pick<DenseCells, "low" | "high">;
  /** The cell of each of the cube's places; of those that have one. */
  readonly ofPlace: Uint32Array;
  /** Groups by frame (as bucket) and cell (as place). */
  readonly segment: Segment;
}

function finestSums(cube: Cube, frames: ReportFrames): CellSums {
  const { cellLow, cellHigh, length } = cube.places;
  const { segment } = cube;
  const frame = framesOfGroups(cube, frames);
  const { low, high, ids } = denseCells(cellLow.slice(0, length), cellHigh.slice(0, length));
  const rows = Uint32Array.from(segment.place.keys()).filter((g) => cellHigh[segment.place[g]!] !== 0);
  // Row 0 of the places has no cell, and the null cell comes first: located cells are numbered from 0 without it.
  const ofPlace = ids.map((id) => Math.max(0, id - 1));
  const keys = { bucket: rows.map((g) => frame[g]!), place: rows.map((g) => ofPlace[segment.place[g]!]!), codes: [] };
  const cells = { low: low.subarray(1), high: high.subarray(1) };
  return { cells, ofPlace, segment: summed(cube, segment, keys, rows, [frames.count, cells.low.length]) };
}

function parentSums(cube: Cube, frames: ReportFrames, finer: CellSums, resolution: number): CellSums {
  const parentLow = finer.cells.low.slice();
  const parentHigh = finer.cells.high.slice();
  toParents(parentLow, parentHigh, resolution);
  const { low, high, ids } = denseCells(parentLow, parentHigh);
  const { bucket, place } = finer.segment;
  const rows = Uint32Array.from(place.keys());
  const keys = { bucket, place: place.map((cell) => ids[cell]!), codes: [] };
  return {
    cells: { low, high },
    ofPlace: finer.ofPlace.map((cell) => ids[cell]!),
    segment: summed(cube, finer.segment, keys, rows, [frames.count, low.length]),
  };
}

function summed(cube: Cube, segment: Segment, keys: GroupKeys, rows: Uint32Array, sizes: readonly number[]): Segment {
  return aggregateGroups(segment, mergedOf(cube.parts), { keys, rows, sizes, firstBucket: 0 });
}

function levelOf(
  cube: Cube,
  frames: ReportFrames,
  { cells, ofPlace, segment }: CellSums,
  resolution: number,
): ReportLevel {
  const rows = Uint32Array.from(segment.place.keys());
  const whole = { bucket: new Uint32Array(rows.length), place: segment.place, codes: [] };
  return {
    resolution,
    ...cellOutlines(cells.low, cells.high),
    ...cellLabels(cube, ofPlace, cells.low.length),
    total: cellColumns(summed(cube, segment, whole, rows, [1, cells.low.length])),
    rows: cellColumns(segment),
    rowStart: starts(segment.bucket, frames.count),
    rowCell: segment.place,
  };
}

/** Where each frame's rows begin, given the frame of each row, ascending. */
function starts(frame: Uint32Array, count: number): Uint32Array {
  const start = new Uint32Array(count + 1);
  for (let row = 0; row < frame.length; row++) start[frame[row]! + 1]!++;
  for (let f = 0; f < count; f++) start[f + 1]! += start[f]!;
  return start;
}
