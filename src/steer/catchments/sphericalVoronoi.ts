import { geoVoronoi } from "d3-geo-voronoi";
import type { MultiPolygon } from "geojson";
import { greatCircleEdges } from "../../grid/greatCircleEdges.js";
import { type Position, ringsToMultiPolygon } from "../../grid/outlines/ringsToMultiPolygon.js";

/** Degrees, some 100 m, by which points are moved apart: the library fails on points of one great circle. */
const APART = 1e-3;
const WORLD: MultiPolygon = {
  type: "MultiPolygon",
  coordinates: [
    [
      [
        [-180, -90],
        [180, -90],
        [180, 90],
        [-180, 90],
        [-180, -90],
      ],
    ],
  ],
};

/**
 * The part of the Earth that is nearer to each point than to any other: spherical Voronoi cells, RFC 7946. Of points at
 * the same coordinates, the first has the cell and the others none.
 */
export function sphericalVoronoi(points: readonly { readonly lat: number; readonly lon: number }[]): MultiPolygon[] {
  const keys = points.map(({ lat, lon }) => `${lat} ${lon}`);
  const distinct = points.map((_, i) => i).filter((i) => keys.indexOf(keys[i]!) === i);
  const out = points.map((): MultiPolygon => ({ type: "MultiPolygon", coordinates: [] }));
  if (distinct.length === 1) return out.map((none, i) => (i === 0 ? WORLD : none));
  const moved = distinct.map((i): [number, number] => {
    const { lat, lon } = points[i]!;
    const nearPole = Math.abs(lat) > 89 ? -Math.sign(lat) * APART : 0;
    return [lon + APART * Math.sin(12.9898 * (i + 1)), lat + nearPole + APART * Math.sin(78.233 * (i + 1))];
  });
  geoVoronoi(moved)
    .polygons()
    .features.forEach(({ geometry }, at) => {
      // The library's rings run clockwise.
      const ring = geometry.coordinates[0]!.slice(1)
        .reverse()
        .map(([lon, lat]): Position => [lon!, lat!]);
      out[distinct[at]!] = { type: "MultiPolygon", coordinates: ringsToMultiPolygon([greatCircleEdges(ring)]) };
    });
  return out;
}
