import { cubeError } from "../errors.js";
import type { MeasureContext } from "../measures/measure.js";
import { statesOf } from "../measures/measures.js";
import type { MergedMeasures } from "./aggregateGroups.js";
import type { Segment } from "./segment.js";

/** What the numbers of a segment must stay below. */
export interface SegmentLimits extends Pick<MeasureContext, "clients">, Pick<MergedMeasures, "measures"> {
  readonly places: number;
  /** Values of each dimension. */
  readonly values: readonly number[];
}

/** Throws `bad-cube-file` unless a segment that came from outside is one that a cube could have made. */
export function checkSegment(segment: Segment, limits: SegmentLimits): void {
  checkKeys(segment, limits);
  for (const measure of statesOf(limits.measures, segment.schema.isWeighted)) {
    const reason = measure.check(segment, limits);
    if (reason !== null) throw cubeError("bad-cube-file", { reason });
  }
}

function checkKeys({ bucket, place, codes, length }: Segment, limits: SegmentLimits): void {
  const columns = [bucket, place, ...codes];
  const sizes = [2 ** 32, limits.places, ...limits.values];
  for (let g = 0; g < length; g++) {
    let ascends = g === 0;
    for (let c = 0; c < columns.length; c++) {
      const value = columns[c]![g]!;
      must(value < sizes[c]!, "a group has an unknown place or value");
      if (ascends) continue;
      const before = columns[c]![g - 1]!;
      must(value >= before, "groups are out of order");
      ascends = value > before;
    }
    must(ascends, "a group occurs twice");
  }
}

function must(holds: boolean, reason: string): void {
  if (!holds) throw cubeError("bad-cube-file", { reason });
}
