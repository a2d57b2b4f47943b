/** Longitude and latitude in degrees, as GeoJSON orders them. */
export type Position = readonly [lon: number, lat: number];

/** A closed line without its repeated end; the area that it bounds lies to its left. */
export type Ring = readonly Position[];

/** GeoJSON coordinates of a MultiPolygon: polygons of rings, the first the outside, the rest holes, each closed. */
export type MultiPolygonCoordinates = [number, number][][][];

/**
 * Polygons as RFC 7946 wants them (right-hand rule, nothing across the antimeridian) of rings on the sphere.
 *
 * Every ring is cut where it crosses the antimeridian, and its pieces are joined along the frame of the map, walking
 * counter-clockwise: so rings that run across the antimeridian, or around a pole, come out right without special cases.
 *
 * @param rings - the area lies to the left of each; neighbouring points are less than 180° of longitude apart
 */
export function ringsToMultiPolygon(rings: readonly Ring[]): MultiPolygonCoordinates {
  const whole: [number, number][][] = [];
  const pieces: Piece[] = [];
  for (const ring of rings) cutRing(ring, whole, pieces);
  return nestHoles([...whole, ...joinPieces(pieces)]);
}

/** Part of a ring between two points on the antimeridian, with where on the frame it begins and ends. */
interface Piece {
  readonly line: [number, number][];
  readonly from: number;
  readonly to: number;
}

function cutRing(ring: Ring, whole: [number, number][][], pieces: Piece[]): void {
  const n = ring.length;
  const lines: [number, number][][] = [];
  let line: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    const [lon, lat] = ring[i]!;
    const [nextLon, nextLat] = ring[(i + 1) % n]!;
    line.push([lon, lat]);
    const step = nextLon - lon;
    if (Math.abs(step) <= 180) continue;
    const eastward = step < 0;
    const edge = eastward ? 180 : -180;
    const run = step + (eastward ? 360 : -360);
    const crossing = run === 0 ? lat : lat + ((edge - lon) / run) * (nextLat - lat);
    line.push([edge, crossing]);
    lines.push(line);
    line = [[-edge, crossing]];
  }
  if (lines.length === 0) {
    whole.push(line);
    return;
  }
  lines[0] = [...line, ...lines[0]!];
  for (const one of lines) pieces.push({ line: one, from: frameAt(one[0]!), to: frameAt(one[one.length - 1]!) });
}

/** Where a point of the antimeridian lies on the frame, counter-clockwise from the south-east corner: [0, 180] east, [540, 720] west. */
function frameAt([lon, lat]: readonly [number, number]): number {
  return lon > 0 ? lat + 90 : 630 - lat;
}

/** The corners of the map's frame, counter-clockwise, by their place on it. */
const CORNERS: readonly (readonly [at: number, lon: number, lat: number])[] = [
  [180, 180, 90],
  [540, -180, 90],
  [720, -180, -90],
  [1080, 180, -90],
];
const FRAME = 1080;

function joinPieces(pieces: readonly Piece[]): [number, number][][] {
  const starts = pieces.toSorted((a, b) => a.from - b.from);
  const left = new Set(pieces);
  const rings: [number, number][][] = [];
  for (const first of starts) {
    if (!left.has(first)) continue;
    const ring: [number, number][] = [];
    for (let piece = first; left.delete(piece); ) {
      ring.push(...piece.line);
      const next = starts.find((p) => p.from >= piece.to) ?? starts[0]!;
      walkFrame(piece.to, next.from, ring);
      piece = next;
    }
    rings.push(ring);
  }
  return rings;
}

/** Adds the corners passed on the way along the frame, counter-clockwise. */
function walkFrame(from: number, to: number, ring: [number, number][]): void {
  const end = to >= from ? to : to + FRAME;
  for (const turn of [0, FRAME]) {
    for (const [at, lon, lat] of CORNERS) if (at + turn > from && at + turn < end) ring.push([lon, lat]);
  }
}

/** Groups counter-clockwise rings with the clockwise ones that lie in them, and closes all of them. */
function nestHoles(rings: readonly [number, number][][]): MultiPolygonCoordinates {
  const areas = new Map(rings.map((ring) => [ring, signedArea(ring)]));
  const outsides = rings.filter((ring) => areas.get(ring)! > 0);
  const holes = rings.filter((ring) => areas.get(ring)! < 0);
  if (outsides.length === 0 && holes.length > 0) outsides.push(CORNERS.map(([, lon, lat]) => [lon, lat]));
  // From the smallest: the first that holds a hole is the one just around it.
  outsides.sort((a, b) => (areas.get(a) ?? 0) - (areas.get(b) ?? 0));
  const polygons = outsides.map((ring) => ({ box: boxOf(ring), rings: [ring] }));
  for (const hole of holes) {
    const home =
      polygons.find(({ box, rings: [outside] }) => holds(box, outside!, hole)) ?? polygons[polygons.length - 1];
    home?.rings.push(hole);
  }
  return polygons.map((p) => p.rings.map((ring) => [...ring, [ring[0]![0], ring[0]![1]]]));
}

function signedArea(ring: readonly (readonly [number, number])[]): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    sum += (ring[i]![0] - ring[j]![0]) * (ring[i]![1] + ring[j]![1]);
  }
  return -sum / 2;
}

type Box = readonly [west: number, south: number, east: number, north: number];

function boxOf(ring: readonly [number, number][]): Box {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [x, y] of ring) {
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return [west, south, east, north];
}

/** Whether a hole lies in an outside: judged by the middle of an edge, since corners may touch. */
function holds(
  [west, south, east, north]: Box,
  outside: readonly [number, number][],
  hole: readonly [number, number][],
): boolean {
  const x = (hole[0]![0] + hole[1]![0]) / 2;
  const y = (hole[0]![1] + hole[1]![1]) / 2;
  if (x < west || x > east || y < south || y > north) return false;
  let inside = false;
  for (let i = 0, j = outside.length - 1; i < outside.length; j = i++) {
    const [x1, y1] = outside[i]!;
    const [x2, y2] = outside[j]!;
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}
