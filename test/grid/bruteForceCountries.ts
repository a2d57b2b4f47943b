import { createRequire } from "node:module";
import type { MultiPolygon, Polygon } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { greatCircleKm } from "../../src/grid/distance.js";

const atlas = createRequire(import.meta.url)("world-atlas/countries-50m.json") as Topology;
const features = feature(atlas, atlas.objects.countries as GeometryCollection<{ name: string }>).features;
/** Every edge of every country, flat: lon, lat, lon, lat, country; twice where it crosses the antimeridian. */
const edges = Float64Array.from(
  features.flatMap(({ geometry }, country) => {
    const { type, coordinates } = geometry as Polygon | MultiPolygon;
    const rings = (type === "Polygon" ? coordinates : coordinates.flat()) as number[][][];
    return rings.flatMap((ring) =>
      ring.slice(1).flatMap(([x2, y2], i) => {
        const [x1, y1] = ring[i] as [number, number];
        if (Math.abs(x2! - x1) <= 180) return [x1, y1, x2!, y2!, country];
        const [west, east] = x1 < 0 ? [x1, x2! - 360] : [x1 - 360, x2!];
        return [west, y1, east, y2!, country, west + 360, y1, east + 360, y2!, country];
      }),
    );
  }),
);

/** The countries whose edges are crossed an odd number of times on the way north, to a pole that belongs to none. */
export function countryByBruteForce(lat: number, lon: number): number {
  const x = lon >= 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
  const crossed = new Uint8Array(features.length);
  for (let e = 0; e < edges.length; e += 5) {
    const [x1, x2] = [edges[e]!, edges[e + 2]!];
    if (x1 > x === x2 > x) continue;
    if (edges[e + 1]! + ((x - x1) / (x2 - x1)) * (edges[e + 3]! - edges[e + 1]!) > lat) crossed[edges[e + 4]!]! ^= 1;
  }
  return crossed.indexOf(1);
}

/** The country of the edge that is nearest of all, and how near, on the plane that touches the Earth at the point. */
export function nearestByBruteForce(lat: number, lon: number): { country: number; km: number } {
  const best = { country: -1, km: Number.POSITIVE_INFINITY };
  const kmPerDegree = greatCircleKm(0, 0, 0, 1);
  for (let e = 0; e < edges.length; e += 5) {
    const east = (x: number) => x * Math.cos((lat * Math.PI) / 180);
    const x1 = turned(edges[e]! - lon);
    const [ax, ay] = [east(x1), edges[e + 1]! - lat];
    const [dx, dy] = [east(edges[e + 2]! - edges[e]!), edges[e + 3]! - edges[e + 1]!];
    const t = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
    const km = kmPerDegree * Math.hypot(ax + t * dx, ay + t * dy);
    if (km < best.km) [best.km, best.country] = [km, edges[e + 4]!];
  }
  return best;
}

/** A difference of longitudes in [-180, 180). */
const turned = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;
