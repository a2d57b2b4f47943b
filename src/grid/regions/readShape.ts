import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon } from "geojson";
import { gridError } from "../errors.js";
import type { Position, Ring } from "../outlines/ringsToMultiPolygon.js";
import { ringCrossing } from "./ringCrossing.js";
import type { Shape } from "./shapeEdges.js";

/** GeoJSON that bounds an area. */
export type AreaGeoJson =
  | Polygon
  | MultiPolygon
  | Feature<Polygon | MultiPolygon>
  | FeatureCollection<Polygon | MultiPolygon>;

/**
 * The polygons of a GeoJSON object: a Polygon, a MultiPolygon, or features of them.
 *
 * A step between neighbouring points of more than 180° of longitude is taken the short way, across the antimeridian,
 * as most tools draw it; except a step of exactly 360°, from -180 to 180 or back, which runs once around the Earth.
 *
 * @param name - what the caller knows the object by, for the error
 *
 * Throws `bad-geojson` where it is none of these, or holds a ring of fewer than three points or a point off the Earth;
 * `self-crossing` where a ring crosses itself, so that nobody can say what is inside. A ring may touch itself.
 */
export function readShape(value: unknown, name: string): Shape {
  const geometries = geometriesOf(value as AreaGeoJson);
  if (geometries === null || geometries.length === 0) throw gridError("bad-geojson", { name, reason: NO_AREA });
  return geometries.flatMap((geometry) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    if (!Array.isArray(polygons)) throw gridError("bad-geojson", { name, reason: "its coordinates are no list" });
    return polygons.map((polygon) => readPolygon(polygon, name));
  });
}

const NO_AREA = "it is no Polygon or MultiPolygon, nor features of them";

function geometriesOf(value: AreaGeoJson | Geometry | null | undefined): (Polygon | MultiPolygon)[] | null {
  if (value?.type === "Polygon" || value?.type === "MultiPolygon") return [value];
  if (value?.type === "Feature") return geometriesOf(value.geometry);
  if (value?.type !== "FeatureCollection" || !Array.isArray(value.features)) return null;
  const each = value.features.map((feature) => geometriesOf(feature));
  return each.every((geometries) => geometries !== null) ? each.flat() : null;
}

function readPolygon(polygon: unknown, name: string): Ring[] {
  if (!Array.isArray(polygon) || polygon.length === 0)
    throw gridError("bad-geojson", { name, reason: "a polygon has no ring" });
  return polygon.map((ring) => readRing(ring, name));
}

function readRing(ring: unknown, name: string): Ring {
  const points = Array.isArray(ring) ? ring.map((point) => readPosition(point, name)) : [];
  const first = points[0];
  const last = points[points.length - 1];
  if (points.length > 1 && first![0] === last![0] && first![1] === last![1]) points.pop();
  if (points.length < 3) throw gridError("bad-geojson", { name, reason: "a ring has fewer than three points" });
  const whole = points.flatMap((point, i) => {
    const next = points[(i + 1) % points.length]!;
    // Once around the Earth: a point half-way keeps both steps from being taken for none.
    return Math.abs(next[0] - point[0]) === 360 ? [point, [0, (point[1] + next[1]) / 2] as const] : [point];
  });
  const crossing = ringCrossing(whole);
  if (crossing !== null) throw gridError("self-crossing", { name, lon: crossing[0], lat: crossing[1] });
  return whole;
}

function readPosition(point: unknown, name: string): Position {
  const [lon, lat] = Array.isArray(point) ? (point as unknown[]) : [];
  if (typeof lon === "number" && typeof lat === "number" && Number.isFinite(lon) && Math.abs(lat) <= 90)
    return [lon, lat];
  throw gridError("bad-geojson", { name, reason: `${JSON.stringify(point)} is not a longitude and a latitude` });
}
