import { type Bounds, type Camera, latitudeTerms, RADIANS, wrapLongitude } from "./camera.js";

/** Lines or rings on the sphere, flat, with each vertex's share of the projection computed once. */
export interface Shapes {
  /** Unwrapped: neighbouring vertices never jump by 360 degrees. */
  readonly lon: Float32Array;
  readonly stretch: Float32Array;
  readonly equalHeight: Float32Array;
  readonly mercatorHeight: Float32Array;
  /** Line i has the vertices [start[i], start[i + 1]). */
  readonly start: Uint32Array;
  readonly bounds: readonly Bounds[];
}

/** Makes shapes of lists of [longitude, latitude]. Rings around a pole are closed over it. */
export function shapesOf(lines: readonly (readonly (readonly number[])[])[]): Shapes {
  const unwrapped = lines.map(unwrap);
  const total = unwrapped.reduce((sum, line) => sum + line.length, 0);
  const shapes = {
    lon: new Float32Array(total),
    stretch: new Float32Array(total),
    equalHeight: new Float32Array(total),
    mercatorHeight: new Float32Array(total),
    start: new Uint32Array(lines.length + 1),
    bounds: unwrapped.map(boundsOf),
  };
  let at = 0;
  unwrapped.forEach((line, i) => {
    for (const [lon, lat] of line) {
      const terms = latitudeTerms(lat);
      shapes.lon[at] = lon;
      shapes.stretch[at] = terms.stretch;
      shapes.equalHeight[at] = terms.equalHeight;
      shapes.mercatorHeight[at] = terms.mercatorHeight;
      at++;
    }
    shapes.start[i + 1] = at;
  });
  return shapes;
}

/** The lines with vertices left out that lie within `degrees` of the last one kept, and without lines as small as that. */
export function thinned(lines: readonly (readonly (readonly number[])[])[], degrees: number): number[][][] {
  const kept: number[][][] = [];
  for (const line of lines) {
    const thin: number[][] = [];
    let [lon, lat] = [Number.NaN, Number.NaN];
    line.forEach((point, i) => {
      const far = !(Math.abs(point[0]! - lon) + Math.abs(point[1]! - lat) < degrees);
      if (!far && i < line.length - 1) return;
      thin.push([point[0]!, point[1]!]);
      [lon, lat] = [point[0]!, point[1]!];
    });
    if (thin.length > 3 || (thin.length > 1 && line.length <= 3)) kept.push(thin);
  }
  return kept;
}

/** Adds every line that can be seen to the context's path, on each copy of the world that reaches into view. */
export function traceShapes(context: CanvasRenderingContext2D, shapes: Shapes, camera: Camera): void {
  const seen = camera.seen;
  shapes.bounds.forEach((box, i) => {
    if (box.north < seen.south || box.south > seen.north) return;
    const first = Math.ceil((seen.west - box.east) / 360);
    const last = Math.floor((seen.east - box.west) / 360);
    for (let turn = first; turn <= last; turn++) {
      traceLine(context, shapes, shapes.start[i]!, shapes.start[i + 1]!, camera, 360 * turn);
    }
  });
}

/** Adds one line, moved by whole turns of the world, to the context's path. */
export function traceLine(
  context: CanvasRenderingContext2D,
  shapes: Shapes,
  from: number,
  to: number,
  camera: Camera,
  shift: number,
): void {
  const { blend, scale, view, centre, cosine } = camera;
  const { lon, stretch, equalHeight, mercatorHeight } = shapes;
  const across = scale * RADIANS;
  for (let i = from; i < to; i++) {
    const wide = (1 - blend) * stretch[i]! + blend * cosine;
    const x = camera.width / 2 + (lon[i]! + shift - view.lon) * across * wide;
    const equal = (1 - blend) * (equalHeight[i]! - centre.equalHeight);
    const mercator = blend * cosine * (mercatorHeight[i]! - centre.mercatorHeight);
    const y = camera.height / 2 - scale * (equal + mercator);
    if (i === from) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
}

/** Adds the world's edge to the context's path. */
export function traceWorld(context: CanvasRenderingContext2D, camera: Camera): void {
  const edge = (lat: number, side: number): [number, number] => {
    const terms = latitudeTerms(lat);
    return [camera.width / 2 + side * 180 * camera.stretch(terms), camera.y(terms)];
  };
  for (let lat = -90; lat <= 90; lat += 2) context.lineTo(...edge(lat, 1));
  for (let lat = 90; lat >= -90; lat -= 2) context.lineTo(...edge(lat, -1));
  context.closePath();
}

function unwrap(line: readonly (readonly number[])[]): [number, number][] {
  const out: [number, number][] = [];
  let previous = line[0]?.[0] ?? 0;
  for (const [lon = 0, lat = 0] of line) {
    previous += wrapLongitude(lon - previous);
    out.push([previous, lat]);
  }
  const turned = out.length > 2 ? out[out.length - 1]![0] - out[0]![0] : 0;
  if (Math.abs(turned) > 180) {
    const pole = out[0]![1] < 0 ? -90 : 90;
    out.push([out[out.length - 1]![0], pole], [out[0]![0], pole]);
  }
  return out;
}

function boundsOf(line: readonly (readonly [number, number])[]): Bounds {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [lon, lat] of line) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return { west, east, south, north };
}
