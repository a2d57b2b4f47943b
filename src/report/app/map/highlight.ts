import { geoInterpolate } from "d3-geo";
import type { ReportFinding, ReportStop } from "../../page/reportModel.js";
import { severityClass } from "../severity.js";
import type { BaseMap } from "./baseMap.js";
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

  readonly #baseMap: BaseMap;

  constructor(baseMap: BaseMap) {
    this.#baseMap = baseMap;
  }

  /** Fills the countries that a finding is about as a whole: it lies under the cells, whose colours it leaves alone. */
  fill(context: CanvasRenderingContext2D, camera: Camera, finding: ReportFinding, tone: string): void {
    context.globalAlpha = FILL;
    context.fillStyle = tone;
    for (const code of finding.countries) {
      context.beginPath();
      traceShapes(context, this.#baseMap.country(code), camera);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /** Each line has a halo that keeps it visible on any colour. */
  draw(
    context: CanvasRenderingContext2D,
    camera: Camera,
    finding: ReportFinding,
    colours: MapColours,
    isStrong: boolean,
  ): void {
    const { area, outline, ways } = this.#shapesOf(finding);
    const pen: Pen = { tone: colours.severity[severityClass(finding.severity)], colours, width: isStrong ? 2.5 : 1.5 };
    context.lineJoin = "round";
    if (finding.countries.length > 0) {
      for (const code of finding.countries) strokeTwice(context, camera, this.#baseMap.country(code), pen, 1);
    } else {
      context.save();
      context.beginPath();
      context.rect(0, 0, camera.width, camera.height);
      traceShapes(context, area, camera);
      context.clip("evenodd"); // the line runs outside of the cells, however small they are: their colour is what counts
      strokeTwice(context, camera, outline, pen, 2);
      context.restore();
    }
    strokeTwice(context, camera, ways, pen, 1);
    for (const stop of finding.path) drawStop(context, camera, stop, pen, isStrong);
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

/** Opacity of a country that is filled. */
const FILL = 0.15;

interface Pen {
  readonly tone: string;
  readonly colours: MapColours;
  readonly width: number;
}

function strokeTwice(
  context: CanvasRenderingContext2D,
  camera: Camera,
  shapes: Shapes,
  { tone, colours, width: thin }: Pen,
  factor: number,
): void {
  for (const [colour, width] of [
    [colours.highlightHalo, thin + 2.5],
    [tone, thin],
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

function drawStop(
  context: CanvasRenderingContext2D,
  camera: Camera,
  stop: ReportStop,
  { tone, colours }: Pen,
  isNamed: boolean,
): void {
  const [x, y] = camera.project(stop.lon, stop.lat);
  context.beginPath();
  context.arc(x, y, isNamed ? 5 : 3.5, 0, 2 * Math.PI);
  context.fillStyle = tone;
  context.strokeStyle = colours.highlightHalo;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  if (!isNamed) return;
  context.font = "600 12px Inter, system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineWidth = 4;
  context.fillStyle = colours.highlight;
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
