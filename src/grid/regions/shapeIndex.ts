import { EARTH_RADIUS_KM } from "../distance.js";
import { EDGE_STRIDE, type Shape, type ShapeEdges, shapeEdges, wrappedLon } from "./shapeEdges.js";
import { INNER, type ShapeGrid, shapeGrid } from "./shapeGrid.js";

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
    const centreX = (column + INNER) * squareDegrees - 180;
    const centreY = (row + INNER) * squareDegrees - 90;
    for (let e = starts[square]!; e < starts[square + 1]!; e++) {
      const inside = isInside(this.#grid, e, x, lat, centreX, centreY);
      if (inside && visit(this.#source.shapeOf[part[e]!]!)) return;
    }
  }

  /**
   * Kilometres from a point to the nearest border of each shape within `limitKm`, by shape.
   *
   * Measured on a plane that touches the Earth at the point: good to 1% within 500 km.
   */
  bordersWithin(lat: number, lon: number, limitKm: number): Map<number, number> {
    const reach = limitKm / KM_PER_DEGREE;
    const eastScale = Math.cos((lat * Math.PI) / 180);
    const least = new Map<number, number>();
    if (!(Math.abs(lat) <= 90) || !Number.isFinite(lon)) return least;
    const { starts, part, edges, edgeStarts } = this.#grid;
    for (const square of this.#squaresWithin(lat, lon, reach)) {
      for (let e = starts[square]!; e < starts[square + 1]!; e++) {
        const shape = this.#source.shapeOf[part[e]!]!;
        for (let k = edgeStarts[e]!; k < edgeStarts[e + 1]!; k++) {
          const at = k * EDGE_STRIDE;
          const x1 = nearTurn(edges[at]! - lon);
          const x2 = x1 + edges[at + 2]! - edges[at]!;
          const degrees = distanceToSegment(x1 * eastScale, edges[at + 1]! - lat, x2 * eastScale, edges[at + 3]! - lat);
          if (degrees <= reach && degrees * KM_PER_DEGREE < (least.get(shape) ?? Number.POSITIVE_INFINITY)) {
            least.set(shape, degrees * KM_PER_DEGREE);
          }
        }
      }
    }
    return least;
  }

  /** The squares of the grid that a circle around the point may touch; whole rows of them near the poles. */
  *#squaresWithin(lat: number, lon: number, reach: number): Generator<number> {
    const { columns, rows, squareDegrees } = this.#grid;
    const first = Math.max(0, Math.floor((lat - reach + 90) / squareDegrees));
    const last = Math.min(rows - 1, Math.floor((lat + reach + 90) / squareDegrees));
    const east = reach / Math.max(1e-9, Math.cos((Math.min(90, Math.abs(lat) + reach) * Math.PI) / 180));
    const spread = Math.min(columns, Math.ceil((2 * east) / squareDegrees) + 2);
    const west = Math.floor((wrappedLon(lon) - east + 180) / squareDegrees);
    for (let row = first; row <= last; row++) {
      for (let k = 0; k < spread; k++) yield row * columns + ((((west + k) % columns) + columns) % columns);
    }
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
