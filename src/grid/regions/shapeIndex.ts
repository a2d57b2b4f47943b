import { EARTH_RADIUS_KM } from "../distance.js";
import { EDGE_STRIDE, type Shape, type ShapeEdges, shapeEdges, wrappedLon } from "./shapeEdges.js";
import { type ShapeGrid, shapeGrid } from "./shapeGrid.js";

const KM_PER_DEGREE = (EARTH_RADIUS_KM * Math.PI) / 180;

/**
 * Finds the shapes that hold a point, without trying every polygon: a grid of square degrees knows which polygons reach
 * into which square, and which of their edges.
 *
 * Edges are straight in longitude and latitude, as GeoJSON has them. Polygons may have holes, run across the antimeridian
 * and around the poles. A point on a border belongs to the shape north or east of it.
 */
export class ShapeIndex {
  readonly #source: ShapeEdges;
  readonly #grid: ShapeGrid;

  /** @param squareDegrees - side of the grid's squares; smaller ones answer faster and cost memory */
  constructor(shapes: readonly Shape[], squareDegrees = 0.5) {
    this.#source = shapeEdges(shapes);
    this.#grid = shapeGrid(this.#source, squareDegrees);
  }

  /** The first shape, in the order given, that holds the point; -1 if none does or the point is not on Earth. */
  find(lat: number, lon: number): number {
    let found = -1;
    this.#visit(lat, lon, (shape) => {
      found = shape;
      return true;
    });
    return found;
  }

  /** Every shape that holds the point, ascending. */
  findAll(lat: number, lon: number): number[] {
    const found: number[] = [];
    this.#visit(lat, lon, (shape) => {
      if (found[found.length - 1] !== shape) found.push(shape);
      return false;
    });
    return found;
  }

  #visit(lat: number, lon: number, visit: (shape: number) => boolean): void {
    if (!(Math.abs(lat) <= 90) || !Number.isFinite(lon)) return;
    const { columns, rows, squareDegrees, starts, part } = this.#grid;
    const x = wrappedLon(lon) === 180 ? -180 : wrappedLon(lon);
    const column = Math.min(columns - 1, Math.floor((x + 180) / squareDegrees));
    const row = Math.min(rows - 1, Math.floor((lat + 90) / squareDegrees));
    const square = row * columns + column;
    const centreX = (column + 0.5) * squareDegrees - 180;
    const centreY = (row + 0.5) * squareDegrees - 90;
    for (let e = starts[square]!; e < starts[square + 1]!; e++) {
      const inside = isInside(this.#grid, e, x, lat, centreX, centreY);
      if (inside && visit(this.#source.shapeOf[part[e]!]!)) return;
    }
  }

  /**
   * Kilometres from a point to the nearest border of a shape; Infinity where it is further than `limitKm`.
   *
   * Measured on a plane that touches the Earth at the point: good to 1% within 500 km.
   */
  kmToBorder(shape: number, lat: number, lon: number, limitKm: number): number {
    const { edges, partOf, shapeOf } = this.#source;
    const reach = limitKm / KM_PER_DEGREE;
    const eastScale = Math.cos((lat * Math.PI) / 180);
    let least = Number.POSITIVE_INFINITY;
    for (let e = 0; e < partOf.length; e++) {
      if (shapeOf[partOf[e]!] !== shape) continue;
      const at = e * EDGE_STRIDE;
      const y1 = edges[at + 1]! - lat;
      const y2 = edges[at + 3]! - lat;
      if ((y1 > reach && y2 > reach) || (y1 < -reach && y2 < -reach)) continue;
      const near = nearTurn(edges[at]! - lon);
      const x1 = near * eastScale;
      const x2 = (near + edges[at + 2]! - edges[at]!) * eastScale;
      least = Math.min(least, distanceToSegment(x1, y1, x2, y2));
    }
    return least <= reach ? least * KM_PER_DEGREE : Number.POSITIVE_INFINITY;
  }
}

/** Counts the edges that lie between the point and the square's centre: first along the meridian, then along the parallel. */
function isInside(grid: ShapeGrid, entry: number, x: number, y: number, centreX: number, centreY: number): boolean {
  const { edges, edgeStarts, centreInside } = grid;
  let inside = centreInside[entry]!;
  const end = EDGE_STRIDE * edgeStarts[entry + 1]!;
  for (let at = EDGE_STRIDE * edgeStarts[entry]!; at < end; at += EDGE_STRIDE) {
    const x1 = edges[at]!;
    const y1 = edges[at + 1]!;
    const x2 = edges[at + 2]!;
    const y2 = edges[at + 3]!;
    if (x1 <= x && x < x2) {
      const crossing = y1 + (x - x1) * ((y2 - y1) / (x2 - x1));
      if (crossing <= y !== crossing <= centreY) inside ^= 1;
    }
    if (y1 <= centreY !== y2 <= centreY) {
      const crossing = x1 + ((centreY - y1) * (x2 - x1)) / (y2 - y1);
      if (crossing <= x !== crossing <= centreX) inside ^= 1;
    }
  }
  return inside === 1;
}

/** A difference of longitudes brought into [-180, 180). */
function nearTurn(degrees: number): number {
  return degrees - 360 * Math.floor((degrees + 180) / 360);
}

/** Distance of the origin from a segment, in the segment's unit. */
function distanceToSegment(x1: number, y1: number, x2: number, y2: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / length2));
  return Math.hypot(x1 + t * dx, y1 + t * dy);
}
