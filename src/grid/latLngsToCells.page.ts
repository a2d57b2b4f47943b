import { optionError } from "../core/options/optionError.js";

/** Stands for `latLngsToCells.ts` where a page has saved cubes, whose places have their cells: h3-js is not in it. */
export function latLngsToCellHalves(): never {
  throw optionError("not-in-browser", {
    call: "adding events to a cube",
    instead: "build it with geopivot and load what it saves",
  });
}
