import { createRequire } from "node:module";

/** TopoJSON with an object `countries` of polygons, numbered by ISO 3166-1 and named, as world-atlas publishes it. */
export interface CountryAtlas {
  readonly type: "Topology";
  readonly arcs: unknown;
  readonly objects: { readonly countries: unknown };
}

/** The atlas that is installed beside geopivot: world-atlas's `countries-50m`. */
export function readAtlas(): CountryAtlas {
  return createRequire(import.meta.url)("world-atlas/countries-50m.json") as CountryAtlas;
}
