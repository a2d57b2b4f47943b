import type { Cube } from "../cube/cube.js";
import { codeFilters, selectGroups, type Where } from "../pivot/where.js";
import type { Window } from "./explainWindow.js";

/**
 * How many events come together: the mean size of the cluster that an event lies in, sum n² / sum n over clusters of n
 * events of one client in one window (errors), or in one bucket of it (requests). It is the dispersion of a compound Poisson
 * process, as requests of a visit or failures of one broken client are not independent.
 *
 * The largest cluster of each window is left out: one client must not hide what happened to the others.
 */
export function clientClusters(
  cube: Cube,
  sides: readonly { readonly windows: readonly Window[]; readonly where: Where }[],
  what: "errors" | "count",
): number {
  let [events, squares] = [0, 0];
  for (const { windows, where } of sides) {
    const filters = codeFilters(cube, where, null);
    for (const { fromMs, toMs } of windows) {
      let largest = 0;
      const step = what === "errors" ? toMs - fromMs : cube.bucketMs;
      for (let from = fromMs; from < toMs; from += step) {
        const groups = selectGroups(cube, filters, from, Math.min(from + step, toMs));
        for (const client of cube.topClients(groups, Number.POSITIVE_INFINITY)) {
          events += client[what];
          squares += client[what] ** 2;
          largest = Math.max(largest, client[what]);
        }
      }
      events -= largest;
      squares -= largest ** 2;
    }
  }
  return events > 0 ? Math.max(1, squares / events) : 1;
}
