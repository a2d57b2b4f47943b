import { cellToChildrenSize, compactCells as compact, getResolution, isValidCell, uncompactCells } from "h3-js";
import { checkResolution, gridError } from "./errors.js";

/** More cells than this are refused: a text of fifteen digits can stand for a quarter of a million million. */
const MOST_CELLS = 10_000_000;

/**
 * The fewest cells that cover the same: wherever all children of a cell are there, the cell takes their place.
 * Cells of several resolutions, one within another and repeats are fine. Ascending.
 *
 * Throws `bad-cell`, and `too-many-cells` where the finest resolution would need more than ten million.
 */
export function compactCells(cells: Iterable<string>): string[] {
  const distinct = [...new Set(cells)];
  for (const cell of distinct) if (!isValidCell(cell)) throw gridError("bad-cell", { value: cell });
  const finest = distinct.reduce((most, cell) => Math.max(most, getResolution(cell)), 0);
  return compact(expandCells(distinct, finest)).sort();
}

/**
 * The cells of one resolution that cover the same: the inverse of {@link compactCells}. Ascending, without repeats.
 *
 * Throws `bad-cell`, `bad-resolution` (also where a cell is finer than asked), `too-many-cells` beyond ten million.
 */
export function expandCells(cells: Iterable<string>, resolution: number): string[] {
  checkResolution(resolution);
  const distinct = [...new Set(cells)];
  let size = 0;
  for (const cell of distinct) {
    if (!isValidCell(cell)) throw gridError("bad-cell", { value: cell });
    if (getResolution(cell) > resolution) throw gridError("bad-resolution", { resolution });
    size += cellToChildrenSize(cell, resolution);
  }
  if (size > MOST_CELLS) throw gridError("too-many-cells", { cells: size, limit: MOST_CELLS });
  return [...new Set(uncompactCells(distinct, resolution))].sort();
}
