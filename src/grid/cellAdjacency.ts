import { gridDisk } from "h3-js";
import { cellText } from "./cellText.js";
import { checkLength } from "./errors.js";

/** Neighbours of dense cells, flat: those of row i are `neighbours[offsets[i]]` up to `neighbours[offsets[i + 1]]`. */
export interface CellAdjacency {
  /** Length: cells + 1. */
  readonly offsets: Uint32Array;
  /** Rows of the list of cells, ascending within each cell. */
  readonly neighbours: Uint32Array;
}

/**
 * Which cells of a list lie within `k` steps of which others, over hexagons and pentagons alike.
 *
 * Cells outside the list are left out, and so is the cell itself. The cells must be distinct; null cells have no neighbours.
 *
 * @param low - lower halves of the H3 indexes; row i is dense cell i
 * @param high - upper halves
 * @param k - at least 1 (the default); 1 are the cells that share an edge
 */
export function cellAdjacency(low: Uint32Array, high: Uint32Array, k = 1): CellAdjacency {
  checkLength("high", high.length, low.length);
  const rowOf = new Map<string, number>();
  for (let i = 0; i < low.length; i++) {
    const text = cellText(low[i]!, high[i]!);
    if (text !== "") rowOf.set(text, i);
  }
  const offsets = new Uint32Array(low.length + 1);
  const neighbours: number[] = [];
  for (let i = 0; i < low.length; i++) {
    for (const row of rowsAround(cellText(low[i]!, high[i]!), k, rowOf)) if (row !== i) neighbours.push(row);
    offsets[i + 1] = neighbours.length;
  }
  return { offsets, neighbours: Uint32Array.from(neighbours) };
}

function rowsAround(text: string, k: number, rowOf: ReadonlyMap<string, number>): number[] {
  if (text === "") return [];
  const rows: number[] = [];
  for (const cell of gridDisk(text, k)) {
    const row = rowOf.get(cell);
    if (row !== undefined) rows.push(row);
  }
  return rows.sort((a, b) => a - b);
}
