import { cellArea, cellToLatLng, isValidCell } from "h3-js";
import { SphericalCentroid } from "../core/sphere.js";
import { checkLength, gridError } from "./errors.js";

/** Square kilometres of a set of cells: the sum of theirs. Throws `bad-cell`. */
export function cellsAreaKm2(cells: Iterable<string>): number {
  let sum = 0;
  for (const cell of new Set(cells)) sum += cellArea(checked(cell), "km2");
  return sum;
}

/**
 * The middle of cells on the sphere: of their centres as vectors, weighted by their areas or by what the caller gives.
 * null where there is none: no cells, no weight, or cells that balance each other out. Throws `bad-cell`, `length-mismatch`.
 */
export function cellsCentroid(
  cells: readonly string[],
  weights?: ArrayLike<number>,
): { readonly lat: number; readonly lon: number } | null {
  if (weights !== undefined) checkLength("weights", weights.length, cells.length);
  const centroid = new SphericalCentroid();
  cells.forEach((cell, row) => {
    const [lat, lon] = cellToLatLng(checked(cell));
    centroid.add(lat, lon, weights?.[row] ?? cellArea(cell, "km2"));
  });
  return centroid.point();
}

function checked(cell: string): string {
  if (!isValidCell(cell)) throw gridError("bad-cell", { value: cell });
  return cell;
}
