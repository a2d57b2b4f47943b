import { createRequire } from "node:module";
import { join } from "node:path";

/** TopoJSON with an object `countries` of polygons, numbered by ISO 3166-1 and named, as world-atlas publishes it. */
export interface CountryAtlas {
  readonly type: "Topology";
  readonly arcs: unknown;
  readonly objects: { readonly countries: unknown };
}

/** The atlas that is installed beside geopivot: world-atlas's `countries-50m`. */
export function readAtlas(): CountryAtlas {
  // esbuild leaves the URL out of CommonJS: what is installed where the process runs serves then.
  return createRequire(import.meta.url || join(process.cwd(), "x"))("world-atlas/countries-50m.json") as CountryAtlas;
}
