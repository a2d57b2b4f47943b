import type { StateSchema } from "../measures/state/stateSchema.js";
import { weights } from "../measures/weights.js";
import type { Segment } from "./segment.js";
import type { SegmentCapacity } from "./segmentCapacity.js";
import { copiedTo, type SegmentColumns } from "./segmentColumns.js";

/** The same columns, with fractions in the counts and what is kept of weights beside them. */
export function weightedSchema(schema: StateSchema): StateSchema {
  return { ...schema, columns: { ...schema.columns, ...weights.columns }, isWeighted: true };
}

/** A segment as part of a weighted one: where every row is one request, squares of weights add up to requests. */
export function weightedSegment(segment: Segment): Segment {
  if (segment.schema.isWeighted) return segment;
  return { ...segment, squares: Float64Array.from(segment.count), schema: weightedSchema(segment.schema) };
}

/** {@link weightedSegment} for columns with room: copies what is used to `wide`. */
export function weightedColumns(columns: SegmentColumns, wide: SegmentColumns, used: SegmentCapacity): SegmentColumns {
  copiedTo(wide.groups, columns.groups, used.groups + 1);
  for (const [l, items] of columns.items.entries()) copiedTo(wide.items[l]!, items, used.items[l]!);
  wide.groups.squares!.set(columns.groups.count!.subarray(0, used.groups));
  return wide;
}
