/** The mean radius of the Earth that H3 measures with (WGS 84's authalic radius), in kilometres. */
export const EARTH_RADIUS_KM = 6371.007180918475;

const RADIANS = Math.PI / 180;
/** Below this share of the weights their vectors cancel out, and the direction that is left is rounding. */
const LEAST_SHARE = 1e-9;

/** Kilometres along the great circle between two points in degrees (haversine). NaN where a coordinate is NaN. */
export function greatCircleKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const sinLat = Math.sin(0.5 * RADIANS * (lat2 - lat1));
  const sinLon = Math.sin(0.5 * RADIANS * (lon2 - lon1));
  const h = sinLat * sinLat + sinLon * sinLon * Math.cos(RADIANS * lat1) * Math.cos(RADIANS * lat2);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}

/** Kilometres along the great circle between unit vectors whose straight distance is `chord`, in [0, 2]. */
export function chordKm(chord: number): number {
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, chord / 2));
}

/** The straight distance of unit vectors that are `km` apart on the great circle; inverse of {@link chordKm}. */
export function kmChord(km: number): number {
  return 2 * Math.sin(km / (2 * EARTH_RADIUS_KM));
}

/** Unit vectors of points in degrees: x, y, z, x, y, z … Rows without coordinates are NaN. */
export function unitVectors(lats: ArrayLike<number>, lons: ArrayLike<number>): Float64Array {
  const vectors = new Float64Array(3 * lats.length);
  for (let i = 0; i < lats.length; i++) {
    const phi = lats[i]! * RADIANS;
    const lambda = lons[i]! * RADIANS;
    vectors[3 * i] = Math.cos(phi) * Math.cos(lambda);
    vectors[3 * i + 1] = Math.cos(phi) * Math.sin(lambda);
    vectors[3 * i + 2] = Math.sin(phi);
  }
  return vectors;
}

/** The weighted mean of points as vectors, so that 179° and -179° meet at 180°. */
export class SphericalCentroid {
  #x = 0;
  #y = 0;
  #z = 0;
  #weight = 0;

  /** Counts a point in; one without coordinates counts for nothing. */
  add(lat: number, lon: number, weight: number): void {
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return;
    const phi = lat * RADIANS;
    const lambda = lon * RADIANS;
    this.#x += weight * Math.cos(phi) * Math.cos(lambda);
    this.#y += weight * Math.cos(phi) * Math.sin(lambda);
    this.#z += weight * Math.sin(phi);
    this.#weight += Math.abs(weight);
  }

  /** The centroid in degrees; null where there is none: no points, no weight, or points that balance each other out. */
  point(): { readonly lat: number; readonly lon: number } | null {
    const across = Math.hypot(this.#x, this.#y);
    if (!(Math.hypot(across, this.#z) > LEAST_SHARE * this.#weight)) return null;
    return { lat: Math.atan2(this.#z, across) / RADIANS, lon: Math.atan2(this.#y, this.#x) / RADIANS };
  }
}
