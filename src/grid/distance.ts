import { checkLength } from "./errors.js";

/** The mean radius of the Earth that H3 measures with (WGS 84's authalic radius), in kilometres. */
export const EARTH_RADIUS_KM = 6371.007180918475;
const RADIANS = Math.PI / 180;

/** Kilometres along the great circle between two points in degrees (haversine, on the sphere of H3). */
export function greatCircleKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const sinLat = Math.sin(0.5 * RADIANS * (lat2 - lat1));
  const sinLon = Math.sin(0.5 * RADIANS * (lon2 - lon1));
  const h = sinLat * sinLat + sinLon * sinLon * Math.cos(RADIANS * lat1) * Math.cos(RADIANS * lat2);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}

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
