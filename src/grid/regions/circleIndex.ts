import { EARTH_RADIUS_KM, greatCircleKm } from "../distance.js";

/** Everything within a distance of a point. */
export interface Circle {
  readonly lat: number;
  readonly lon: number;
  readonly radiusKm: number;
}

const KM_PER_DEGREE = (EARTH_RADIUS_KM * Math.PI) / 180;

/** Finds the circles that hold a point: only those whose latitudes reach to the point's are measured. */
export class CircleIndex {
  readonly #circles: readonly Circle[];
  /** Circles by whole degree of latitude that they reach into, from -90. */
  readonly #bands: readonly (readonly number[])[];

  constructor(circles: readonly Circle[]) {
    this.#circles = circles;
    const bands = Array.from({ length: 181 }, (): number[] => []);
    circles.forEach(({ lat, radiusKm }, row) => {
      const reach = radiusKm / KM_PER_DEGREE + 1e-6;
      const last = Math.min(90, Math.floor(lat + reach));
      for (let band = Math.max(-90, Math.floor(lat - reach)); band <= last; band++) bands[band + 90]!.push(row);
    });
    this.#bands = bands;
  }

  /** Rows of the circles that hold the point, ascending; none if it is not on Earth. */
  findAll(lat: number, lon: number): number[] {
    if (!(Math.abs(lat) <= 90) || !Number.isFinite(lon)) return [];
    return this.#bands[Math.floor(lat) + 90]!.filter((row) => {
      const circle = this.#circles[row]!;
      return greatCircleKm(lat, lon, circle.lat, circle.lon) <= circle.radiusKm;
    });
  }
}
