import { itemCount, listOf, type StateSchema } from "../measures/state/stateSchema.js";
import type { Segment } from "./segment.js";

/** How many groups, and how many items of each of their lists, there is room for. */
export interface SegmentCapacity {
  readonly groups: number;
  /** In the order of the schema's lists. */
  readonly items: readonly number[];
}

/** No room for anything. */
export function noRoom({ lists }: StateSchema): SegmentCapacity {
  return { groups: 0, items: lists.map(() => 0) };
}

/** The room that some segments, or slices of some, take together; at least one. */
export function roomOf(segments: readonly Segment[]): SegmentCapacity {
  const sum = (of: (segment: Segment) => number): number => segments.reduce((total, segment) => total + of(segment), 0);
  return {
    groups: sum((segment) => segment.length),
    items: segments[0]!.schema.lists.map((list) => sum((segment) => itemCount(listOf(segment, list)))),
  };
}

/** So many times the room. */
export function scaledRoom({ groups, items }: SegmentCapacity, factor: number): SegmentCapacity {
  return { groups: Math.ceil(factor * groups), items: items.map((rows) => Math.ceil(factor * rows)) };
}
