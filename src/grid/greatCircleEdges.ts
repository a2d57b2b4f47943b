import type { Position, Ring } from "./outlines/ringsToMultiPolygon.js";

/** How far the middle of an edge may stray, as a share of the edge's length. */
const MOST_STRAY = 0.002;
/** Edges past a pole are halved this often at most. */
const MOST_HALVINGS = 12;
const RADIANS = Math.PI / 180;

/**
 * A ring whose edges stay on great circles when a map draws them straight in longitude and latitude: long edges, and
 * those near a pole, are halved until that makes no difference.
 */
export function greatCircleEdges(ring: Ring): Position[] {
  return ring.flatMap((point, i) => [point, ...between(point, ring[(i + 1) % ring.length]!, MOST_HALVINGS)]);
}

/** The points to put between two, none where the straight line will do. */
function between(from: Position, to: Position, halvings: number): Position[] {
  const middle = greatCircleMiddle(from, to);
  const step = shortTurn(to[0] - from[0]);
  const strayLat = middle[1] - (from[1] + to[1]) / 2;
  const strayLon = shortTurn(middle[0] - from[0] - step / 2) * Math.cos(middle[1] * RADIANS);
  const length = Math.hypot(step * Math.cos(middle[1] * RADIANS), to[1] - from[1]);
  if (halvings === 0 || Math.hypot(strayLat, strayLon) <= MOST_STRAY * length) return [];
  return [...between(from, middle, halvings - 1), middle, ...between(middle, to, halvings - 1)];
}

function greatCircleMiddle([lon1, lat1]: Position, [lon2, lat2]: Position): Position {
  const c1 = Math.cos(lat1 * RADIANS);
  const c2 = Math.cos(lat2 * RADIANS);
  const x = c1 * Math.cos(lon1 * RADIANS) + c2 * Math.cos(lon2 * RADIANS);
  const y = c1 * Math.sin(lon1 * RADIANS) + c2 * Math.sin(lon2 * RADIANS);
  const z = Math.sin(lat1 * RADIANS) + Math.sin(lat2 * RADIANS);
  return [Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS];
}

/** A difference of longitudes, the short way: in [-180, 180). */
function shortTurn(degrees: number): number {
  return degrees - 360 * Math.floor((degrees + 180) / 360);
}
