import { latLngToCell } from "h3-js";
import { cellHalves } from "./cellText.js";
import { checkLength, checkResolution, gridError } from "./errors.js";

export interface CellOptions {
  /**
   * What a row without a point on Earth (a latitude outside ±90, a coordinate that is not finite) becomes:
   * `"throw"` (the default) throws `bad-coordinates`, `"null"` gives the cell 0.
   */
  readonly invalid?: "throw" | "null";
}

/**
 * The H3 cell of every point: bit for bit what `h3-js` answers.
 *
 * @param lats - degrees, in [-90, 90]
 * @param lons - degrees; they wrap, so 190 is -170
 * @param resolution - 0 (cells of 4 million km²) to 15 (1 m²)
 *
 * Throws `bad-resolution`, `length-mismatch` and, unless told otherwise, `bad-coordinates`.
 */
export function latLngsToCells(
  lats: ArrayLike<number>,
  lons: ArrayLike<number>,
  resolution: number,
  options: CellOptions = {},
): BigUint64Array {
  const n = lats.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const missing = latLngsToCellHalves(lats, lons, resolution, low, high);
  if (missing > 0 && options.invalid !== "null") {
    const row = high.indexOf(0);
    throw gridError("bad-coordinates", { row, lat: lats[row]!, lon: lons[row]! });
  }
  const cells = new BigUint64Array(n);
  const words = new Uint32Array(cells.buffer);
  for (let i = 0; i < n; i++) {
    words[2 * i] = low[i]!;
    words[2 * i + 1] = high[i]!;
  }
  return cells;
}

/**
 * {@link latLngsToCells} without an allocation: the cells go into two columns of halves.
 *
 * Rows without a point on Earth get the null cell (0, 0); returns how many those were.
 *
 * @param low - lower 32 bits of each cell; length at least `lats.length`
 * @param high - upper 32 bits of each cell; length at least `lats.length`
 */
export function latLngsToCellHalves(
  lats: ArrayLike<number>,
  lons: ArrayLike<number>,
  resolution: number,
  low: Uint32Array,
  high: Uint32Array,
): number {
  checkResolution(resolution);
  checkLength("lons", lons.length, lats.length);
  let missing = 0;
  for (let i = 0; i < lats.length; i++) {
    const lat = lats[i]!;
    const lon = lons[i]!;
    const [l, h] =
      Math.abs(lat) <= 90 && Number.isFinite(lon) ? cellHalves(latLngToCell(lat, lon, resolution)) : [0, 0];
    if (h === 0) missing++;
    low[i] = l;
    high[i] = h;
  }
  return missing;
}
