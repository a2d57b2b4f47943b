import type { CubeParts } from "../cubeParts.js";
import { keptMeasures } from "../measures/measures.js";
import type { MergedMeasures } from "../segments/aggregateGroups.js";

/** What the states of a cube are merged by. */
export function mergedOf({ settings, clients }: Pick<CubeParts, "settings" | "clients">): MergedMeasures {
  return { measures: keptMeasures(settings), clients };
}
