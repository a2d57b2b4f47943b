import type { Position, Ring } from "../outlines/ringsToMultiPolygon.js";
import { wrappedLon } from "./shapeEdges.js";

/**
 * A ring as a closed line whose longitudes never jump: steps of more than 180° are taken the short way. The end is a turn of
 * 360° away from the start where the ring runs around a pole.
 */
export function unwrappedRing(ring: Ring): Position[] {
  let lon = wrappedLon(ring[0]![0]);
  const line: Position[] = [[lon, ring[0]![1]]];
  for (let i = 1; i <= ring.length; i++) {
    const [nextLon, nextLat] = ring[i % ring.length]!;
    const step = wrappedLon(nextLon) - wrappedLon(ring[i - 1]![0]);
    lon += step > 180 ? step - 360 : step < -180 ? step + 360 : step;
    line.push([lon, nextLat]);
  }
  return line;
}

/**
 * The rings of a polygon turned so that what it holds lies to the left of each, whichever way they came; longitudes in
 * [-180, 180]. As in `ShapeIndex`, the smaller side of a ring around the Earth is meant, and inside changes with outside at
 * each of several.
 */
export function orientedPolygon(polygon: readonly Ring[]): Position[][] {
  const rings = polygon.map(measured);
  const around = rings.filter(({ turn }) => Math.abs(turn) > 180).sort((a, b) => a.southArea - b.southArea);
  let inside = around.filter(({ southArea }) => southArea < 360).length % 2 === 1;
  const leftIsInside = new Map<MeasuredRing, boolean>();
  for (const ring of around) {
    // Westward around the Earth, the south lies to the left.
    leftIsInside.set(ring, ring.turn < 0 === inside);
    inside = !inside;
  }
  return rings.map((ring, i) => {
    const isRight = leftIsInside.get(ring) ?? ring.area > 0 === (i === 0);
    return isRight ? ring.points : ring.points.toReversed();
  });
}

interface MeasuredRing {
  readonly points: Position[];
  /** Degrees of longitude from the start to the end: 0, or ±360 around a pole. */
  readonly turn: number;
  /** In square degrees of the plane, positive where the ring runs counter-clockwise. */
  readonly area: number;
  /** Of what lies south of the ring, where it runs around a pole: 720 is the Earth's. */
  readonly southArea: number;
}

function measured(ring: Ring): MeasuredRing {
  const line = unwrappedRing(ring);
  let [area, southArea] = [0, 0];
  for (let i = 1; i < line.length; i++) {
    const [[x1, y1], [x2, y2]] = [line[i - 1]!, line[i]!];
    area += ((x1 - x2) * (y1 + y2)) / 2;
    southArea += (x2 - x1) * (1 + Math.sin(((y1 + y2) / 2) * (Math.PI / 180)));
  }
  const points = ring.map(([lon, lat]): Position => [wrappedLon(lon), lat]);
  return { points, turn: line.at(-1)![0] - line[0]![0], area, southArea: Math.abs(southArea) };
}
