import type { Ring } from "../outlines/ringsToMultiPolygon.js";

/** Polygons of rings, the first the outside, the others holes. Which way a ring turns does not matter. */
export type Shape = readonly (readonly Ring[])[];

/** Numbers an edge takes in {@link ShapeEdges.edges}. */
export const EDGE_STRIDE = 4;

/**
 * The edges of many shapes in one array, straight in longitude and latitude. A part is one polygon with its holes.
 */
export interface ShapeEdges {
  /** Four numbers an edge: lon, lat, lon, lat; the western (then southern) end first, starting in [-180, 180]. */
  readonly edges: Float64Array;
  /** The part of each edge. */
  readonly partOf: Uint32Array;
  /** The shape of each part. */
  readonly shapeOf: Uint32Array;
  /** 1 for each part that holds the south pole. */
  readonly southInside: Uint8Array;
}

/** Lays the edges of shapes out flat. Steps of more than 180° of longitude are taken the short way, across the antimeridian. */
export function shapeEdges(shapes: readonly Shape[]): ShapeEdges {
  const edges: number[] = [];
  const partOf: number[] = [];
  const shapeOf: number[] = [];
  const southInside: number[] = [];
  shapes.forEach((shape, shapeId) => {
    for (const polygon of shape) {
      let south = 0;
      for (const ring of polygon) {
        south ^= addRing(ring, edges);
        while (partOf.length < edges.length / EDGE_STRIDE) partOf.push(shapeOf.length);
      }
      shapeOf.push(shapeId);
      southInside.push(south);
    }
  });
  return {
    edges: Float64Array.from(edges),
    partOf: Uint32Array.from(partOf),
    shapeOf: Uint32Array.from(shapeOf),
    southInside: Uint8Array.from(southInside),
  };
}

/** Adds a ring's edges; returns 1 if the ring runs around a pole and the south pole's side is the smaller. */
function addRing(ring: Ring, edges: number[]): 0 | 1 {
  let turn = 0;
  let southArea = 0;
  for (let i = 0; i < ring.length; i++) {
    const [fromLon, fromLat] = ring[i]!;
    const [toLon, toLat] = ring[(i + 1) % ring.length]!;
    const from = wrappedLon(fromLon);
    let to = wrappedLon(toLon);
    if (to - from > 180) to -= 360;
    else if (to - from < -180) to += 360;
    turn += to - from;
    southArea += (to - from) * (1 + Math.sin(((fromLat + toLat) / 2) * (Math.PI / 180)));
    if (from === to && fromLat === toLat) continue;
    // The same edge of two neighbours, run through in opposite directions, becomes the same four numbers.
    const forward = from < to || (from === to && fromLat < toLat);
    const shift = Math.min(from, to) < -180 ? 360 : 0;
    if (forward) edges.push(from + shift, fromLat, to + shift, toLat);
    else edges.push(to + shift, toLat, from + shift, fromLat);
  }
  return Math.abs(turn) > 180 && Math.abs(southArea) < 360 ? 1 : 0;
}

/** A longitude brought into [-180, 180]. */
export function wrappedLon(lon: number): number {
  if (lon >= -180 && lon <= 180) return lon;
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}
