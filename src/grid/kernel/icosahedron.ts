import { cellToLatLng, getPentagons } from "h3-js";

/** How many faces the icosahedron has, and numbers each face takes in {@link Icosahedron.faces}. */
export const FACES = 20;
export const FACE_STRIDE = 9;

/**
 * H3's icosahedron. Its twelve corners are the centres of the twelve pentagons, so they are asked of h3-js.
 *
 * A unit vector p lies on the face whose `centre · p` is largest. Divided by that product, its products with the face's
 * two axes are p's gnomonic coordinates (a, b) on the face: the point a + bω of the plane, ω = e^(2πi/3), where the
 * cells of resolution 0 have whole coordinates and the face's corners are 2, 2ω and 2ω².
 */
export interface Icosahedron {
  /** Nine numbers a face: centre, first axis, second axis; each x, y, z. */
  readonly faces: Float64Array;
}

export type Vector = readonly [x: number, y: number, z: number];

export function icosahedron(): Icosahedron {
  const corners = getPentagons(0).map((cell) => unitVector(...cellToLatLng(cell)));
  const faces = new Float64Array(FACES * FACE_STRIDE);
  let face = 0;
  for (const [i, j, k] of triangles(corners)) {
    const det = dot(i, cross(j, k));
    // Dual vectors: their products with p are p's barycentric weights at i, j and k, up to a common factor.
    const [wi, wj, wk] = [cross(j, k), cross(k, i), cross(i, j)];
    for (let axis = 0; axis < 3; axis++) {
      faces[face * FACE_STRIDE + axis] = (wi[axis]! + wj[axis]! + wk[axis]!) / det;
      faces[face * FACE_STRIDE + 3 + axis] = (2 * (wi[axis]! - wk[axis]!)) / det;
      faces[face * FACE_STRIDE + 6 + axis] = (2 * (wj[axis]! - wk[axis]!)) / det;
    }
    face++;
  }
  return { faces };
}

/** A point on the unit sphere, from degrees. */
export function unitVector(lat: number, lon: number): Vector {
  const phi = (lat * Math.PI) / 180;
  const lambda = (lon * Math.PI) / 180;
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

/** The twenty triples of neighbouring corners, each counter-clockwise as seen from outside. */
function triangles(corners: readonly Vector[]): [Vector, Vector, Vector][] {
  // Neighbouring corners of an icosahedron have the product 1/√5, the others at most -1/√5.
  const near = (a: Vector, b: Vector): boolean => dot(a, b) > 0 && a !== b;
  const found: [Vector, Vector, Vector][] = [];
  corners.forEach((a, i) => {
    corners.slice(i + 1).forEach((b, j) => {
      for (const c of corners.slice(i + j + 2)) {
        if (near(a, b) && near(b, c) && near(c, a)) found.push(dot(a, cross(b, c)) > 0 ? [a, b, c] : [a, c, b]);
      }
    });
  });
  return found;
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
