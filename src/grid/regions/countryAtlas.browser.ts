import { gridError } from "../errors.js";
import type { CountryAtlas } from "./countryAtlas.js";

/** Stands for `countryAtlas.ts` in the browser's build, which carries no map: throws `no-atlas`. */
export function readAtlas(): CountryAtlas {
  throw gridError("no-atlas", {});
}
