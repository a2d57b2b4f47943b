declare module "d3-geo-voronoi" {
  import type { FeatureCollection, Polygon } from "geojson";

  /** The part of the library's interface that is used; it has no types of its own. */
  export function geoVoronoi(points: readonly (readonly [lon: number, lat: number])[]): {
    polygons(): FeatureCollection<Polygon>;
  };
}
