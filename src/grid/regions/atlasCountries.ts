import type { Geometry, MultiPolygon } from "geojson";
import { iso31661NumericToAlpha2 } from "iso-3166";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Ring } from "../outlines/ringsToMultiPolygon.js";
import { type CountryAtlas, readAtlas } from "./countryAtlas.js";
import type { Shape } from "./shapeEdges.js";

/** A country of the map and its polygons, which may run across the antimeridian. */
export interface AtlasCountry {
  /** ISO 3166-1 alpha-2; the empty string where ISO has none (the Siachen Glacier, the Indian Ocean Territories). */
  readonly code: string;
  /** The map's own name. */
  readonly name: string;
  readonly shape: Shape;
}

/** The countries of a map, in its order; the default is world-atlas's `countries-50m`; in a browser there is none, and `no-atlas` is thrown. */
export function atlasCountries(atlas: CountryAtlas = readAtlas()): AtlasCountry[] {
  const topology = atlas as unknown as Topology;
  const { features } = feature(topology, topology.objects.countries as GeometryCollection<{ name: string }>);
  return features.map(({ id, properties: { name }, geometry }) => ({
    code: iso31661NumericToAlpha2[String(id ?? "").padStart(3, "0")] ?? UNNUMBERED[name] ?? "",
    name,
    shape: shapeOf(geometry),
  }));
}

/** Areas that the map draws on their own and ISO 3166-1 does not number. */
const UNNUMBERED: Readonly<Record<string, string>> = { Kosovo: "XK", Somaliland: "SO", "N. Cyprus": "CY" };

function shapeOf(geometry: Geometry): Shape {
  if (geometry.type === "Polygon") return [geometry.coordinates as unknown as Ring[]];
  return (geometry as MultiPolygon).coordinates as unknown as Ring[][];
}
