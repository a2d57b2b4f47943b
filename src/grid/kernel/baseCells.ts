import { cellToLatLng, getBaseCellNumber, getPentagons, latLngToCell } from "h3-js";
import { cellHalves } from "../cellText.js";
import { turned } from "./digits.js";

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

/** Points all over the sphere (a Fibonacci lattice), and close ones around the pentagons. */
function samplePoints(): { lats: Float64Array; lons: Float64Array } {
  const lats: number[] = [];
  const lons: number[] = [];
  const golden = 180 * (3 - Math.sqrt(5));
  const n = 1500;
  for (let i = 0; i < n; i++) {
    lats.push((Math.asin(1 - (2 * i + 1) / n) * 180) / Math.PI);
    lons.push(((i * golden) % 360) - 180);
  }
  for (const pentagon of getPentagons(0)) {
    const [lat, lon] = cellToLatLng(pentagon);
    for (let i = 0; i < 80; i++) {
      // A spiral outwards over the pentagon, some 10° wide.
      const reach = 0.3 + (9 * i) / 80;
      lats.push(Math.max(-90, Math.min(90, lat + reach * Math.sin(i * golden))));
      lons.push(lon + (reach * Math.cos(i * golden)) / Math.max(0.02, Math.cos((lat * Math.PI) / 180)));
    }
  }
  return { lats: Float64Array.from(lats), lons: Float64Array.from(lons) };
}
