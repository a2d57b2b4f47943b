import { aggregateGroups, type MergedMeasures } from "./aggregateGroups.js";
import { concatSegments } from "./concatSegments.js";
import { range } from "./range.js";
import { bucketSpan, type Segment } from "./segment.js";
import { SegmentBuffer } from "./segmentBuffer.js";
import { noRoom, roomOf } from "./segmentCapacity.js";
import { segmentSlice } from "./segmentSlice.js";
import { shapeOf } from "./shapeOf.js";

/** What is summed at a time has some so many groups: few enough to take little memory, and most of it from a cache. */
const PIECE_GROUPS = 2 ** 15;

/** What the segments' numbers mean; they all number their places, clients and values alike. */
export interface SegmentNumbers extends MergedMeasures {
  /** How many places and values of each dimension there are. */
  readonly sizes: readonly number[];
}

/**
 * One segment with the groups of several, at least one. Logs come nearly in order of time, so most buckets are in one
 * segment alone: their groups are copied as they are, and only those of the others are brought together, some buckets at a
 * time.
 */
export function compactSegments(segments: readonly Segment[], numbers: SegmentNumbers): Segment {
  if (segments.length === 1) return segments[0]!;
  const parts = stretches(segments).flatMap(pieces);
  const shape = shapeOf(segments);
  const firstBucket = parts[0]!.from;
  const joined = new SegmentBuffer(shape, firstBucket, roomOf(segments));
  // The same memory for each piece.
  const together = new SegmentBuffer(shape, firstBucket, noRoom(shape.schema));
  for (const { from, to, members } of parts) {
    const slices = members.map((segment) => bucketSlice(segment, from, to)).filter(({ length }) => length > 0);
    if (slices.length === 1) joined.append(slices[0]!);
    else if (slices.length > 1) {
      together.begin(from);
      for (const slice of slices) together.append(slice);
      joined.append(summed(together.view(), numbers));
    }
  }
  return joined.view();
}

/** Buckets [from, to), counted from 1970, and the segments that may have some of them. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly members: readonly Segment[];
}

/** Cuts time wherever a segment begins or ends; neighbours that are shared are one stretch. */
function stretches(segments: readonly Segment[]): Stretch[] {
  const spans = segments.map((segment) => ({ segment, from: segment.firstBucket, to: endBucket(segment) }));
  const cuts = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const found: Stretch[] = [];
  for (let c = 0; c + 1 < cuts.length; c++) {
    const [from, to] = [cuts[c]!, cuts[c + 1]!];
    const members = spans.filter((span) => span.from <= from && span.to >= to).map(({ segment }) => segment);
    const last = found.at(-1);
    if (members.length > 1 && last && last.members.length > 1 && last.to === from)
      found[found.length - 1] = { from: last.from, to, members: [...new Set([...last.members, ...members])] };
    else if (members.length > 0) found.push({ from, to, members });
  }
  return found;
}

/** Cuts a stretch into parts of some {@link PIECE_GROUPS}, or of a bucket that has more. */
function pieces({ from, to, members }: Stretch): Stretch[] {
  if (members.length === 1) return [{ from, to, members }];
  const found: Stretch[] = [];
  let begin = from;
  let groups = 0;
  for (const [b, count] of groupsByBucket(members, from, to).entries()) {
    if (groups > 0 && groups + count > PIECE_GROUPS) {
      found.push({ from: begin, to: from + b, members });
      begin = from + b;
      groups = 0;
    }
    groups += count;
  }
  found.push({ from: begin, to, members });
  return found;
}

/** How many groups segments have together in each of the buckets [from, to), counted from 1970. */
function groupsByBucket(segments: readonly Segment[], from: number, to: number): Uint32Array {
  const counts = new Uint32Array(to - from);
  for (const segment of segments) {
    const { bucket, firstBucket } = bucketSlice(segment, from, to);
    for (let g = 0; g < bucket.length; g++) counts[bucket[g]! + firstBucket - from]!++;
  }
  return counts;
}

/** One more than the last bucket, counted from 1970. */
export const endBucket = ({ firstBucket, bucket, length }: Segment): number => firstBucket + bucket[length - 1]! + 1;

/** The groups of buckets [from, to), counted from 1970, as views. */
export function bucketSlice(segment: Segment, from: number, to: number): Segment {
  const { firstBucket } = segment;
  return segmentSlice(segment, groupAt(segment, from - firstBucket), groupAt(segment, to - firstBucket));
}

/** The first group of a bucket or one after it. */
export function groupAt({ bucket, length }: Pick<Segment, "bucket" | "length">, wanted: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bucket[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * {@link compactSegments} for groups in any order: sums all that are equal.
 *
 * @param firstBucket - bucket 0 of the result, counted from 1970; default the first of the segments' own
 */
export function regroupTogether(segments: readonly Segment[], numbers: SegmentNumbers, firstBucket?: number): Segment {
  return summed(concatSegments(segments, firstBucket), numbers);
}

/** Sums the groups that are equal. */
function summed(segment: Segment, numbers: SegmentNumbers): Segment {
  return aggregateGroups(segment, numbers, {
    keys: segment,
    rows: range(segment.length),
    sizes: [bucketSpan(segment), ...numbers.sizes],
    firstBucket: segment.firstBucket,
  });
}
