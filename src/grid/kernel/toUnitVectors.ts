import { ASK_H3, type Block, NO_POINT } from "./block.js";

const RADIANS = Math.PI / 180;

/**
 * First stage: degrees → unit vectors, and the face grid's code of each.
 *
 * The sine and cosine of the whole degrees come from a table, those of the rest (at most half a degree) from the first
 * terms of their series: what is left out is below 1e-18.
 *
 * @param from - first row of `lats` and `lons`; `count` rows are read
 * @param table - of `degreeTable`
 * @param codes - of `faceGrid`
 */
export function toUnitVectors(
  lats: Float64Array,
  lons: Float64Array,
  from: number,
  count: number,
  table: Float64Array,
  codes: Uint8Array,
  block: Block,
): void {
  const { x, y, z, face } = block;
  for (let i = 0; i < count; i++) {
    const lat = lats[from + i]!;
    let lon = lons[from + i]!;
    if (lon > 180) lon -= 360;
    else if (lon < -180) lon += 360;
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)) {
      // More than a turn of longitude: its sine depends on how h3-js rounds the radians.
      face[i] = Math.abs(lat) <= 90 && Number.isFinite(lon) ? ASK_H3 : NO_POINT;
      continue;
    }
    const row = (lat + 90.5) | 0;
    const column = (lon + 180.5) | 0;
    face[i] = codes[row * 361 + column]!;
    const phi = (lat - (row - 90)) * RADIANS;
    const lambda = (lon - (column - 180)) * RADIANS;
    const phi2 = phi * phi;
    const lambda2 = lambda * lambda;
    const sinPhi = phi * (1 - phi2 * (1 / 6 - phi2 * (1 / 120)));
    const cosPhi = 1 - phi2 * (1 / 2 - phi2 * (1 / 24 - phi2 * (1 / 720)));
    const sinLambda = lambda * (1 - lambda2 * (1 / 6 - lambda2 * (1 / 120)));
    const cosLambda = 1 - lambda2 * (1 / 2 - lambda2 * (1 / 24 - lambda2 * (1 / 720)));
    const sinRow = table[2 * row + 180]!;
    const cosRow = table[2 * row + 181]!;
    const sinColumn = table[2 * column]!;
    const cosColumn = table[2 * column + 1]!;
    const cosLat = cosRow * cosPhi - sinRow * sinPhi;
    x[i] = cosLat * (cosColumn * cosLambda - sinColumn * sinLambda);
    y[i] = cosLat * (sinColumn * cosLambda + cosColumn * sinLambda);
    z[i] = sinRow * cosPhi + cosRow * sinPhi;
  }
}
