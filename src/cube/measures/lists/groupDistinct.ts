import { DistinctSketch } from "../../../stats/distinctSketch.js";
import type { RowOrder } from "../../segments/sortGroupBy.js";
import type { ListColumns } from "../state/stateSchema.js";

/**
 * Distinct clients or users of several groups together, for many such sums; see `groupQuantiles`.
 *
 * @param addTo - adds a group's to a sketch
 */
export function groupDistinct(
  { start, sketches }: ListColumns,
  sums: RowOrder,
  addTo: (group: number, sketch: DistinctSketch) => void,
): Float64Array {
  const counts = new Float64Array(sums.groups);
  const sketch = new DistinctSketch();
  for (let s = 0; s < sums.groups; s++) {
    const from = sums.starts[s]!;
    const to = sums.starts[s + 1]!;
    const only = sums.order[from]!;
    if (to - from === 1 && !sketches?.has(only)) counts[s] = start[only + 1]! - start[only]!;
    else {
      sketch.clear();
      for (let k = from; k < to; k++) addTo(sums.order[k]!, sketch);
      counts[s] = sketch.count();
    }
  }
  return counts;
}
