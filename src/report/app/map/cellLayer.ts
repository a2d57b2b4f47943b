import type { ReportLevel } from "../../page/reportModel.js";
import type { CellValues } from "../frames.js";
import type { Measure } from "../measures.js";
import type { Camera } from "./camera.js";
import type { ColourScale } from "./colourScale.js";
import { type Shapes, shapesOf, traceLine } from "./shapes.js";

/** Cells are drawn at the finest resolution at which they are at least this wide, in pixels. */
const SMALLEST_CELL_PX = 6;
/** Mean distance between neighbouring cells of resolution 0, radians; each resolution is smaller by the root of 7. */
const CELL_RADIANS = 0.36;
const PALE = 0.5;

/** Draws cells and tells which one lies under a pixel. */
export class CellLayer {
  readonly #levels: readonly ReportLevel[];
  readonly #shapes = new Map<ReportLevel, Shapes>();

  constructor(levels: readonly ReportLevel[]) {
    this.#levels = levels;
  }

  /** The level to draw at a magnification, or undefined if nothing is located. */
  levelAt(camera: Camera): ReportLevel | undefined {
    const fits = this.#levels.filter(
      (level) => (CELL_RADIANS * camera.scale) / Math.sqrt(7) ** level.resolution >= SMALLEST_CELL_PX,
    );
    return fits[fits.length - 1] ?? this.#levels[0];
  }

  draw(
    context: CanvasRenderingContext2D,
    camera: Camera,
    level: ReportLevel,
    values: CellValues,
    measure: Measure,
    scale: ColourScale,
  ): void {
    const shapes = this.#shapesOf(level);
    for (let i = 0; i < values.cell.length; i++) {
      const value = values.value[i]!;
      if (Number.isNaN(value)) continue;
      context.beginPath();
      if (!trace(context, shapes, values.cell[i]!, camera)) continue;
      context.globalAlpha = values.weight[i]! < measure.surest ? PALE : 0.92;
      context.fillStyle = scale.colour(value);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /** Outlines one cell. */
  outline(context: CanvasRenderingContext2D, camera: Camera, level: ReportLevel, cell: number): void {
    context.beginPath();
    trace(context, this.#shapesOf(level), cell, camera);
    context.closePath();
    context.stroke();
  }

  /** The cell that contains a point, or -1. */
  cellAt(level: ReportLevel, lon: number, lat: number): number {
    const { bounds, start, lon: lons } = this.#shapesOf(level);
    for (let cell = 0; cell < bounds.length; cell++) {
      const box = bounds[cell]!;
      if (lat < box.south || lat > box.north) continue;
      for (const turn of [-360, 0, 360]) {
        const x = lon + turn;
        if (x < box.west || x > box.east) continue;
        if (contains(level, lons, start[cell]!, start[cell + 1]!, x, lat)) return cell;
      }
    }
    return -1;
  }

  #shapesOf(level: ReportLevel): Shapes {
    const known = this.#shapes.get(level);
    if (known) return known;
    const shapes = shapesOf(outlines(level));
    this.#shapes.set(level, shapes);
    return shapes;
  }
}

function trace(context: CanvasRenderingContext2D, shapes: Shapes, cell: number, camera: Camera): boolean {
  const box = shapes.bounds[cell]!;
  const seen = camera.seen;
  if (box.north < seen.south || box.south > seen.north) return false;
  const first = Math.ceil((seen.west - box.east) / 360);
  const last = Math.floor((seen.east - box.west) / 360);
  for (let turn = first; turn <= last; turn++) {
    traceLine(context, shapes, shapes.start[cell]!, shapes.start[cell + 1]!, camera, 360 * turn);
  }
  return last >= first;
}

function outlines(level: ReportLevel): number[][][] {
  let at = 0;
  return [...level.vertexCount].map((count) => {
    const ring: number[][] = [];
    for (let i = 0; i < count; i++, at += 2) ring.push([level.outline[at]!, level.outline[at + 1]!]);
    return ring;
  });
}

function contains(level: ReportLevel, lons: Float32Array, from: number, to: number, x: number, y: number): boolean {
  let inside = false;
  for (let i = from, j = to - 1; i < to; j = i++) {
    const [y1, y2] = [level.outline[2 * i + 1]!, level.outline[2 * j + 1]!];
    const [x1, x2] = [lons[i]!, lons[j]!];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}
