import { EARTH_RADIUS_KM, greatCircleKm } from "../core/sphere.js";
import { checkLength } from "./errors.js";

export { EARTH_RADIUS_KM, greatCircleKm };

/**
 * The least distance that two vaguely known points can have: the great circle less both accuracy radii, never below 0.
 * A radius that is not known (NaN) counts as 0.
 */
export function surelyApartKm(distanceKm: number, accuracyKm1: number, accuracyKm2: number): number {
  return Math.max(0, distanceKm - (accuracyKm1 || 0) - (accuracyKm2 || 0));
}

/** Kilometres from one point to each of many. Throws `length-mismatch`. NaN where a coordinate is NaN. */
export function greatCirclesKm(
  lat: number,
  lon: number,
  lats: ArrayLike<number>,
  lons: ArrayLike<number>,
): Float64Array {
  checkLength("lons", lons.length, lats.length);
  const out = new Float64Array(lats.length);
  for (let i = 0; i < out.length; i++) out[i] = greatCircleKm(lat, lon, lats[i]!, lons[i]!);
  return out;
}

/** Rows, ascending, of the points that lie at most `radiusKm` from the given one. Throws `length-mismatch`. */
export function rowsWithinKm(
  lat: number,
  lon: number,
  radiusKm: number,
  lats: ArrayLike<number>,
  lons: ArrayLike<number>,
): Uint32Array {
  checkLength("lons", lons.length, lats.length);
  const rows: number[] = [];
  for (let i = 0; i < lats.length; i++) if (greatCircleKm(lat, lon, lats[i]!, lons[i]!) <= radiusKm) rows.push(i);
  return Uint32Array.from(rows);
}
