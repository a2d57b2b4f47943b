import type { Position, Ring } from "../outlines/ringsToMultiPolygon.js";
import { unwrappedRing } from "./orientedPolygon.js";

/** An edge, its western end first. */
interface Edge {
  readonly west: Position;
  readonly east: Position;
}

/**
 * Where a ring crosses itself, to six digits; null if it does not. Edges are straight in longitude and latitude.
 *
 * Sweep and prune: edges by their western end, each against those that it still overlaps in longitude; a border of 50,000
 * points takes milliseconds, where comparing all pairs takes half a minute. Only true crossings count: a ring may touch
 * itself, at a corner or along an edge.
 */
export function ringCrossing(ring: Ring): Position | null {
  const line = unwrappedRing(ring);
  const edges = line.slice(1).map((to, i): Edge => {
    const from = line[i]!;
    return from[0] <= to[0] ? { west: from, east: to } : { west: to, east: from };
  });
  edges.sort((a, b) => a.west[0] - b.west[0]);
  let open: Edge[] = [];
  for (const edge of edges) {
    open = open.filter(({ east }) => east[0] >= edge.west[0]);
    for (const other of open) if (cross(edge, other)) return meetingPoint(edge, other);
    open.push(edge);
  }
  return null;
}

/** Whether the ends of each edge lie on both sides of the other, none of them on it. */
function cross(a: Edge, b: Edge): boolean {
  return (
    side(a.west, a.east, b.west) * side(a.west, a.east, b.east) < 0 &&
    side(b.west, b.east, a.west) * side(b.west, b.east, a.east) < 0
  );
}

/** Positive where a point lies to the left of the way from one to another, 0 where it lies on it but for rounding. */
function side([x1, y1]: Position, [x2, y2]: Position, [x, y]: Position): number {
  const left = (x2 - x1) * (y - y1);
  const right = (y2 - y1) * (x - x1);
  return Math.abs(left - right) <= 1e-12 * (Math.abs(left) + Math.abs(right)) ? 0 : left - right;
}

function meetingPoint(a: Edge, b: Edge): Position {
  const [from, to] = [side(b.west, b.east, a.west), side(b.west, b.east, a.east)];
  const share = from / (from - to);
  const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
  return [round(a.west[0] + share * (a.east[0] - a.west[0])), round(a.west[1] + share * (a.east[1] - a.west[1]))];
}
