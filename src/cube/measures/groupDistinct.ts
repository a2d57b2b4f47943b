import { DistinctSketch } from "../../stats/distinctSketch.js";
import type { Cube } from "../cube.js";
import type { RowOrder } from "../segments/sortGroupBy.js";

/** Distinct clients or users of several groups together, for many such sums; see `groupQuantiles`. */
export function groupDistinct(cube: Cube, sums: RowOrder, of: "clients" | "users"): Float64Array {
  const counts = new Float64Array(sums.groups);
  const store = cube.segment[of];
  const sketch = new DistinctSketch();
  for (let s = 0; s < sums.groups; s++) {
    const from = sums.starts[s]!;
    const to = sums.starts[s + 1]!;
    const only = sums.order[from]!;
    if (to - from === 1 && !store.sketches.has(only)) counts[s] = store.start[only + 1]! - store.start[only]!;
    else {
      sketch.clear();
      for (let k = from; k < to; k++) {
        if (of === "clients") cube.clientsInto(sums.order[k]!, sketch);
        else cube.usersInto(sums.order[k]!, sketch);
      }
      counts[s] = sketch.count();
    }
  }
  return counts;
}
