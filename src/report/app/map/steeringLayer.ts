import type { ReportSteering, ReportSteeringCase } from "../../page/reportModel.js";
import type { SteeringChoice } from "../state/store.js";
import type { Camera } from "./camera.js";
import type { MapColours } from "./palette.js";
import { type Shapes, shapesOf, traceLine } from "./shapes.js";

/** Draws who serves which cell, and where the servers are. */
export class SteeringLayer {
  readonly #steering: ReportSteering;
  #shapes: Shapes | null = null;

  constructor(steering: ReportSteering) {
    this.#steering = steering;
  }

  drawCells(context: CanvasRenderingContext2D, camera: Camera, choice: SteeringChoice): void {
    this.#shapes ??= shapesOf(this.#steering.rings.map(closedRing));
    const shapes = this.#shapes;
    const servers = serversShown(this.#steering, choice);
    context.globalAlpha = 0.8;
    context.lineJoin = "round";
    context.lineWidth = 3;
    servers.forEach((server, cell) => {
      const box = shapes.bounds[cell]!;
      if (box.north < camera.seen.south || box.south > camera.seen.north) return;
      context.beginPath();
      const first = Math.ceil((camera.seen.west - box.east) / 360);
      const last = Math.floor((camera.seen.east - box.west) / 360);
      for (let turn = first; turn <= last; turn++)
        traceLine(context, shapes, shapes.start[cell]!, shapes.start[cell + 1]!, camera, 360 * turn);
      // Seen from afar, a cell is smaller than a pixel: a rim of its colour keeps it in sight.
      context.fillStyle = serverColour(server);
      context.strokeStyle = context.fillStyle;
      context.fill();
      context.stroke();
    });
    context.globalAlpha = 1;
  }

  drawServers(context: CanvasRenderingContext2D, camera: Camera, { lost }: SteeringChoice, colours: MapColours): void {
    context.font = "600 12px Inter, system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "bottom";
    this.#steering.servers.forEach(({ name, lat, lon }, s) => {
      const [x, y] = camera.project(lon, lat);
      context.beginPath();
      context.arc(x, y, 6, 0, 2 * Math.PI);
      context.fillStyle = lost.includes(s) ? colours.sea : serverColour(s);
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = colours.highlight;
      context.stroke();
      if (lost.includes(s)) cross(context, x, y);
      context.lineWidth = 3;
      context.strokeStyle = colours.highlightHalo;
      context.strokeText(name, x, y - 9);
      context.fillStyle = colours.highlight;
      context.fillText(name, x, y - 9);
    });
  }
}

/** What the plan says of these servers lost; undefined where it did not look at that. */
export function caseOf({ cases }: ReportSteering, lost: readonly number[]): ReportSteeringCase | undefined {
  return cases.find(({ down }) => down.length === lost.length && down.every((server, i) => server === lost[i]));
}

/**
 * The server of each cell in what is chosen: as the log has it, or by the plan. In a failure the plan tells where those go
 * that the failure moves, from whatever they had.
 */
export function serversShown(steering: ReportSteering, { view, lost }: SteeringChoice): readonly number[] {
  const before = view === "today" ? steering.today : steering.planned;
  const failure = caseOf(steering, lost);
  if (!failure || lost.length === 0) return before;
  const planned = [...steering.planned];
  for (let i = 0; i < failure.moved.length; i += 2) planned[failure.moved[i]!] = failure.moved[i + 1]!;
  return planned.map((server, cell) =>
    server === steering.planned[cell] && !lost.includes(before[cell]!) ? before[cell]! : server,
  );
}

/** Colours far apart for servers next to each other in the list: steps of the golden angle around the hues. */
export function serverColour(server: number): string {
  if (server < 0) return "hsl(0 0% 50%)"; // nobody's
  const hue = (205 + 137.508 * server) % 360;
  return `hsl(${hue.toFixed(0)} ${server % 2 === 0 ? 58 : 46}% ${[52, 62, 42][server % 3]}%)`;
}

function cross(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(x - 4, y - 4 * side);
    context.lineTo(x + 4, y + 4 * side);
  }
  context.stroke();
}

function closedRing(flat: readonly number[]): number[][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);
}
