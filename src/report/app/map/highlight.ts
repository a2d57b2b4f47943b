import { geoInterpolate } from "d3-geo";
import type { ReportFinding, ReportStop } from "../../page/reportModel.js";
import type { Camera } from "./camera.js";
import type { MapColours } from "./palette.js";
import { type Shapes, shapesOf, traceShapes } from "./shapes.js";

interface FindingShapes {
  readonly area: Shapes;
  readonly outline: Shapes;
  readonly ways: Shapes;
}

/** Draws what findings are about: a line around their cells, and the way between places for those that moved. */
export class Highlights {
  readonly #shapes = new Map<ReportFinding, FindingShapes>();

  /** Each line has a halo that keeps it visible on any colour. */
  draw(context: CanvasRenderingContext2D, camera: Camera, finding: ReportFinding, colours: MapColours): void {
    const { area, outline, ways } = this.#shapesOf(finding);
    context.lineJoin = "round";
    context.save();
    context.beginPath();
    context.rect(0, 0, camera.width, camera.height);
    traceShapes(context, area, camera);
    context.clip("evenodd"); // the line runs outside of the cells, however small they are: their colour is what counts
    strokeTwice(context, camera, outline, colours, 2);
    context.restore();
    strokeTwice(context, camera, ways, colours, 1);
    for (const stop of finding.path) drawStop(context, camera, stop, colours);
  }

  #shapesOf(finding: ReportFinding): FindingShapes {
    const known = this.#shapes.get(finding);
    if (known) return known;
    const shapes = {
      area: shapesOf(finding.rings.map(points)),
      outline: shapesOf(finding.rings.flatMap(uncut)),
      ways: shapesOf(waysOf(finding.path)),
    };
    this.#shapes.set(finding, shapes);
    return shapes;
  }
}

function strokeTwice(
  context: CanvasRenderingContext2D,
  camera: Camera,
  shapes: Shapes,
  colours: MapColours,
  factor: number,
): void {
  for (const [colour, width] of [
    [colours.highlightHalo, 5],
    [colours.highlight, 2],
  ] as const) {
    context.beginPath();
    traceShapes(context, shapes, camera);
    context.strokeStyle = colour;
    context.lineWidth = width * factor;
    context.stroke();
  }
}

function points(ring: readonly number[]): number[][] {
  return Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i]!, ring[2 * i + 1]!]);
}

/** Great circles from stop to stop. */
function waysOf(path: readonly ReportStop[]): number[][][] {
  return path.slice(1).map((to, i) => {
    const between = geoInterpolate([path[i]!.lon, path[i]!.lat], [to.lon, to.lat]);
    return Array.from({ length: 65 }, (_, k) => between(k / 64));
  });
}

function drawStop(context: CanvasRenderingContext2D, camera: Camera, stop: ReportStop, colours: MapColours): void {
  const [x, y] = camera.project(stop.lon, stop.lat);
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fillStyle = colours.highlight;
  context.strokeStyle = colours.highlightHalo;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  context.font = "600 12px Inter, system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineWidth = 4;
  context.strokeText(stop.place, x, y - 8);
  context.fillText(stop.place, x, y - 8);
}

/** The ring's lines without the stretches along the antimeridian, where GeoJSON cuts what is whole on the sphere. */
function uncut(ring: readonly number[]): number[][][] {
  const lines: number[][][] = [];
  let line: number[][] = [];
  for (const point of points(ring)) {
    const before = line[line.length - 1];
    if (before && Math.abs(before[0]!) === 180 && before[0] === point[0]) {
      lines.push(line);
      line = [];
    }
    line.push(point);
  }
  const whole = lines.length === 0 && line.length > 2;
  return whole ? [[...line, line[1]!]] : [...lines, line]; // once more along the first side, so that the corner is joined
}
