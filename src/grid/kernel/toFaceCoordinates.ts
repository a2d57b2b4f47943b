import { ASK_H3, type Block, NO_POINT } from "./block.js";
import { type FaceGrid, MANY_FACES } from "./faceGrid.js";
import { FACE_STRIDE, FACES } from "./icosahedron.js";

/**
 * Two faces that near to each other (as a difference of products) are told apart by rounding alone.
 */
const FACE_MARGIN = 1e-12;

/**
 * How uncertain h3-js's own coordinates are, in units of resolution 0. It measures the angle from the face's centre by
 * an arc cosine, which loses digits towards the centre: 1.1e-16 / 0.001 there, so nearer than that it is asked itself.
 */
const EDGE_MARGIN = 5e-12;
const CENTRE_RADIUS = 8e-3;

/**
 * Second stage: unit vectors → face, and the whole coordinates of the cell there whose centre is nearest.
 *
 * With u = 2a - b, v = 2b - a and w = a + b, a cell's edges are the lines where one of them is 1 off the centre's; the
 * lines of whole u, v and w cut the plane into triangles, six to a cell, and from the triangle follows the cell.
 *
 * Points within float error of an edge, of a cell or of a face, are left to h3-js, so that the answer is always its own.
 *
 * @param faces - of `icosahedron`, but the axes give u and v, at the resolution
 * @param scale - cells of this resolution a unit of resolution 0: √7 to the power of the resolution
 */
export function toFaceCoordinates(
  count: number,
  faces: Float64Array,
  scale: number,
  grid: FaceGrid,
  block: Block,
): void {
  const { x, y, z, face: faceOf, a: as, b: bs } = block;
  const limit = 1 - EDGE_MARGIN * scale;
  const centre = CENTRE_RADIUS * scale;
  for (let i = 0; i < count; i++) {
    const code = faceOf[i]!;
    if (code === ASK_H3 || code === NO_POINT) continue;
    const px = x[i]!;
    const py = y[i]!;
    const pz = z[i]!;
    const face = code < FACES ? code : nearestFace(px, py, pz, code, faces, grid.pairs);
    faceOf[i] = face;
    if (face === ASK_H3) continue;
    const f = face * FACE_STRIDE;
    const depth = 1 / (faces[f]! * px + faces[f + 1]! * py + faces[f + 2]! * pz);
    const u = (faces[f + 3]! * px + faces[f + 4]! * py + faces[f + 5]! * pz) * depth;
    const v = (faces[f + 6]! * px + faces[f + 7]! * py + faces[f + 8]! * pz) * depth;
    const w = u + v;
    const aboveW = Math.floor(w + 1);
    const a = Math.floor((Math.floor(u + 1) + aboveW + 0.5) * (1 / 3));
    const b = Math.floor((Math.floor(v + 1) + aboveW + 0.5) * (1 / 3));
    as[i] = a;
    bs[i] = b;
    const nearEdge = Math.abs(u - 2 * a + b) > limit || Math.abs(v - 2 * b + a) > limit || Math.abs(w - a - b) > limit;
    if (nearEdge || Math.abs(u) + Math.abs(v) < centre) faceOf[i] = ASK_H3;
  }
}

/** The face among the code's candidates whose centre is nearest, or {@link ASK_H3} where two are as near. */
function nearestFace(x: number, y: number, z: number, code: number, faces: Float64Array, pairs: Uint8Array): number {
  if (code !== MANY_FACES) {
    const one = pairs[2 * (code - FACES)]!;
    const other = pairs[2 * (code - FACES) + 1]!;
    const lead = centreProduct(faces, one, x, y, z) - centreProduct(faces, other, x, y, z);
    if (Math.abs(lead) < FACE_MARGIN) return ASK_H3;
    return lead > 0 ? one : other;
  }
  let best = 0;
  let most = -1;
  let second = -1;
  for (let face = 0; face < FACES; face++) {
    const product = centreProduct(faces, face, x, y, z);
    if (product > most) {
      second = most;
      most = product;
      best = face;
    } else if (product > second) second = product;
  }
  return most - second < FACE_MARGIN ? ASK_H3 : best;
}

function centreProduct(faces: Float64Array, face: number, x: number, y: number, z: number): number {
  const f = face * FACE_STRIDE;
  return faces[f]! * x + faces[f + 1]! * y + faces[f + 2]! * z;
}
