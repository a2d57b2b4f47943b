import { optionError } from "../../core/options/optionError.js";

/** Stands for `findSuspicious.ts` where a page has saved cubes, which keep no events. */
export function findSuspicious(): never {
  throw optionError("not-in-browser", {
    call: "the option events of detect",
    instead: "give it the findings of geopivot as found",
  });
}
