import { h3IndexToSplitLong, latLngToCell } from "h3-js";

/**
 * Writes the H3 cell of every point as h3-js answers it. Returns how many rows hold no point on Earth; they get (0, 0).
 *
 * @param resolution - trusted to be an integer from 0 to 15
 * @param low - lower halves; length at least `lats.length`, likewise `high`
 */
export function cellsByH3(
  lats: Float64Array,
  lons: Float64Array,
  resolution: number,
  low: Uint32Array,
  high: Uint32Array,
): number {
  let missing = 0;
  for (let i = 0; i < lats.length; i++) {
    if (!(Math.abs(lats[i]!) <= 90 && Number.isFinite(lons[i]!))) {
      missing++;
      low[i] = 0;
      high[i] = 0;
      continue;
    }
    const [l, h] = h3IndexToSplitLong(latLngToCell(lats[i]!, lons[i]!, resolution));
    low[i] = l;
    high[i] = h;
  }
  return missing;
}
