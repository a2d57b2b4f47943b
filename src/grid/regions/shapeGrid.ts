import { EDGE_STRIDE, type ShapeEdges } from "./shapeEdges.js";

/**
 * A grid of square degrees over the map, and for each of its squares the parts that reach into it.
 *
 * An entry is a part in a square: whether the part holds the square's centre, and its edges that run through the square.
 * Whether the part holds a point of the square is then told by counting the edges between the point and the centre.
 */
export interface ShapeGrid {
  readonly squareDegrees: number;
  readonly columns: number;
  readonly rows: number;
  /** Entries of square i: [starts[i], starts[i + 1]), parts ascending. */
  readonly starts: Uint32Array;
  readonly part: Uint32Array;
  readonly centreInside: Uint8Array;
  /** Edges of entry e: four numbers each, [edgeStarts[e], edgeStarts[e + 1]) counted in edges. */
  readonly edgeStarts: Uint32Array;
  readonly edges: Float64Array;
}

/**
 * Where in a square its inner point lies, from which edges are counted: near the centre, but on no line that people draw
 * borders along. A corner of a polygon on the way from a point to it would be passed on either side by rounding alone.
 */
export const INNER = 0.4871290348712;

/** Edges are listed in a square too many rather than in one too few; degrees. */
const SLACK = 1e-9;

export function shapeGrid(source: ShapeEdges, squareDegrees: number): ShapeGrid {
  const columns = Math.ceil(360 / squareDegrees);
  const rows = Math.ceil(180 / squareDegrees);
  const entries = new Entries(source.shapeOf.length);
  eachEdgeCopy(source, (x1, y1, x2, y2, part) => {
    eachSquare(x1, y1, x2, y2, squareDegrees, columns, rows, (square) => entries.addEdge(square, part, x1, y1, x2, y2));
  });
  markCentres(source, squareDegrees, columns, rows, entries);
  return { squareDegrees, columns, rows, ...entries.sorted(columns * rows) };
}

type Visit = (x1: number, y1: number, x2: number, y2: number, part: number) => void;

/** Every edge, and once more on the other side of the map if it crosses the antimeridian. */
function eachEdgeCopy({ edges, partOf }: ShapeEdges, visit: Visit): void {
  for (let e = 0; e < partOf.length; e++) {
    const at = e * EDGE_STRIDE;
    const [x1, y1, x2, y2] = [edges[at]!, edges[at + 1]!, edges[at + 2]!, edges[at + 3]!];
    visit(x1, y1, x2, y2, partOf[e]!);
    if (x2 > 180) visit(x1 - 360, y1, x2 - 360, y2, partOf[e]!);
  }
}

/** The squares that an edge runs through, column by column. */
function eachSquare(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  size: number,
  columns: number,
  rows: number,
  visit: (square: number) => void,
): void {
  const clampColumn = (x: number): number => Math.max(0, Math.min(columns - 1, Math.floor((x + 180) / size)));
  const clampRow = (y: number): number => Math.max(0, Math.min(rows - 1, Math.floor((y + 90) / size)));
  const slope = x2 > x1 ? (y2 - y1) / (x2 - x1) : 0;
  const last = clampColumn(x2 + SLACK);
  for (let column = clampColumn(x1 - SLACK); column <= last; column++) {
    const west = Math.max(x1, column * size - 180 - SLACK);
    const east = Math.min(x2, (column + 1) * size - 180 + SLACK);
    const [ya, yb] = x2 > x1 ? [y1 + (west - x1) * slope, y1 + (east - x1) * slope] : [y1, y2];
    const top = clampRow(Math.max(ya, yb) + SLACK);
    for (let row = clampRow(Math.min(ya, yb) - SLACK); row <= top; row++) visit(row * columns + column);
  }
}

/** Finds the squares whose centre each part holds, by walking along every row of centres from the antimeridian eastwards. */
function markCentres(source: ShapeEdges, size: number, columns: number, rows: number, entries: Entries): void {
  const crossings = new Map<number, number[]>();
  const atStart = new Map<number, number[]>();
  eachEdgeCopy(source, (x1, y1, x2, y2, part) => {
    if (x1 <= -180 && x2 > -180) push(atStart, part, y1 + (-180 - x1) * ((y2 - y1) / (x2 - x1)));
    const [low, high] = y1 < y2 ? [y1, y2] : [y2, y1];
    const first = Math.max(0, Math.ceil((low + 90) / size - INNER));
    for (let row = first; row < rows; row++) {
      const y = (row + INNER) * size - 90;
      if (y >= high) break;
      const x = x1 + ((y - y1) * (x2 - x1)) / (y2 - y1);
      // Beyond 180°, too: where squares do not divide the map evenly, the centre of the last column lies there.
      if (y >= low && x > -180) push(crossings, part * rows + row, x);
    }
  });
  for (let part = 0; part < source.shapeOf.length; part++) {
    const starts = atStart.get(part) ?? [];
    for (let row = 0; row < rows; row++) {
      const passed = crossings.get(part * rows + row);
      if (passed === undefined && starts.length === 0 && source.southInside[part] === 0) continue;
      const y = (row + INNER) * size - 90;
      const inside = source.southInside[part]! ^ (starts.filter((lat) => lat <= y).length & 1);
      markRow(passed?.sort((a, b) => a - b) ?? [], inside, size, columns, (column) =>
        entries.markInside(row * columns + column, part),
      );
    }
  }
}

function markRow(
  crossings: readonly number[],
  insideAtStart: number,
  size: number,
  columns: number,
  mark: (column: number) => void,
): void {
  let inside = insideAtStart;
  let next = 0;
  for (let column = 0; column < columns; column++) {
    const x = (column + INNER) * size - 180;
    for (; next < crossings.length && crossings[next]! <= x; next++) inside ^= 1;
    if (inside === 1) mark(column);
    else if (next === crossings.length) return;
  }
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Entries while they are collected, by square and part. */
class Entries {
  readonly #parts: number;
  readonly #edges = new Map<number, number[]>();
  readonly #inside = new Set<number>();

  constructor(parts: number) {
    this.#parts = parts;
  }

  addEdge(square: number, part: number, x1: number, y1: number, x2: number, y2: number): void {
    const key = square * this.#parts + part;
    const list = this.#edges.get(key);
    if (list === undefined) this.#edges.set(key, [x1, y1, x2, y2]);
    else list.push(x1, y1, x2, y2);
  }

  markInside(square: number, part: number): void {
    this.#inside.add(square * this.#parts + part);
  }

  sorted(squares: number) {
    const keys = Float64Array.from(new Set([...this.#edges.keys(), ...this.#inside])).sort();
    const starts = new Uint32Array(squares + 1);
    const edgeStarts = new Uint32Array(keys.length + 1);
    const part = new Uint32Array(keys.length);
    const centreInside = new Uint8Array(keys.length);
    const total = [...this.#edges.values()].reduce((sum, list) => sum + list.length, 0);
    const edges = new Float64Array(total);
    keys.forEach((key, e) => {
      const square = Math.floor(key / this.#parts);
      starts[square + 1]!++;
      part[e] = key - square * this.#parts;
      centreInside[e] = this.#inside.has(key) ? 1 : 0;
      const list = this.#edges.get(key) ?? [];
      edges.set(list, EDGE_STRIDE * edgeStarts[e]!);
      edgeStarts[e + 1] = edgeStarts[e]! + list.length / EDGE_STRIDE;
    });
    for (let square = 0; square < squares; square++) starts[square + 1]! += starts[square]!;
    return { starts, part, centreInside, edgeStarts, edges };
  }
}
