import type { ReportFinding } from "../reportModel.js";
import type { Camera } from "./camera.js";
import type { MapColours } from "./palette.js";
import { type Shapes, shapesOf, traceLine } from "./shapes.js";

const shapesOfFinding = new WeakMap<ReportFinding, Shapes>();

/** Draws a line around the cells of a finding, with a halo that keeps it visible on any colour. */
export function drawHighlight(
  context: CanvasRenderingContext2D,
  camera: Camera,
  finding: ReportFinding,
  colours: MapColours,
): void {
  const shapes = shapesOfFinding.get(finding) ?? shapesOf(finding.rings.flatMap(uncut));
  shapesOfFinding.set(finding, shapes);
  context.lineJoin = "round";
  for (const [colour, width] of [
    [colours.highlightHalo, 5],
    [colours.highlight, 2],
  ] as const) {
    context.beginPath();
    traceRings(context, shapes, camera);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}

function traceRings(context: CanvasRenderingContext2D, shapes: Shapes, camera: Camera): void {
  const seen = camera.visible();
  shapes.bounds.forEach((box, i) => {
    const first = Math.ceil((seen.west - box.east) / 360);
    const last = Math.floor((seen.east - box.west) / 360);
    for (let turn = first; turn <= last; turn++) {
      traceLine(context, shapes, shapes.start[i]!, shapes.start[i + 1]!, camera, 360 * turn);
    }
  });
}

/** The ring's lines without the stretches along the antimeridian, where GeoJSON cuts what is whole on the sphere. */
function uncut(ring: readonly number[]): number[][][] {
  const lines: number[][][] = [];
  let line: number[][] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const point = [ring[i]!, ring[i + 1]!];
    const before = line[line.length - 1];
    if (before && Math.abs(before[0]!) === 180 && before[0] === point[0]) {
      lines.push(line);
      line = [];
    }
    line.push(point);
  }
  return [...lines, line];
}
