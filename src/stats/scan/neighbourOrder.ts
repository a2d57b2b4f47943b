import { unitVectors } from "../../core/sphere.js";

/** Where regions are: on a plane, or on the Earth in degrees. */
export type RegionPoints =
  | { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }
  | { readonly lat: ArrayLike<number>; readonly lon: ArrayLike<number> };

/** A region's neighbours from the nearest (itself) to the furthest, with something that grows with their distance. */
export interface NeighbourOrder {
  readonly region: Uint32Array;
  readonly distance: Float64Array;
}

/** Orders all regions by their distance from each; at equal distances by number. */
export function neighbourOrder(points: RegionPoints): NeighbourOrder[] {
  const at = "x" in points ? plane(points.x, points.y) : sphere(points.lat, points.lon);
  return at.map((from, i) => {
    const distance = Float64Array.from(at, (to) => Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]));
    // Regions at the very same point are behind the region itself.
    const region = Uint32Array.from(at.keys()).sort(
      (a, b) => distance[a]! - distance[b]! || Number(b === i) - Number(a === i) || a - b,
    );
    return { region, distance: Float64Array.from(region, (r) => distance[r]!) };
  });
}

function plane(x: ArrayLike<number>, y: ArrayLike<number>): [number, number, number][] {
  return Array.from(x, (value, i) => [value, y[i]!, 0]);
}

/** Unit vectors: their chord grows with the great-circle distance. */
function sphere(lat: ArrayLike<number>, lon: ArrayLike<number>): [number, number, number][] {
  const vectors = unitVectors(lat, lon);
  return Array.from(lat, (_, i) => [vectors[3 * i]!, vectors[3 * i + 1]!, vectors[3 * i + 2]!]);
}
