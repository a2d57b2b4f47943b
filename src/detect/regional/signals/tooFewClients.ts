import type { Cube } from "../../../cube/cube.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";

/**
 * Whether no country has as many clients as a regional finding takes: that there is none then means "not known", not
 * "nothing wrong". False where clients are not counted. Ends with the first country that has them.
 */
export function tooFewClients(cube: Cube, minClients = 5): boolean {
  if (!cube.settings.measures.has("clients")) return false;
  const { groups, places } = cube;
  const clients = new Map<number, DistinctSketch>();
  for (let g = 0; g < groups.length; g++) {
    const country = places.country[groups.place[g]!]!;
    if (country === 0) continue;
    const sketch = clients.get(country) ?? new DistinctSketch();
    clients.set(country, sketch);
    cube.clientsInto(g, sketch);
    if (Math.round(sketch.count()) >= minClients) return false;
  }
  return true;
}
