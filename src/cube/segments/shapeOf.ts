import type { Segment } from "./segment.js";
import type { SegmentShape } from "./segmentColumns.js";

/** The columns that segments have together, at least one: weighted if any of them is. */
export function shapeOf(segments: readonly Segment[]): SegmentShape {
  const { schema, codes } = segments.find((segment) => segment.schema.isWeighted) ?? segments[0]!;
  return { dimensions: codes.length, schema };
}
