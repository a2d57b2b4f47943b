import { cellToLatLng, getBaseCellNumber, getPentagons, latLngToCell } from "h3-js";
import { cellHalves } from "../cellText.js";
import { turned } from "./digits.js";
import { unitVector, type Vector } from "./icosahedron.js";

/** Rows of the table of base cells: a and b of resolution 0 are each in [-2, 2]. */
export function baseCellRow(face: number, a: number, b: number): number {
  return 25 * face + 5 * a + b + 12;
}

/** Which base cell lies where on a face, and how its digits are turned against the face's. */
export interface BaseCells {
  /** By {@link baseCellRow}; {@link UNKNOWN} where no cell was met. */
  readonly cell: Uint8Array;
  /**
   * Turns by 60° counter-clockwise, by 8 × {@link baseCellRow} + the first digit that is not 0, in the face's frame:
   * the same for all of them in a hexagon, but a pentagon lacks a sixth of its surroundings, so there they differ.
   */
  readonly turn: Uint8Array;
  /** 1 where the base cell is a pentagon, by {@link baseCellRow}. */
  readonly pentagon: Uint8Array;
}

export const UNKNOWN = 255;

/** A point, with the face, the coordinates of resolution 0 and the digits that the face's own frame gives it. */
export interface FramedPoint {
  readonly lat: number;
  readonly lon: number;
  readonly face: number;
  readonly a: number;
  readonly b: number;
  readonly digits: readonly number[];
}

/** The resolution at which points are compared: its three digits all lie in the upper half of an index. */
export const SAMPLE_RESOLUTION = 3;

/** Derives the table from what h3-js answers at the sampled points. */
export function baseCells(frame: (lats: Float64Array, lons: Float64Array) => readonly FramedPoint[]): BaseCells {
  const table = {
    cell: new Uint8Array(500).fill(UNKNOWN),
    turn: new Uint8Array(8 * 500).fill(UNKNOWN),
    pentagon: new Uint8Array(500),
  };
  const pentagons = new Set(getPentagons(0).map(getBaseCellNumber));
  const { lats, lons } = samplePoints();
  for (const point of frame(lats, lons)) {
    const [, high] = cellHalves(latLngToCell(point.lat, point.lon, SAMPLE_RESOLUTION));
    const answer = point.digits.map((_, level) => (high >>> (10 - 3 * level)) & 7);
    const base = (high >>> 13) & 127;
    const row = baseCellRow(point.face, point.a, point.b);
    table.cell[row] = base;
    table.pentagon[row] = pentagons.has(base) ? 1 : 0;
    const first = point.digits.find((digit) => digit !== 0) ?? 0;
    const turn = turnBetween(point.digits, answer);
    if (pentagons.has(base) || first === 0) table.turn[8 * row + first] = turn;
    else table.turn.fill(turn, 8 * row + 1, 8 * row + 7);
    table.turn[8 * row] = 0;
  }
  return table;
}

function turnBetween(digits: readonly number[], answer: readonly number[]): number {
  const turn = [0, 1, 2, 3, 4, 5].find((t) => digits.every((digit, i) => turned(digit, t) === answer[i]));
  return turn ?? UNKNOWN;
}

/** Where to ask h3-js: all over the sphere, around the pentagons, and along the edges of the faces, over which base cells just reach. */
function samplePoints(): { lats: Float64Array; lons: Float64Array } {
  const pentagons = getPentagons(0).map((cell) => unitVector(...cellToLatLng(cell)));
  const points = fibonacciSphere(800);
  for (const [x, y, z] of pentagons)
    for (const [u, v, w] of fibonacciSphere(60)) points.push([x + u / 8, y + v / 8, z + w / 8]);
  pentagons.forEach((a, i) => {
    for (const b of pentagons.slice(i + 1)) {
      // Corners of one edge have the product 1/√5, others a negative one.
      if (a[0] * b[0] + a[1] * b[1] + a[2] * b[2] > 0) points.push(...alongEdge(a, b));
    }
  });
  const lats = points.map(([x, y, z]) => (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI);
  const lons = points.map(([x, y]) => (Math.atan2(y, x) * 180) / Math.PI);
  return { lats: Float64Array.from(lats), lons: Float64Array.from(lons) };
}

/** Points spread evenly over the unit sphere, each turned against the last by the golden angle. */
function fibonacciSphere(count: number): Vector[] {
  return Array.from({ length: count }, (_, i) => {
    const z = 1 - (2 * i + 1) / count;
    const angle = i * Math.PI * (3 - Math.sqrt(5));
    return [Math.sqrt(1 - z * z) * Math.cos(angle), Math.sqrt(1 - z * z) * Math.sin(angle), z];
  });
}

/** Points on both sides of the edge between two corners, up to a degree from it. */
function alongEdge(a: Vector, b: Vector): Vector[] {
  const normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]] as const;
  return [-0.02, -0.006, 0.006, 0.02].flatMap((off) =>
    Array.from({ length: 24 }, (_, i): Vector => {
      const t = (i + 0.5) / 24;
      const at = (axis: 0 | 1 | 2): number => a[axis] * (1 - t) + b[axis] * t + off * normal[axis];
      return [at(0), at(1), at(2)];
    }),
  );
}
