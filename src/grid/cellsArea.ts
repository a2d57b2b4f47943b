import { cellArea, cellToLatLng, isValidCell } from "h3-js";
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
  const sum = [0, 0, 0] as [number, number, number];
  cells.forEach((cell, row) => {
    const [lat, lon] = cellToLatLng(checked(cell));
    const weight = weights?.[row] ?? cellArea(cell, "km2");
    const across = weight * Math.cos((lat * Math.PI) / 180);
    sum[0] += across * Math.cos((lon * Math.PI) / 180);
    sum[1] += across * Math.sin((lon * Math.PI) / 180);
    sum[2] += weight * Math.sin((lat * Math.PI) / 180);
  });
  const total = weights === undefined ? cellsAreaKm2(cells) : Array.from(weights).reduce((a, b) => a + Math.abs(b), 0);
  const across = Math.hypot(sum[0], sum[1]);
  if (!(Math.hypot(across, sum[2]) > 1e-9 * total)) return null;
  return { lat: (Math.atan2(sum[2], across) * 180) / Math.PI, lon: (Math.atan2(sum[1], sum[0]) * 180) / Math.PI };
}

function checked(cell: string): string {
  if (!isValidCell(cell)) throw gridError("bad-cell", { value: cell });
  return cell;
}
