import type { Cube } from "../../cube/cube.js";
import { aggregateGroups } from "../../cube/segments/aggregateGroups.js";
import type { Segment } from "../../cube/segments/segment.js";
import { mergedOf } from "../../cube/verbs/mergedOf.js";
import { toParents } from "../../grid/cellParent.js";
import { type DenseCells, denseCells } from "../../grid/denseCells.js";
import { cellOutlines } from "../../grid/outlines/cellOutlines.js";
import { cellColumns } from "./cellColumns.js";
import { cellLabels } from "./cellLabels.js";
import { framesOfGroups, type ReportFrames } from "./reportFrames.js";
import type { CellColumns, LevelRows, ReportLevel } from "./reportModel.js";

/** The coarsest cells, which the whole world is drawn with: some 290 km across. */
const COARSEST = 2;
/** How many resolutions a report has at most. */
const MOST_LEVELS = 4;

/** The cube's resolution and coarser ones, evenly apart, finest first. */
function resolutions(finest: number): number[] {
  if (finest <= COARSEST) return [finest];
  const count = Math.min(MOST_LEVELS, finest - COARSEST + 1);
  const step = (finest - COARSEST) / (count - 1);
  return Array.from({ length: count }, (_, i) => Math.round(finest - i * step));
}

/** The cells of one resolution, and which of them everything finer belongs to. */
interface CellTier {
  readonly resolution: number;
  readonly cells: Pick<DenseCells, "low" | "high">;
  /** The cell of each of the cube's places; of those that have one. */
  readonly ofPlace: Uint32Array;
  /** The cell of each of the next finer tier's cells; of the finest, of the places. */
  readonly ofFiner: Uint32Array;
}

/** What levels are summed by: of the whole traffic, or of a part of it, always the same cells. */
export interface CellTiers {
  readonly cube: Cube;
  readonly frames: ReportFrames;
  /** The finest first. */
  readonly tiers: readonly CellTier[];
}

/** The cube's cells and some of their parents. */
export function cellTiers(cube: Cube, frames: ReportFrames): CellTiers {
  const { cellLow, cellHigh, length } = cube.places;
  const { low, high, ids } = denseCells(cellLow.slice(0, length), cellHigh.slice(0, length));
  // Row 0 of the places has no cell, and the null cell comes first: located cells are numbered from 0 without it.
  const ofPlace = ids.map((id) => Math.max(0, id - 1));
  let finer: Omit<CellTier, "resolution"> = {
    cells: { low: low.subarray(1), high: high.subarray(1) },
    ofPlace,
    ofFiner: ofPlace,
  };
  if (finer.cells.low.length === 0) return { cube, frames, tiers: [] };
  const tiers = resolutions(cube.resolution).map((resolution, i): CellTier => {
    finer = parentTier(finer, resolution, i === 0);
    return { resolution, ...finer };
  });
  return { cube, frames, tiers };
}

function parentTier(finer: Omit<CellTier, "resolution">, resolution: number, isFirst: boolean) {
  const parentLow = finer.cells.low.slice();
  const parentHigh = finer.cells.high.slice();
  toParents(parentLow, parentHigh, resolution);
  const { low, high, ids } = denseCells(parentLow, parentHigh);
  const ofPlace = finer.ofPlace.map((cell) => ids[cell]!);
  return { cells: { low, high }, ofPlace, ofFiner: isFirst ? ofPlace : ids };
}

/** The same cells for another cube, whose places all lie in them: a part that the cells' own cube was merged from. */
export function sameTiers(cube: Cube, { frames, tiers }: CellTiers): CellTiers {
  const [finest, ...coarser] = tiers;
  if (!finest) return { cube, frames, tiers };
  const { low, high } = finest.cells;
  const known = new Map(Array.from(low, (half, cell) => [`${high[cell]}:${half}`, cell]));
  const placeLow = cube.places.cellLow.slice(0, cube.places.length);
  const placeHigh = cube.places.cellHigh.slice(0, cube.places.length);
  toParents(placeLow, placeHigh, finest.resolution);
  const ofPlace = Uint32Array.from(placeLow, (half, place) => known.get(`${placeHigh[place]}:${half}`) ?? 0);
  return { cube, frames, tiers: [{ ...finest, ofPlace, ofFiner: ofPlace }, ...coarser] };
}

/**
 * The cells with their traffic, coarsest first: counts add up, latencies are quantiles of all requests together, clients
 * are counted once. Each level is summed from the next finer one. Empty where nothing is located.
 */
export function reportLevels(tiers: CellTiers): ReportLevel[] {
  const { cube } = tiers;
  const sums = levelRows(
    tiers,
    Uint32Array.from({ length: cube.segment.length }, (_, group) => group),
  );
  const levels = tiers.tiers.map(({ resolution, cells, ofPlace }, i) => ({
    resolution,
    ...cellOutlines(cells.low, cells.high),
    ...cellLabels(cube, ofPlace, cells.low.length),
    ...sums[i]!,
  }));
  return levels.reverse();
}

/** The traffic of some of the cube's groups on the cells of every tier, the finest first. */
export function levelRows({ cube, frames, tiers }: CellTiers, groups: Uint32Array): LevelRows[] {
  let segment = cube.segment;
  let frame = framesOfGroups(cube, frames);
  let rows = groups.filter((group) => cube.places.cellHigh[segment.place[group]!] !== 0);
  return tiers.map(({ cells, ofFiner }) => {
    const size = cells.low.length;
    const { place } = segment;
    const keys = { bucket: rows.map((g) => frame[g]!), place: rows.map((g) => ofFiner[place[g]!]!), codes: [] };
    const merged = mergedOf(cube.parts);
    segment = aggregateGroups(segment, merged, { keys, rows, sizes: [frames.count, size], firstBucket: 0 });
    frame = segment.bucket;
    rows = Uint32Array.from(segment.place.keys());
    return {
      total: totals(cube, segment, size),
      rows: cellColumns(segment),
      rowStart: starts(segment.bucket, frames.count),
      rowCell: segment.place,
    };
  });
}

/** The whole period, one row a cell, those without traffic among them. */
function totals(cube: Cube, segment: Segment, cells: number): CellColumns {
  const rows = Uint32Array.from(segment.place.keys());
  const keys = { bucket: new Uint32Array(rows.length), place: segment.place, codes: [] };
  const sums = aggregateGroups(segment, mergedOf(cube.parts), { keys, rows, sizes: [1, cells], firstBucket: 0 });
  const columns = cellColumns(sums);
  if (sums.length === cells) return columns;
  const spread = <T extends Uint32Array | Uint16Array>(column: T, wide: T): T => {
    for (let row = 0; row < sums.length; row++) wide[sums.place[row]!] = column[row]!;
    return wide;
  };
  return {
    count: spread(columns.count, new Uint32Array(cells)),
    errors: spread(columns.errors, new Uint32Array(cells)),
    clients: spread(columns.clients, new Uint32Array(cells)),
    p50: spread(columns.p50, new Uint16Array(cells)),
    p95: spread(columns.p95, new Uint16Array(cells)),
  };
}

/** Where each frame's rows begin, given the frame of each row, ascending. */
function starts(frame: Uint32Array, count: number): Uint32Array {
  const start = new Uint32Array(count + 1);
  for (let row = 0; row < frame.length; row++) start[frame[row]! + 1]!++;
  for (let f = 0; f < count; f++) start[f + 1]! += start[f]!;
  return start;
}
