import { FACE_STRIDE, FACES, unitVector } from "./icosahedron.js";

/**
 * Which faces a point can lie on, by its whole degrees: on most of the Earth there is but one, along the edges two.
 */
export interface FaceGrid {
  /** By row (lat + 90) × 361 + (lon + 180), rounded to whole degrees: a face below 20, else 20 + a row of `pairs`, else {@link MANY_FACES}. */
  readonly codes: Uint8Array;
  /** Two faces a row. */
  readonly pairs: Uint8Array;
}

export const MANY_FACES = 255;

/** How far, as a chord, a point can be from its whole degrees (half a degree each way), and a little more. */
const REACH = (Math.SQRT1_2 * Math.PI) / 180 + 1e-6;

export function faceGrid(faces: Float64Array): FaceGrid {
  const codes = new Uint8Array(181 * 361);
  const pairs: number[] = [];
  const pairCodes = new Map<number, number>();
  const norm = 1 / Math.hypot(faces[0]!, faces[1]!, faces[2]!);
  const products = new Float64Array(FACES);
  for (let lat = -90; lat <= 90; lat++) {
    for (let lon = -180; lon <= 180; lon++) {
      const near = facesNear(faces, norm, lat, lon, products);
      const at = (lat + 90) * 361 + lon + 180;
      if (near.length > 2) codes[at] = MANY_FACES;
      else if (near.length === 1) codes[at] = near[0]!;
      else {
        const key = near[0]! * FACES + near[1]!;
        if (!pairCodes.has(key)) {
          pairCodes.set(key, FACES + pairs.length / 2);
          pairs.push(near[0]!, near[1]!);
        }
        codes[at] = pairCodes.get(key)!;
      }
    }
  }
  return { codes, pairs: Uint8Array.from(pairs) };
}

/** The faces whose centre may be the nearest to some point within {@link REACH}: chords obey the triangle inequality. */
function facesNear(faces: Float64Array, norm: number, lat: number, lon: number, products: Float64Array): number[] {
  const [x, y, z] = unitVector(lat, lon);
  let most = -1;
  for (let face = 0; face < FACES; face++) {
    const f = face * FACE_STRIDE;
    const product = (faces[f]! * x + faces[f + 1]! * y + faces[f + 2]! * z) * norm;
    products[face] = product;
    if (product > most) most = product;
  }
  const chord = Math.sqrt(2 - 2 * most) + 2 * REACH;
  const least = 1 - (chord * chord) / 2;
  const near: number[] = [];
  for (let face = 0; face < FACES; face++) if (products[face]! >= least) near.push(face);
  return near;
}
