import { cellToBoundary as boundary, isValidCell } from "h3-js";
import { gridError } from "../errors.js";

/** The vertices of one cell, [latitude, longitude] each, in degrees; the first is not repeated. Throws `bad-cell`. */
export function cellToBoundary(cell: string): [lat: number, lon: number][] {
  if (!isValidCell(cell)) throw gridError("bad-cell", { value: cell });
  return boundary(cell) as [number, number][];
}
