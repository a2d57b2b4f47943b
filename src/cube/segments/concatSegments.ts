import type { Segment } from "./segment.js";
import { SegmentBuffer } from "./segmentBuffer.js";
import { roomOf } from "./segmentCapacity.js";
import { shapeOf } from "./shapeOf.js";

/**
 * Puts segments, or slices of some, one behind the other as they are: groups that several of them have stay apart, so the
 * result is fit for `aggregateGroups` only. All must have the same dimensions and number their places, clients and values alike.
 *
 * @param firstBucket - bucket 0 of the result, counted from 1970; default the first of the segments' own
 */
export function concatSegments(
  segments: readonly Segment[],
  firstBucket = Math.min(...segments.map((segment) => segment.firstBucket)),
): Segment {
  const all = new SegmentBuffer(shapeOf(segments), firstBucket, roomOf(segments));
  for (const segment of segments) all.append(segment);
  return all.view();
}
